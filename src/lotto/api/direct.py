"""The direct way to a draw: what is asked most is answered before the router has looked at every other address."""

import asyncio
from datetime import date

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lotto.api.room import Room
from lotto.draws.draw import DrawKey
from lotto.ledger import detail
from lotto.ledger.connection import Ledger
from lotto.ledger.detail import Detail

UNDER = "/api/v1/lotteries/"

START: Message = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]}

MOST = 64
"""Draws that are asked for in one question to the ledger."""


class Direct:
    """Wraps the routes: a draw that the ledger holds is answered here, to the byte as they would; all else by them."""

    def __init__(self, routes: ASGIApp, room: Room) -> None:
        self._routes = routes
        self._room = room
        self._gathered = Gathered(room.ledger)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        key = self._asked(scope)
        held = await self._gathered.ask(key) if key else None
        if held is None:
            await self._routes(scope, receive, send)
            return
        body = self._room.views.detail(held).model_dump_json().encode()
        length = (b"content-length", b"%d" % len(body))
        await send({**START, "headers": [length, *START["headers"]]})
        await send({"type": "http.response.body", "body": body})

    def _asked(self, scope: Scope) -> DrawKey | None:
        """The draw that is asked for, where the address is that of one and the ledger is there to be asked."""
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(UNDER):
            return None
        match scope["path"].removeprefix(UNDER).split("/"):
            case [lottery, "draws", day, *rest] if (
                lottery in self._room.catalogue.lotteries and len(rest) < 2 and all(rest)
            ):
                label = "".join(rest)
            case _:
                return None
        try:
            found = date.fromisoformat(day)
        except ValueError:
            return None
        is_one = found.isoformat() == day and label.isprintable() and self._room.pulse.beats
        return DrawKey(lottery, found, label) if is_one else None


class Gathered:
    """Asks the ledger for draws: while one question is under way, what is asked meanwhile gathers for the next.

    One who comes alone is answered at once; a thousand who come together cost a few questions, and one connection.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._waiting: dict[DrawKey, asyncio.Future[Detail | None]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def ask(self, key: DrawKey) -> Detail | None:
        """That draw as the ledger holds it at this call or later; None where it holds none. Raises as the ledger."""
        told = self._waiting.get(key)
        if told is None:
            told = self._waiting[key] = asyncio.get_running_loop().create_future()
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask(), name="draws asked of the ledger")
        return await asyncio.shield(told)

    async def _ask(self) -> None:
        while self._waiting:
            asked = {key: self._waiting.pop(key) for key in list(self._waiting)[:MOST]}
            try:
                async with self._ledger.reading() as conn:
                    found = await detail.of(conn, list(asked))
            except Exception as error:  # noqa: BLE001 - it is theirs who asked
                for told in asked.values():
                    told.set_exception(error)
                    told.exception()  # it is heard, even where whoever asked has left
            else:
                for key, told in asked.items():
                    told.set_result(found.get(key))
