"""How much time and room one request is given."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Seconds and bytes; `body` counts after decompression. The header of an answer is bounded by h11 at 100 kB."""

    connect: float = 5.0
    """Until the name is resolved, and again until an address answers."""
    read: float = 15.0
    """Between two pieces of the answer, or of the request on its way out."""
    total: float = 30.0
    """From the first step of a request to the last byte of its answer; a redirect is a request of its own."""
    body: int = 8 * 1024 * 1024
    cut: bool = False
    """A longer body is read up to `body` bytes, instead of being an error."""


USUAL = Limits()
