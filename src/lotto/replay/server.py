"""The practice world on HTTP: every source answers under its own host name, behind one loopback port.

`Host: data.ny.gov` gets what New York would answer, and so on. Two addresses belong to the world itself, whatever the
host: `/.faults` (GET lists, POST adds one out of JSON `{"source", "kind", "amount", "asks", "seconds", "only"}`, DELETE
clears all or `?source=`) and `/.clock` (GET tells the instant, POST `{"to": instant}` jumps).
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from typing import Annotated

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from lotto.replay.clock import WorldClock
from lotto.replay.faults import BLOCKED, Kind
from lotto.replay.world import World
from lotto.serving import serving as serve

ROBOTS = "User-agent: *\nAllow: /\n"
HTML = "text/html; charset=utf-8"


class _FaultWish(msgspec.Struct, forbid_unknown_fields=True):
    source: str
    kind: str
    amount: float | None = None
    asks: int | None = None
    seconds: float | None = None
    only: str = ""


class _JumpWish(msgspec.Struct, forbid_unknown_fields=True):
    to: Annotated[datetime, msgspec.Meta(tz=True)]


def create_app(world: World, clock: WorldClock) -> Starlette:
    """The world as an ASGI application."""
    hosts = {form.host.removeprefix("www."): form for form in world.formats.values()}

    async def answer(request: Request) -> Response:
        host = request.headers.get("host", "").partition(":")[0].lower().removeprefix("www.")
        form = hosts.get(host)
        if form is None:
            return PlainTextResponse(f"No source lives at “{host}”; here are {', '.join(sorted(hosts))}.\n", 404)
        path = request.url.path
        if path == "/robots.txt":
            return PlainTextResponse(ROBOTS)
        if path not in form.addresses:
            return PlainTextResponse(f"{form.host} has no page {path} here; it has {', '.join(form.addresses)}.\n", 404)

        faults = world.faults.met(form.source, path)
        kinds = {fault.kind for fault in faults}
        if Kind.TIMEOUT in kinds:
            await gone(request)
            return PlainTextResponse("Too late.\n", 503)
        for fault in faults:
            if fault.kind is Kind.SLOW:
                await asyncio.sleep(fault.amount)
        if Kind.ERROR in kinds:
            return PlainTextResponse("Internal Server Error\n", 500)
        for fault in faults:
            if fault.kind is Kind.BUSY:
                wait = {"retry-after": str(round(fault.amount))}
                return PlainTextResponse("Too Many Requests\n", 429, wait)
        if Kind.DENY in kinds:
            return PlainTextResponse("Forbidden\n", 403)
        if Kind.BLOCK in kinds:
            return _page(request, BLOCKED, HTML)
        if Kind.REDESIGN in kinds:
            return _page(request, form.redesigned, HTML)
        now = clock.now()
        body = world.page(form.source, path, now, faults)
        if body is None:
            return PlainTextResponse(f"The practice world has no figures of {form.host} before its first day.\n", 404)
        if Kind.RESET in kinds:
            return _cut_short(body.encode(), form.media)
        return _page(request, body, form.media, None if faults else world.changed_at(form.source, path, now))

    async def faults(request: Request) -> Response:
        if request.method == "DELETE":
            world.faults.clear(request.query_params.get("source"))
        elif request.method == "POST":
            try:
                world.faults.add(**msgspec.structs.asdict(msgspec.json.decode(await request.body(), type=_FaultWish)))
            except (ValueError, msgspec.MsgspecError) as error:
                return PlainTextResponse(f"{error}\n", 400)
        return JSONResponse([asdict(fault) for fault in world.faults.active()])

    async def time(request: Request) -> Response:
        if request.method == "POST":
            try:
                clock.jump(msgspec.json.decode(await request.body(), type=_JumpWish).to)
            except msgspec.MsgspecError as error:
                return PlainTextResponse(f"{error}\n", 400)
        now = clock.now()
        play = world.next_play(now)
        following = {"draw": str(play), "at": play.at.isoformat()} if play else None
        return JSONResponse({"now": now.isoformat(), "next": following})

    return Starlette(
        routes=[
            Route("/.faults", faults, methods=["GET", "POST", "DELETE"]),
            Route("/.clock", time, methods=["GET", "POST"]),
            Route("/{path:path}", answer, methods=["GET"]),
        ]
    )


@asynccontextmanager
async def serving(world: World, clock: WorldClock, port: int = 0) -> AsyncIterator[str]:
    """The world on that loopback port (a free one if 0) while the block runs; yields its address, `http://…`."""
    async with serve(create_app(world, clock), "127.0.0.1", port) as found:
        yield f"http://127.0.0.1:{found}"


def _page(request: Request, body: str, media: str, changed_at: datetime | None = None) -> Response:
    """The page with its validators, or 304 for who has it already."""
    content = body.encode()
    headers = {"etag": f'"{sha256(content).hexdigest()[:32]}"', "cache-control": "no-cache"}
    if changed_at is not None:
        headers["last-modified"] = format_datetime(changed_at.astimezone(UTC), usegmt=True)
    if _is_known(request.headers, headers["etag"], changed_at):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media, headers=headers)


def _is_known(asked: Mapping[str, str], etag: str, changed_at: datetime | None) -> bool:
    if "if-none-match" in asked:
        known = [tag.strip().removeprefix("W/") for tag in asked["if-none-match"].split(",")]
        return etag in known or "*" in known
    if changed_at is None or "if-modified-since" not in asked:
        return False
    try:
        return changed_at < parsedate_to_datetime(asked["if-modified-since"]) + timedelta(seconds=1)
    except (TypeError, ValueError):
        return False


def _cut_short(content: bytes, media: str) -> Response:
    """Promises the whole body and breaks off in its middle; the server then closes the connection."""

    async def half() -> AsyncIterator[bytes]:
        yield content[: len(content) // 2]

    return StreamingResponse(half(), media_type=media, headers={"content-length": str(len(content))})


async def gone(request: Request) -> None:
    """Returns when whoever asked has given up."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
