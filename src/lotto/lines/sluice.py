"""A sluice: a file to write into, whose bytes are taken out at its other end."""

import io
from typing import Any


class Sluice(io.RawIOBase):
    """Holds what was written since it was last taken. It cannot go back, and tells how much went through it."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()
        self._taken = 0

    @property
    def held(self) -> int:
        """Bytes that wait to be taken."""
        return len(self._held)

    def take(self) -> bytes:
        """All of them."""
        held, self._held = self._held, bytearray()
        self._taken += len(held)
        return bytes(held)

    def writable(self) -> bool:
        """It is for that."""
        return True

    def write(self, data: Any, /) -> int:
        """Takes all of it in."""
        self._held += data
        return memoryview(data).nbytes

    def tell(self) -> int:
        """How many bytes were written in all."""
        return self._taken + len(self._held)
