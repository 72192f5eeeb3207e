"""The post: a signed message on its way through the door, and the ways in which it is not taken."""

from collections.abc import Sequence
from datetime import datetime

from lotto.door import Door, DoorError, Limits
from lotto.webhooks import signature

LIMITS = Limits(connect=5.0, read=15.0, total=20.0, body=64 * 1024, cut=True)
"""What a server answers is not read beyond the status."""

GONE = 410


class NotTaken(Exception):
    """It did not arrive, or may not have; a sentence that tells of the address no more than its host."""

    def __init__(self, words: str, status: int | None = None, wait: float | None = None) -> None:
        super().__init__(words)
        self.status = status
        """What the server answered; None when it answered nothing."""
        self.wait = wait
        """Seconds that it asks us to wait."""


class Gone(NotTaken):
    """The server says that nobody is there for good."""


async def post(door: Door, url: str, keys: Sequence[bytes], id: str, at: datetime, body: bytes) -> int:  # noqa: A002 - the standard's word
    """Posts a JSON message signed with these keys, and returns the status, a 2xx; raises NotTaken for all else.

    Redirects are not followed: a secret's holder says himself where he listens.
    """
    headers = {"Content-Type": "application/json", **signature.headers(keys, id, at, body)}
    try:
        answer = await door.send("POST", url, headers=headers, content=body, limits=LIMITS)
    except DoorError as error:
        raise NotTaken(str(error)) from error
    if answer.status == GONE:
        raise Gone(f"It answered {GONE}: nobody is there any more.", GONE)
    if 300 <= answer.status < 400:
        raise NotTaken(
            f"It answered {answer.status}, and redirects are not followed: give the address that it leads to.",
            answer.status,
        )
    if not 200 <= answer.status < 300:
        raise NotTaken(f"It answered {answer.status}.", answer.status, answer.retry_after)
    return answer.status
