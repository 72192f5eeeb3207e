"""Practice networks on HTTP: they show what they are given as slowly as asked, fail on request, and forget nothing.

Each path's first word is a network of its own: one with the rules of a real network (`lotto.replay.rules`), or a plain
one. Of a plain one, `POST /NETWORK/posts` takes a post and answers 201 with its `id`; it is
visible to the world from that moment, and one line of the journal. `GET /NETWORK/posts` lists a page of them, newest
first, as the account that posted sees it: a post shows there only after the network's lag, on a blind network never;
`?before=ID` asks for the page after. `DELETE /NETWORK/posts/ID` takes a post away, which a blind network does not know;
the journal keeps it and has a line that it is gone. Nothing is known here of a sender's keys: what is sent twice is
there twice.
"""

import json
import os
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from time import monotonic

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route

from lotto.replay.server import gone
from lotto.serving import serving as serve

PAGE = 100
"""Posts on one page of a timeline."""


class Trouble(StrEnum):
    """What can happen to a post on its way."""

    LOST = "lost"
    """It is published, and the connection ends without an answer."""
    ERROR = "error"
    """It is published, and the answer is 500."""
    HANG = "hang"
    """It is published, and there is no answer at all."""
    BUSY = "busy"
    """It is not published: 429, come again in a second."""
    REVOKED = "revoked"
    """It is not published: from now on the network does not know our credentials."""


@dataclass(frozen=True)
class Visible:
    """A post as the world sees it."""

    id: str
    text: str
    answers: str | None
    at: datetime
    listed_at: float
    """When the timeline shows it, on the monotonic clock."""
    alt: str = ""
    image: str = ""
    """The hash of the picture that it shows, or the picture's address; of several, with spaces between."""
    key: str = ""
    """A key of the sender's, where the network takes one."""


@dataclass
class PracticeNetwork:
    """One network: its journal on disk, how its timeline lags, and the troubles it makes.

    `lag` is the shortest and the longest time in seconds until a post is listed; None never lists any. `troubles` are
    chances from 0 to 1; each post meets one at most.
    """

    journal: Path
    clock: Callable[[], datetime]
    lag: tuple[float, float] | None = (0.0, 0.0)
    troubles: Mapping[Trouble, float] = field(default_factory=dict)
    chance: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 - repeatable on purpose
    made: dict[Trouble, list[str]] = field(default_factory=lambda: {trouble: [] for trouble in Trouble})
    """The texts that met each trouble."""
    posts: list[Visible] = field(default_factory=list)
    named: int = 0
    """How many names were given to posts; none is given twice."""

    def trouble(self) -> Trouble | None:
        """What happens to the next post."""
        throw = self.chance.random()
        for trouble, likely in self.troubles.items():
            throw -= likely
            if throw < 0:
                return trouble
        return None

    def called(self, number: int) -> str:
        """The name of the network's post of that number; names grow, and are of one length."""
        return f"{number:06}"

    def publish(self, text: str, alt: str, answers: str | None, image: str = "", key: str = "") -> str:
        """Makes it visible and returns its name once the journal has it on disk."""
        self.named += 1
        name = self.called(self.named)
        wait = self.chance.uniform(*self.lag) if self.lag else float("inf")
        at = self.clock()
        line = {"id": name, "at": at.isoformat(), "text": text, "alt": alt, "answers": answers}
        self._write(line | ({"image": image} if image else {}))
        self.posts.append(Visible(name, text, answers, at, monotonic() + wait, alt, image, key))
        return name

    def edit(self, name: str, text: str, alt: str, image: str) -> bool:
        """Changes what a post says, once the journal has that on disk; False when it does not stand."""
        for place, post in enumerate(self.posts):
            if post.id == name:
                self._write({"id": name, "text": text, "alt": alt, "image": image, "edited": True})
                self.posts[place] = replace(post, text=text, alt=alt, image=image)
                return True
        return False

    def remove(self, name: str) -> bool:
        """Takes a post away, for the world too, once the journal has that on disk; False when it does not stand."""
        left = [post for post in self.posts if post.id != name]
        if len(left) == len(self.posts):
            return False
        self._write({"id": name, "removed": True})
        self.posts[:] = left
        return True

    def listed(self, before: str | None = None, size: int = PAGE) -> list[Visible]:
        """A page of what the timeline shows now, newest first, of posts older than that one."""
        now = monotonic()
        older = (post for post in reversed(self.posts) if before is None or post.id < before)
        return [post for post in older if post.listed_at <= now][:size]

    def routes(self) -> list[BaseRoute]:
        """What it answers, below its first word."""
        return _plain(self)

    def _write(self, line: Mapping[str, object]) -> None:
        with self.journal.open("ab") as journal:
            journal.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            journal.flush()
            os.fsync(journal.fileno())


class _Wish(msgspec.Struct, forbid_unknown_fields=True):
    text: str
    alt: str = ""
    answers: str | None = None


def create_app(networks: Mapping[str, PracticeNetwork]) -> Starlette:
    """The networks as an ASGI application, each under its own first word."""

    async def nothing(request: Request) -> Response:
        return PlainTextResponse(f"There is no such network; here are {', '.join(networks)}.\n", 404)

    known: list[BaseRoute] = [Mount(f"/{name}", routes=network.routes()) for name, network in networks.items()]
    return Starlette(routes=[*known, Route("/{rest:path}", nothing, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])])


def _plain(network: PracticeNetwork) -> list[BaseRoute]:
    """What a network answers that has no rules of its own."""

    async def publish(request: Request) -> Response:
        try:
            wish = msgspec.json.decode(await request.body(), type=_Wish)
        except msgspec.MsgspecError as error:
            return PlainTextResponse(f"{error}\n", 400)
        trouble = network.trouble()
        if trouble is not None:
            network.made[trouble].append(wish.text)
        if trouble is Trouble.BUSY:
            return PlainTextResponse("Too many posts.\n", 429, {"retry-after": "1"})
        name = network.publish(wish.text, wish.alt, wish.answers)
        return await answered(request, trouble, JSONResponse({"id": name}, 201))

    async def timeline(request: Request) -> Response:
        if network.lag is None:
            return PlainTextResponse("There is no timeline here.\n", 404)
        return JSONResponse({"posts": [_shown(post) for post in network.listed(request.query_params.get("before"))]})

    async def remove(request: Request) -> Response:
        if network.lag is None or not network.remove(request.path_params["post"]):
            return PlainTextResponse("There is no such post here.\n", 404)
        return Response(status_code=204)

    return [
        Route("/posts/{post}", remove, methods=["DELETE"]),
        Route("/posts", publish, methods=["POST"]),
        Route("/posts", timeline, methods=["GET"]),
    ]


async def answered(request: Request, trouble: Trouble | None, answer: Response) -> Response:
    """What arrives of the answer to a post that is published, when it met that trouble."""
    if trouble is Trouble.ERROR:
        return PlainTextResponse("Internal Server Error\n", 500)
    if trouble is Trouble.LOST:
        return _lost()
    if trouble is Trouble.HANG:
        await gone(request)
    return answer


@asynccontextmanager
async def serving(networks: Mapping[str, PracticeNetwork], port: int = 0) -> AsyncIterator[str]:
    """The networks on that loopback port (a free one if 0) while the block runs; yields their address, `http://…`."""
    async with serve(create_app(networks), "127.0.0.1", port) as found:
        yield f"http://127.0.0.1:{found}"


def _shown(post: Visible) -> dict[str, str]:
    return {"id": post.id, "text": post.text, "at": post.at.isoformat()}


def _lost() -> Response:
    """Promises a body and breaks off before its first byte; the server then closes the connection."""

    async def nothing() -> AsyncIterator[bytes]:
        yield b""

    return StreamingResponse(nothing(), 201, headers={"content-length": "9"})
