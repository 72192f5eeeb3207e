"""Pinterest: a pin on a board, looked for before it is sent again.

A pin is a picture; there is none without. Its words can be edited but not its picture, so a correction is another pin.
Source: Pinterest API v5, “Create Pin”, “List Pins on board”, “Refresh an access token”.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from lotto.door import Answer
from lotto.publisher.asking import Api, Body, as_form, as_json, refusal
from lotto.publisher.counting import LINK
from lotto.publisher.dialects.token import Token
from lotto.publisher.networks.network import (
    AtServer,
    Guard,
    Images,
    Network,
    OutOfSight,
    Outside,
    Posted,
    Refused,
    Sheet,
)
from lotto.publisher.timing import Rate

TITLE = 100
"""Characters of a title."""

ALT = 500
"""Characters of a picture's description."""

PAGES = 10
"""Pages of two hundred and fifty pins that are looked through for one, at the most."""


class PinterestFacts(AtServer, kw_only=True):
    """`board` is the board's id, a number; `server` another one than Pinterest's for practice."""

    board: str
    server: str = "https://api.pinterest.com"

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from super().faults()
        if not self.board.isdigit():
            yield "board", f"“{self.board}” is not a board's id; it is a number."

    def open(self, name: str, secrets: Mapping[str, str], outside: Outside) -> "Pinterest":
        return Pinterest(self.server, self.board, secrets, outside)


class Pinterest(Network):
    """A board."""

    pictures_only = True
    guard = Guard.LOOK_BACK
    rates = (Rate(900, timedelta(days=1)),)
    """Source: developers.pinterest.com, “Rate limits”: 1,000 requests a day in trial access, the least there is. A pin
    is one; the others are left for tokens and for looking."""
    lag = 10.0
    longest = 800
    images = Images(bytes=10_000_000, media=frozenset({"image/png", "image/jpeg"}))
    alt_text = True
    credentials: ClassVar[Mapping[str, str]] = {
        "app_id": "The app's id (developers.pinterest.com, My apps).",
        "app_secret": "The app's secret key.",
        "refresh_token": "A refresh token with boards:read, pins:read and pins:write.",
    }
    facts = PinterestFacts

    def __init__(self, server: str, board: str, secrets: Mapping[str, str], outside: Outside) -> None:
        self._board = board
        self._secrets = secrets
        self._clock = outside.clock
        self._api = Api(outside.door, f"{server.rstrip('/')}/v5", {}, _objection, tuple(secrets.values()))
        self._token = Token(self._renewed)
        self._ends: datetime | None = None

    async def check(self) -> str:
        board = await self._ask("GET", f"boards/{self._board}")
        return f"The board {board['name']} may be pinned to."

    async def expires(self) -> datetime | None:
        await self._token.header()
        return self._ends

    async def post(self, sheet: Sheet) -> Posted:
        if sheet.image is None:
            raise Refused("Pinterest shows no pin without a picture.")
        title, *_ = sheet.text.splitlines()
        picture = {"source_type": "image_base64", "content_type": sheet.media, "data": b64encode(sheet.image).decode()}
        wish = {
            "board_id": self._board,
            "title": title if len(title) <= TITLE else "",
            "description": sheet.text,
            "alt_text": sheet.alt[:ALT],
            "media_source": picture,
        }
        if link := LINK.search(sheet.text):
            wish["link"] = link[0]
        return _posted(await self._ask("POST", "pins", as_json(wish)))

    async def follow_up(self, remote_id: str, sheet: Sheet) -> Posted:
        """A pin of its own: there are no answers."""
        return await self.post(sheet)

    async def remove(self, remote_id: str, sheet: Sheet) -> Posted:
        await self._api.call(
            "DELETE", f"pins/{remote_id}", headers=await self._token.header(), harmless=True, also=(404,)
        )
        return Posted(remote_id)

    async def find(self, sheet: Sheet) -> Posted | None:
        mark = ""
        for _ in range(PAGES):
            page = await self._ask("GET", f"boards/{self._board}/pins?page_size=250{mark}")
            for one in page["items"]:
                if (one["description"] or "").split() == sheet.text.split():
                    return _posted(one)
                if datetime.fromisoformat(one["created_at"]).replace(tzinfo=UTC) < sheet.since:
                    return None
            if not page["bookmark"]:
                return None
            mark = f"&bookmark={page['bookmark']}"
        raise OutOfSight(PAGES * 250)

    async def _ask(self, method: str, path: str, body: Body | None = None) -> Any:
        return await self._api.call(method, path, body, headers=await self._token.header(), harmless=method == "GET")

    async def _renewed(self) -> tuple[str, float]:
        app = b64encode(f"{self._secrets['app_id']}:{self._secrets['app_secret']}".encode()).decode()
        wish = as_form({"grant_type": "refresh_token", "refresh_token": self._secrets["refresh_token"]})
        told = await self._api.call(
            "POST", "oauth/token", wish, headers={"Authorization": f"Basic {app}"}, harmless=True
        )
        if told.get("refresh_token_expires_in"):
            self._ends = self._clock() + timedelta(seconds=float(told["refresh_token_expires_in"]))
        return told["access_token"], float(told["expires_in"])


def _posted(pin: Mapping[str, Any]) -> Posted:
    return Posted(pin["id"], f"https://www.pinterest.com/pin/{pin['id']}/")


def _objection(answer: Answer, told: Any) -> Exception | None:
    if 200 <= answer.status < 300:
        return None
    words = str(told.get("message", "")) if isinstance(told, dict) else ""
    return refusal("Pinterest", answer, words)
