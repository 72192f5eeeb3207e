"""X: a post, looked for before it is sent again; a refusal of “duplicate content” is a reason to look.

A post with a link in it costs many times one without, so links are left out unless the account wants them.
OAuth 1.0a, whose tokens do not run out: those of OAuth 2.0 last two hours, and each renewal ends the one before.
Source: X API v2, “Create Post”, “Upload media”, “Media metadata”, “User Posts timeline”; RFC 5849 for signatures.
"""

import hashlib
import hmac
import secrets as chance
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qsl, quote, urlencode

from lotto.door import Answer
from lotto.publisher.asking import Api, Body, as_json, refusal
from lotto.publisher.counting import LINK, weighted
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
    Unknown,
)
from lotto.publisher.timing import Rate

ALT = 1_000
"""Characters of a picture's description."""

PAGES = 10
"""Pages of a hundred posts that are looked through for one, at the most."""

_OUT = ("not permitted", "subset of", "suspended", "oauth1")
"""Words of refusals that hold for every post."""


class XFacts(AtServer, kw_only=True):
    """With `links`, posts keep their links; `server` is another one than X's for practice."""

    links: bool = False
    server: str = "https://api.x.com"

    def open(self, name: str, secrets: Mapping[str, str], outside: Outside) -> "X":
        return X(self.server, secrets, outside, links=self.links)


class X(Network):
    """An account, by an app that may read and write for it."""

    guard = Guard.LOOK_BACK
    rates = (Rate(100, timedelta(minutes=15)), Rate(10_000, timedelta(days=1)))
    """Source: docs.x.com, “Rate limits”, POST /2/tweets: by user, and by app."""
    lag = 10.0
    longest = 280
    images = Images(bytes=5_000_000)
    carousel = 4
    alt_text = True
    credentials: ClassVar[Mapping[str, str]] = {
        "consumer_key": "The app's API key (Developer Console, Keys and tokens, Consumer keys).",
        "consumer_secret": "The app's API key secret, shown beside it.",
        "access_token": "The account's access token, made after the app was given permission to read and write.",
        "access_token_secret": "The access token's secret, shown beside it.",
    }
    facts = XFacts

    def __init__(self, server: str, secrets: Mapping[str, str], outside: Outside, *, links: bool = False) -> None:
        self._server = server.rstrip("/")
        self._secrets = secrets
        self._links = links
        self._clock = outside.clock
        self._api = Api(outside.door, self._server, {}, _objection, tuple(secrets.values()))
        self._me: Mapping[str, str] | None = None

    @classmethod
    def length(cls, text: str) -> int:
        """Weighted characters: a link 23, an emoji 2, Chinese, Japanese and Korean 2 each, most others 1."""
        return weighted(text)

    async def check(self) -> str:
        self._me = None
        me = await self._who()
        return f"@{me['username']} may be posted for; whether posts may be written, shows the first."

    async def post(self, sheet: Sheet) -> Posted:
        return await self._send(sheet, {})

    async def follow_up(self, remote_id: str, sheet: Sheet) -> Posted:
        return await self._send(sheet, {"reply": {"in_reply_to_tweet_id": remote_id}})

    async def remove(self, remote_id: str, sheet: Sheet) -> Posted:
        await self._ask("DELETE", f"2/tweets/{quote(remote_id)}", harmless=True, also=(404,))
        return Posted(remote_id)

    async def find(self, sheet: Sheet) -> Posted | None:
        me, said = await self._who(), self._said(sheet)
        since = sheet.since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        query = {"max_results": "100", "tweet.fields": "created_at,entities", "start_time": since}
        for _ in range(PAGES):
            page = await self._ask("GET", f"2/users/{me['id']}/tweets?{urlencode(query)}", harmless=True)
            for one in page.get("data", []):
                if _as_written(one).split() == said.split():
                    return self._posted(one["id"], me)
            if "next_token" not in page["meta"]:
                return None
            query["pagination_token"] = page["meta"]["next_token"]
        raise OutOfSight(PAGES * 100)

    async def _send(self, sheet: Sheet, more: Mapping[str, Any]) -> Posted:
        wish: dict[str, Any] = {"text": self._said(sheet), **more}
        if sheet.image is not None:
            wish["media"] = {"media_ids": [await self._upload(one, image) for one, image in sheet.pictures]}
        return self._posted((await self._ask("POST", "2/tweets", as_json(wish)))["data"]["id"], self._me)

    async def _upload(self, sheet: Sheet, image: bytes) -> str:
        media = {"media": b64encode(image).decode(), "media_category": "tweet_image", "media_type": sheet.media}
        told = await self._ask("POST", "2/media/upload", as_json(media), harmless=True)
        found = str(told["data"]["id"])
        words = {"id": found, "metadata": {"alt_text": {"text": sheet.alt[:ALT]}}}
        if sheet.alt:
            await self._ask("POST", "2/media/metadata", as_json(words), harmless=True)
        return found

    def _said(self, sheet: Sheet) -> str:
        """The text without the lines that are but a link, unless the account pays for links."""
        lines = sheet.text.splitlines()
        return sheet.text if self._links else "\n".join(line for line in lines if not LINK.fullmatch(line))

    async def _who(self) -> Mapping[str, str]:
        if self._me is None:
            self._me = (await self._ask("GET", "2/users/me", harmless=True))["data"]
        return self._me

    def _posted(self, found: str, me: Mapping[str, str] | None) -> Posted:
        return Posted(found, f"https://x.com/{me['username'] if me else 'i'}/status/{found}")

    async def _ask(
        self, method: str, path: str, body: Body | None = None, *, harmless: bool = False, also: Sequence[int] = ()
    ) -> Any:
        address = f"{self._server}/{path}"
        headers = {"Authorization": signature(method, address, self._secrets, self._clock(), chance.token_hex(16))}
        return await self._api.call(method, address, body, headers=headers, harmless=harmless, also=also)


def signature(method: str, address: str, secrets: Mapping[str, str], at: datetime, nonce: str) -> str:
    """The Authorization header of a request whose body is no form (RFC 5849, HMAC-SHA1)."""
    base, _, query = address.partition("?")
    ours = {
        "oauth_consumer_key": secrets["consumer_key"],
        "oauth_nonce": nonce,
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(int(at.timestamp())),
        "oauth_token": secrets["access_token"],
        "oauth_version": "1.0",
    }
    pairs = sorted((_coded(key), _coded(value)) for key, value in [*ours.items(), *parse_qsl(query, True)])
    told = "&".join(map(_coded, (method, base, "&".join(f"{key}={value}" for key, value in pairs))))
    key = f"{_coded(secrets['consumer_secret'])}&{_coded(secrets['access_token_secret'])}"
    drawn = b64encode(hmac.new(key.encode(), told.encode(), hashlib.sha1).digest()).decode()
    return "OAuth " + ", ".join(f'{key}="{_coded(one)}"' for key, one in {**ours, "oauth_signature": drawn}.items())


def _coded(text: str) -> str:
    return quote(text, safe="-._~")


def _as_written(post: Mapping[str, Any]) -> str:
    """The text as it was sent: X puts short links in the place of ours, and one at the end for the picture."""
    text = str(post["text"])
    for link in post.get("entities", {}).get("urls", []):
        picture = "/photo/" in link.get("expanded_url", "")
        text = text.replace(link["url"], "" if picture else link["expanded_url"])
    return text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")


def _objection(answer: Answer, told: Any) -> Exception | None:
    if 200 <= answer.status < 300:
        return None
    words = str(told.get("detail") or told.get("title") or "") if isinstance(told, dict) else ""
    if answer.status == 403 and "duplicate content" in words:
        return Unknown("X says that a post of these words stands already.")
    if answer.status == 402 or (answer.status == 403 and any(word in words for word in _OUT)):
        return Barred(f"X does not let the app write: {words}")
    if answer.status == 403:
        return Refused(f"X refused: {words}")
    return refusal("X", answer, words)
