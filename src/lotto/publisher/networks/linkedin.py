"""LinkedIn: an organization's post, looked for before it is sent again.

LinkedIn refuses the same words twice and names the post that has them; that answer is where our own post stands.
Its “little text” gives some characters a meaning, so they are escaped. A correction edits the words; the picture cannot
be another one, so a correction is a comment.
Source: LinkedIn Marketing API 202609, “Posts API”, “Images API”, “Comments API”, “little text format”.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import quote

from lotto.door import Answer, Door
from lotto.publisher.asking import Api, as_form, as_json, ask, refusal
from lotto.publisher.counting import utf16
from lotto.publisher.networks.network import (
    AtServer,
    Barred,
    Guard,
    Images,
    Network,
    OutOfSight,
    Outside,
    Posted,
    Refused,
    Sheet,
)

VERSION = "202609"
"""Of the API; LinkedIn keeps a version for a year."""

ALT = 4_086
"""Characters of a picture's description."""

PAGES = 10
"""Pages of a hundred posts that are looked through for one, at the most."""

_MEANT = re.compile(r"([\\|{}@\[\]()<>#*_~])")
_TWICE = re.compile(r"duplicate of (urn:li:(?:share|ugcPost|activity):\d+)", re.IGNORECASE)


class LinkedinFacts(AtServer, kw_only=True):
    """`organization` is the page's id, a number; `server` another one than LinkedIn's for practice."""

    organization: str
    server: str = "https://api.linkedin.com"

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from super().faults()
        if not self.organization.isdigit():
            yield "organization", f"“{self.organization}” is not a page's id; it is the number in its admin address."

    def open(self, name: str, secrets: Mapping[str, str], outside: Outside) -> "Linkedin":
        return Linkedin(self.server, self.organization, secrets, outside.door)


class Linkedin(Network):
    """An organization's page, by a token of one of its admins."""

    guard = Guard.LOOK_BACK
    # No rates: learn.microsoft.com/linkedin, “Rate Limiting”: a day's limits are shown in the Developer Portal alone.
    lag = 10.0
    longest = 3_000
    images = Images(bytes=5_000_000, media=frozenset({"image/png", "image/jpeg"}))
    alt_text = True
    credentials: ClassVar[Mapping[str, str]] = {
        "access_token": "An admin's access token (60 days) with w_organization_social and r_organization_social.",
        "client_id": "The app's client id; with it LinkedIn tells when the token ends.",
        "client_secret": "The app's client secret.",
        "refresh_token": "The refresh token (a year), where LinkedIn gives the app one; else leave it empty.",
    }
    optional = ("refresh_token",)
    facts = LinkedinFacts

    def __init__(self, server: str, organization: str, secrets: Mapping[str, str], door: Door) -> None:
        self._door = door
        self._author = f"urn:li:organization:{organization}"
        self._organization = organization
        self._secrets = secrets
        headers = {
            "Authorization": f"Bearer {secrets['access_token']}",
            "LinkedIn-Version": VERSION,
            "X-Restli-Protocol-Version": "2.0.0",
        }
        self._api = Api(door, f"{server.rstrip('/')}/rest", headers, _objection, tuple(secrets.values()))
        self._login = "https://www.linkedin.com" if server == LinkedinFacts.server else server.rstrip("/")

    @classmethod
    def length(cls, text: str) -> int:
        """Units of UTF-16 as LinkedIn is sent them: what has a meaning in its little text takes one more."""
        return utf16(_escaped(text))

    async def check(self) -> str:
        told = await self._api.get(f"organizations/{self._organization}")
        return f"The page {told['localizedName']} may be posted for."

    async def expires(self) -> datetime | None:
        asked = as_form({
            "client_id": self._secrets["client_id"],
            "client_secret": self._secrets["client_secret"],
            "token": self._secrets["access_token"],
        })  # fmt: skip
        told = await self._api.call("POST", f"{self._login}/oauth/v2/introspectToken", asked, harmless=True)
        return datetime.fromtimestamp(told["expires_at"], UTC) if told.get("expires_at") else None

    async def renew(self) -> Mapping[str, str]:
        """A token for 60 days more, where LinkedIn gave a refresh token, which lasts a year from when it was given."""
        refresh = self._secrets.get("refresh_token")
        if not refresh:
            return {}
        asked = as_form({
            "grant_type": "refresh_token",
            "refresh_token": refresh,
            "client_id": self._secrets["client_id"],
            "client_secret": self._secrets["client_secret"],
        })  # fmt: skip
        told = await self._api.call("POST", f"{self._login}/oauth/v2/accessToken", asked, harmless=True)
        return {"access_token": str(told["access_token"]), "refresh_token": str(told.get("refresh_token") or refresh)}

    async def post(self, sheet: Sheet) -> Posted:
        wish: dict[str, Any] = {
            "author": self._author,
            "commentary": _escaped(sheet.text),
            "visibility": "PUBLIC",
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        }
        if sheet.image is not None:
            picture = await self._upload(sheet.image, sheet.media)
            wish["content"] = {"media": {"id": picture, "altText": sheet.alt[:ALT]}}
        try:
            answer, _ = await self._api.answer("POST", "posts", as_json(wish))
        except _Twice as error:
            return _posted(error.urn)
        return _posted(answer.headers["x-restli-id"])

    async def follow_up(self, remote_id: str, sheet: Sheet) -> Posted:
        wish = {"actor": self._author, "object": remote_id, "message": {"text": sheet.text}}
        path = f"socialActions/{quote(remote_id, safe='')}/comments"
        answer, told = await self._api.answer("POST", path, as_json(wish))
        return Posted(str((told or {}).get("commentUrn") or answer.headers["x-restli-id"]), _posted(remote_id).url)

    async def remove(self, remote_id: str, sheet: Sheet) -> Posted:
        await self._api.delete(f"posts/{quote(remote_id, safe='')}")
        return Posted(remote_id)

    async def find(self, sheet: Sheet) -> Posted | None:
        if sheet.answers:
            return await self._find_comment(sheet, sheet.answers)
        query = {"q": "author", "author": self._author, "count": "100", "sortBy": "CREATED"}
        for start in range(0, PAGES * 100, 100):
            asked = {**query, "start": str(start)}
            told = await self._api.call(
                "GET", "posts", query=asked, headers={"X-RestLi-Method": "FINDER"}, harmless=True
            )
            page = told["elements"]
            for one in page:
                if one["commentary"].split() == _escaped(sheet.text).split():
                    return _posted(one["id"])
            if len(page) < 100 or page[-1]["createdAt"] / 1000 < sheet.since.timestamp():
                return None
        raise OutOfSight(PAGES * 100)

    async def _find_comment(self, sheet: Sheet, post: str) -> Posted | None:
        told = await self._api.get(f"socialActions/{quote(post, safe='')}/comments", {"count": "100"})
        for one in told["elements"]:
            if one["actor"] == self._author and one["message"]["text"].split() == sheet.text.split():
                return Posted(one["commentUrn"], _posted(post).url)
        return None

    async def _upload(self, image: bytes, media: str) -> str:
        wish = as_json({"initializeUploadRequest": {"owner": self._author}})
        told = (await self._api.call("POST", "images", wish, query={"action": "initializeUpload"}, harmless=True))[
            "value"
        ]
        headers = {"Authorization": f"Bearer {self._secrets['access_token']}", "Content-Type": media}
        answer = await ask(self._door, "PUT", told["uploadUrl"], headers=headers, content=image, harmless=True)
        if answer.status not in (200, 201):
            raise refusal("LinkedIn", answer, "the picture was not taken")
        return str(told["image"])


class _Twice(Refused):
    """The same words stand already, there."""

    def __init__(self, urn: str) -> None:
        super().__init__(f"LinkedIn says that these words stand already at {urn}.")
        self.urn = urn


def _escaped(text: str) -> str:
    return _MEANT.sub(r"\\\1", text)


def _posted(urn: str) -> Posted:
    return Posted(urn, f"https://www.linkedin.com/feed/update/{urn}/")


def _objection(answer: Answer, told: Any) -> Exception | None:
    if 200 <= answer.status < 300:
        return None
    words = str(told.get("message", "")) if isinstance(told, dict) else ""
    if twice := _TWICE.search(words):
        return _Twice(twice[1])
    if answer.status == 426:
        return Barred(f"LinkedIn has ended the version {VERSION} of its API: a newer Lotto is needed.")
    return refusal("LinkedIn", answer, words)
