"""Reddit's rules: a token for an hour, refusals in a list with 200, pictures at a leased place, a listing that lags.

Source: Reddit API; recordings/social/reddit.
"""

from base64 import b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lotto.replay.networks import Visible
from lotto.replay.rules.rules import Limit, Rules, parted, says, told


@dataclass
class Reddit(Rules):
    """A subreddit, and a user who may submit there."""

    limits = (Limit(1_000, timedelta(minutes=10), "request"),)
    """Source: Reddit Data API Wiki: 100 queries a minute, averaged over ten minutes."""
    subreddit: str = "lotto"
    client: str = "app:secret"
    refresh: str = "practice-refresh"
    kept: dict[str, str] = field(default_factory=dict)
    """The body of each submission, and the hash of the picture at each leased place."""

    def called(self, number: int) -> str:
        return f"t3_{number + 0x4BBE00:07x}"

    def denied(self) -> Response:
        return says({"message": "Unauthorized", "error": 401}, 401)

    def busy(self, seconds: float = 1.0) -> Response:
        slow = ["RATELIMIT", f"you are doing that too much. try again in {ceil(seconds)} seconds.", "ratelimit"]
        return says({"json": {"errors": [slow], "ratelimit": seconds}})

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/api/v1/access_token", self._enter, methods=["POST"]),
            Route("/lease", self._file, methods=["POST"]),
            self.route("/api/v1/me", self._me),
            self.route("/r/{name}/about", self._about),
            self.route("/user/lotto/submitted", self._submitted),
            self.route("/user/lotto/comments", self._comments),
            self.route("/api/media/asset.json", self._lease, "POST"),
            self.route("/api/submit", self._submit, "POST"),
            self.route("/api/comment", self._comment, "POST"),
            self.route("/api/del", self._delete, "POST"),
        ]

    async def _enter(self, request: Request) -> Response:
        wish = await told(request)
        app = f"Basic {b64encode(self.client.encode()).decode()}"
        if self.revoked or request.headers.get("authorization") != app or wish.get("refresh_token") != self.refresh:
            return says({"error": "invalid_grant"}, 400)
        return says({"access_token": self.token, "token_type": "bearer", "expires_in": 3600, "scope": "*"})

    async def _me(self, request: Request) -> Response:
        return says({"name": "lotto"})

    async def _about(self, request: Request) -> Response:
        return says({"kind": "t5", "data": {"display_name": self.subreddit, "user_is_banned": False}})

    async def _lease(self, request: Request) -> Response:
        wish = await told(request)
        if wish.get("mimetype") not in ("image/png", "image/jpeg"):
            return says({"message": "Bad Request", "error": 400}, 400)
        home, _, _ = str(request.url).partition("/api/")
        key = f"{self.new_name()}/{wish['filepath']}"
        fields = [{"name": "key", "value": key}, {"name": "Content-Type", "value": wish["mimetype"]}]
        return says({"args": {"action": f"{home}/lease", "fields": fields}, "asset": {"asset_id": key}})

    async def _file(self, request: Request) -> Response:
        fields, files = await parted(request)
        picture = self.upload(files.get("file", b""))
        if picture.size > 20_971_520 or not picture.media:
            return Response("<Error><Code>EntityTooLarge</Code></Error>", 400)
        self.kept[fields["key"]] = picture.sha256
        return Response("<PostResponse/>", 201)

    async def _submit(self, request: Request) -> Response:
        wish = await told(request)
        if wish.get("sr") != self.subreddit:
            return _no("SUBREDDIT_NOEXIST", "that subreddit doesn't exist", "sr")
        title = wish.get("title", "")
        if not title:
            return _no("NO_TEXT", "we need something here", "title")
        if len(title) > 300:
            return _no("TOO_LONG", "this is too long (max: 300)", "title")
        if wish.get("kind") == "image":
            place = wish.get("url", "").partition("/lease/")[2]
            if place not in self.kept:
                return _no("BAD_URL", "you should check that url", "url")
            return await self._say(request, title, self.kept[place], wish.get("text", ""), pictured=True)
        if wish.get("kind") != "self":
            return _no("INVALID_OPTION", "that option is not valid", "kind")
        return await self._say(request, title, "", wish.get("text", ""), pictured=False)

    async def _say(self, request: Request, title: str, image: str, body: str, *, pictured: bool) -> Response:
        def answer(post: Visible) -> Response:
            self.kept[post.id] = body
            if pictured:  # where it stands is told on a websocket, later
                return says({"json": {"errors": [], "data": {"websocket_url": "wss://ws.example/rte"}}})
            at = f"https://www.reddit.com{self._place(post)}"
            return says({"json": {"errors": [], "data": {"url": at, "id": post.id[3:], "name": post.id}}})

        return await self.show(request, title, answer, image=image)

    async def _comment(self, request: Request) -> Response:
        wish = await told(request)
        if self.standing(wish.get("thing_id", "")) is None:
            return _no("DELETED_COMMENT", "that comment has been deleted", "parent")
        if not 0 < len(wish.get("text", "")) <= 10_000:
            return _no("TOO_LONG", "this is too long (max: 10000)", "text")

        def answer(post: Visible) -> Response:
            return says({"json": {"errors": [], "data": {"things": [{"kind": "t1", "data": self._shown(post)}]}}})

        return await self.show(request, wish["text"], answer, answers=wish["thing_id"])

    async def _delete(self, request: Request) -> Response:
        self.remove((await told(request)).get("id", ""))
        return says({})

    async def _submitted(self, request: Request) -> Response:
        return self._listing(request, comments=False)

    async def _comments(self, request: Request) -> Response:
        return self._listing(request, comments=True)

    def _listing(self, request: Request, *, comments: bool) -> Response:
        asked = request.query_params
        size = min(int(asked.get("limit", 25)), 100)
        page = [post for post in self.listed(asked.get("after")) if bool(post.answers) == comments][:size]
        after = page[-1].id if len(page) == size else None
        children = [{"kind": "t1" if comments else "t3", "data": self._shown(post)} for post in page]
        return says({"kind": "Listing", "data": {"children": children, "after": after}})

    def _shown(self, post: Visible) -> dict[str, Any]:
        base = {"name": post.id, "permalink": self._place(post), "created_utc": post.at.timestamp()}
        if post.answers:
            return {**base, "body": post.text, "parent_id": post.answers}
        return {**base, "title": post.text, "selftext": self.kept.get(post.id, ""), "subreddit": self.subreddit}

    def _place(self, post: Visible) -> str:
        return f"/r/{self.subreddit}/comments/{post.id[3:]}/"


def _no(code: str, why: str, where: str) -> Response:
    return says({"json": {"errors": [[code, why, where]]}})
