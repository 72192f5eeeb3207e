"""Reddit: a submission to a subreddit, looked for before it is sent again.

The title says it all, as titles cannot be edited and have 300 characters; the rest of a long text stands below it. A
picture is uploaded to a place that Reddit leases, and submitted by its address; Reddit does not answer where that
submission stands, so it is looked for. A correction is a comment.
Source: Reddit API, `POST /api/submit`, `/api/comment`, `/api/del`, `GET /user/…/submitted`; recorded exchanges.
"""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from lotto.door import Answer, Door
from lotto.publisher.asking import BREATH, Api, File, as_form, as_parts, ask, refusal
from lotto.publisher.dialects.token import Token
from lotto.publisher.networks.network import (
    Barred,
    Facts,
    Guard,
    Images,
    Network,
    OutOfSight,
    Outside,
    Posted,
    Refused,
    Sheet,
    SlowDown,
    Unknown,
)
from lotto.publisher.timing import Rate

TITLE = 300
"""Characters of a title."""

LOOKS = 6
"""How often a submission with a picture is looked for right after it was sent, two seconds apart."""

PAGES = 10
"""Pages of a hundred submissions that are looked through for one, at the most."""

_OUT = ("SUBREDDIT_NOTALLOWED", "SUBREDDIT_NOEXIST", "USER_BLOCKED", "BANNED_FROM_SUBREDDIT", "USER_REQUIRED")


class RedditFacts(Facts, kw_only=True):
    """`subreddit` is its name without r/; `server` one for practice, in the place of Reddit's two."""

    subreddit: str
    server: str = ""

    @property
    def servers(self) -> Sequence[str]:
        return (self.server,) if self.server else ("https://www.reddit.com", "https://oauth.reddit.com")

    def faults(self) -> Iterator[tuple[str, str]]:
        if self.server and not urlsplit(self.server).hostname:
            yield "server", f"“{self.server}” is not a server; leave it out."
        if not self.subreddit.replace("_", "").isalnum():
            yield "subreddit", f"“{self.subreddit}” is not a subreddit; write its name without r/."

    def open(self, name: str, secrets: Mapping[str, str], outside: Outside) -> "Reddit":
        return Reddit(self.servers, self.subreddit, secrets, outside.door)


class Reddit(Network):
    """A subreddit, as one user who may submit there."""

    guard = Guard.LOOK_BACK
    rates = (Rate(100, timedelta(minutes=10)),)
    """Source: support.reddithelp.com, “Reddit Data API Wiki”: 100 queries a minute, averaged over ten minutes; a
    submission with its picture takes up to ten. Subreddits have limits of their own, which they tell."""
    lag = 10.0
    longest = 3_000
    images = Images(bytes=20_000_000, media=frozenset({"image/png", "image/jpeg"}))
    credentials: ClassVar[Mapping[str, str]] = {
        "client_id": "The app's id, below its name at reddit.com/prefs/apps.",
        "client_secret": "The app's secret.",
        "refresh_token": "The user's permanent refresh token with the scopes identity, submit, edit, history and read.",
    }
    facts = RedditFacts

    def __init__(self, servers: Sequence[str], subreddit: str, secrets: Mapping[str, str], door: Door) -> None:
        self._door = door
        self._subreddit = subreddit
        self._secrets = secrets
        self._gate = Api(door, servers[0].rstrip("/"), {}, _objection, tuple(secrets.values()))
        self._api = Api(door, servers[-1].rstrip("/"), {}, _objection, tuple(secrets.values()))
        self._token = Token(self._renewed)
        self._me = ""

    async def check(self) -> str:
        me = await self._who()
        about = await self._ask("GET", f"r/{self._subreddit}/about")
        if about["data"].get("user_is_banned"):
            raise Barred(f"u/{me} is banned from r/{self._subreddit}.")
        return f"u/{me} may submit to r/{self._subreddit} as far as Reddit tells."

    async def post(self, sheet: Sheet) -> Posted:
        title, body = parts(sheet.text)
        wish = {"sr": self._subreddit, "title": title, "resubmit": "true", "sendreplies": "false", "api_type": "json"}
        if sheet.image is None:
            told = await self._submit({**wish, "kind": "self", "text": body})
            return Posted(told["name"], told["url"])
        place = await self._upload(sheet, sheet.image)
        await self._submit({**wish, "kind": "image", "url": place, "text": body})
        for _ in range(LOOKS):
            await asyncio.sleep(2.0)
            if found := await self.find(sheet):
                return found
        raise Unknown("Reddit has taken the picture and does not show it yet.")

    async def follow_up(self, remote_id: str, sheet: Sheet) -> Posted:
        wish = {"thing_id": remote_id, "text": sheet.text, "api_type": "json"}
        told = await self._ask("POST", "api/comment", wish)
        comment = told["json"]["data"]["things"][0]["data"]
        return Posted(comment["name"], f"https://www.reddit.com{comment['permalink']}")

    async def remove(self, remote_id: str, sheet: Sheet) -> Posted:
        await self._ask("POST", "api/del", {"id": remote_id}, harmless=True)
        return Posted(remote_id)

    async def find(self, sheet: Sheet) -> Posted | None:
        me = await self._who()
        title, _ = parts(sheet.text)
        path = f"user/{me}/comments" if sheet.answers else f"user/{me}/submitted"
        async for one in self._listed(path, sheet):
            if sheet.answers:
                same = one["parent_id"] == sheet.answers and one["body"].split() == sheet.text.split()
            else:
                same = one["title"] == title and one["subreddit"].lower() == self._subreddit.lower()
            if same:
                return Posted(one["name"], f"https://www.reddit.com{one['permalink']}")
        return None

    async def _listed(self, path: str, sheet: Sheet) -> AsyncIterator[Mapping[str, Any]]:
        """What the user wrote, newest first, back to where the sheet cannot stand."""
        query = "limit=100&sort=new&raw_json=1"
        after = ""
        for _ in range(PAGES):
            page = (await self._ask("GET", f"{path}?{query}{after}"))["data"]
            for one in page["children"]:
                yield one["data"]
            if not page["after"] or page["children"][-1]["data"]["created_utc"] < sheet.since.timestamp():
                return
            after = f"&after={page['after']}"
        raise OutOfSight(PAGES * 100)

    async def _submit(self, wish: Mapping[str, str]) -> Any:
        return (await self._ask("POST", "api/submit?raw_json=1", wish))["json"]["data"]

    async def _upload(self, sheet: Sheet, image: bytes) -> str:
        """Puts the picture where Reddit says, and returns its address there."""
        wish = {"filepath": sheet.file, "mimetype": sheet.media}
        lease = (await self._ask("POST", "api/media/asset.json", wish, harmless=True))["args"]
        fields = {one["name"]: one["value"] for one in lease["fields"]}
        action = lease["action"] if "://" in lease["action"] else f"https:{lease['action']}"
        body = as_parts(fields, File("file", sheet.file, image, sheet.media))
        headers = {"Content-Type": body.media}
        answer = await ask(self._door, "POST", action, headers=headers, content=body.content, harmless=True)
        if answer.status not in (200, 201, 204):
            raise refusal("Reddit", answer, "the picture was not taken")
        return f"{action}/{fields['key']}"

    async def _who(self) -> str:
        if not self._me:
            self._me = str((await self._ask("GET", "api/v1/me"))["name"])
        return self._me

    async def _ask(
        self, method: str, path: str, wish: Mapping[str, str] | None = None, *, harmless: bool = False
    ) -> Any:
        headers = await self._token.header()
        body = as_form(wish) if wish is not None else None
        return await self._api.call(method, path, body, headers=headers, harmless=harmless or method == "GET")

    async def _renewed(self) -> tuple[str, float]:
        app = b64encode(f"{self._secrets['client_id']}:{self._secrets['client_secret']}".encode()).decode()
        wish = as_form({"grant_type": "refresh_token", "refresh_token": self._secrets["refresh_token"]})
        headers = {"Authorization": f"Basic {app}"}
        told = await self._gate.call("POST", "api/v1/access_token", wish, headers=headers, harmless=True)
        return told["access_token"], float(told["expires_in"])


def parts(text: str) -> tuple[str, str]:
    """Title and body: as many of the first lines as a title holds, joined; below it the rest."""
    lines = text.splitlines()
    for count in range(len(lines), 0, -1):
        title = " · ".join(lines[:count])
        if len(title) <= TITLE and not any("://" in line for line in lines[:count]):
            return title, "\n\n".join(lines[count:])
    raise Refused(f"The first line has more than the {TITLE} characters of a title.")


def _objection(answer: Answer, told: Any) -> Exception | None:
    """Reddit says no with 200 as well, in a list of errors."""
    told = told if isinstance(told, dict) else {}
    if 200 <= answer.status < 300:
        errors = told.get("json", {}).get("errors", []) if isinstance(told.get("json"), dict) else []
        for code, words, *_ in errors:
            if code == "RATELIMIT":
                wait = float(told["json"].get("ratelimit", BREATH))
                return SlowDown(f"Reddit asks us to slow down: {words}", max(wait, 1.0))
            if code in _OUT:
                return Barred(f"Reddit does not let us submit: {words} ({code})")
            return Refused(f"Reddit refused: {words} ({code})")
        if told.get("error"):
            return Barred(f"Reddit does not take the credentials (any more): {told['error']}")
        return None
    words = str(told.get("message") or told.get("error") or "")
    if answer.status == 403 or words == "invalid_grant":
        return Barred(f"Reddit does not let us in: {words}")
    return refusal("Reddit", answer, words)
