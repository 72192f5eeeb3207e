"""Conditional requests: a reader who has the bytes already is told so, and is not sent them again."""

from collections.abc import Iterable

from starlette.types import Message

Headers = Iterable[tuple[bytes, bytes]]

OF_THE_BODY = frozenset({b"content-length", b"content-type", b"content-encoding"})
"""Headers that an answer without a body does not bear."""

NOTHING: Message = {"type": "http.response.body", "body": b""}
"""The body of an answer that has none."""


def knows(asked: bytes, tag: bytes) -> bool:
    """Whether If-None-Match names that ETag; both compared weakly, as RFC 9110 has it for this field."""
    known = {part.strip().removeprefix(b"W/") for part in asked.split(b",")}
    return asked.strip() == b"*" or tag.removeprefix(b"W/") in known


def unchanged(headers: Headers) -> Message:
    """The head of the 304 in the place of an answer with these headers."""
    kept = [pair for pair in headers if pair[0] not in OF_THE_BODY]
    return {"type": "http.response.start", "status": 304, "headers": kept}
