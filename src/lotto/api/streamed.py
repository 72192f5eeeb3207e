"""Streamed answers: a body that is made as it is taken."""

import asyncio
from collections.abc import AsyncGenerator, Mapping

import structlog
from fastapi.responses import StreamingResponse
from psycopg import OperationalError
from starlette.types import Receive, Scope, Send

log = structlog.get_logger()

STALLED = 60.0
"""Seconds a reader has to take what is sent next; who does not is taken for gone."""


class Streamed(StreamingResponse):
    """A body that is made no faster than its reader takes it, and no longer than there is a reader.

    The generator is closed, and what it holds is let go, as soon as the body ends, whatever ends it. A body that cannot
    be ended well is broken off without the mark of its end, so that nobody takes a part of it for the whole.
    """

    def __init__(self, body: AsyncGenerator[bytes], media_type: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(body, media_type=media_type, headers=headers)
        self._body = body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        # The framework's own way cancels again and again, also what is being let go; a task is cancelled once.
        sending = asyncio.create_task(self.stream_response(send))
        leaving = asyncio.create_task(self.listen_for_disconnect(receive))
        try:
            await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sending.cancel()
            leaving.cancel()
            await asyncio.wait((sending, leaving))
            # Not within that task: cancelled while it lets go, it would leave behind what it holds.
            await self._body.aclose()
        if not sending.cancelled():
            sending.result()

    async def stream_response(self, send: Send) -> None:
        """Sends head and body."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        try:
            async for piece in self._body:
                async with asyncio.timeout(STALLED):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
        except (TimeoutError, OperationalError) as error:
            log.warning("answer broken off", media=self.media_type, why=str(error) or "its reader takes nothing")
            return
        await send({"type": "http.response.body", "body": b""})
