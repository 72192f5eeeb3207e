"""The body of an answer: decompressed piece by piece, and never more of it than there is room for."""

import zlib
from collections.abc import AsyncIterable

CODING = "gzip"
"""The one coding that we ask for: every server has it, and its end shows whether something is missing."""
_MEMBER = 0x1F


class Unreadable(Exception):
    """The body is too long, broken, or coded in a way we did not ask for; the message completes "X's answer …"."""


async def read(chunks: AsyncIterable[bytes], coding: str, room: int, *, cut: bool = False) -> bytes:
    """The whole body, decompressed; with `cut`, its first `room` bytes when it is longer.

    Raises Unreadable as soon as it is longer than `room` bytes, without having inflated more than that.
    """
    coding = coding.strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip"):
        raise Unreadable("is coded in a way that was not asked for")
    gunzip = _Gunzip(room) if coding.endswith("gzip") else None
    body = bytearray()
    async for chunk in chunks:
        if gunzip is None:
            body += chunk
        else:
            gunzip.feed(chunk, body)
        if len(body) > room:
            if cut:
                return bytes(body[:room])
            raise Unreadable(f"is longer than the {room} bytes that we read")
    if gunzip is not None and not gunzip.whole:
        raise Unreadable("broke off in the middle of its compressed data")
    return bytes(body)


class _Gunzip:
    """Undoes gzip of one or several members."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._begun = False

    @property
    def whole(self) -> bool:
        """Nothing is missing: the data has ended, or never began (a 304 may name a coding and has no body)."""
        return self._member.eof or not self._begun

    def feed(self, data: bytes, body: bytearray) -> None:
        """Adds what `data` inflates to, at most until `body` holds one byte more than there is room for."""
        while data and len(body) <= self._room:
            if self._member.eof:
                if data[0] != _MEMBER:
                    return  # padding behind the last member
                self._member = zlib.decompressobj(zlib.MAX_WBITS | 16)
            self._begun = True
            try:
                body += self._member.decompress(data, self._room + 1 - len(body))
            except zlib.error:
                raise Unreadable("is not the compressed data that it claims to be") from None
            data = self._member.unused_data
