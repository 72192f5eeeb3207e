"""The secrets that routes work with, or a 503 where this machine has none yet."""

from fastapi import HTTPException

from lotto.api.room import Room
from lotto.keyfile import KeyFileError
from lotto.seal import Seal


def seal(room: Room) -> Seal:
    """What secrets and addresses are sealed with."""
    try:
        return room.seal()
    except KeyFileError:
        raise HTTPException(503, "This site cannot keep secrets now: no publisher has run here yet.") from None


def push_key(room: Room) -> str | None:
    """By what browsers subscribe; None where nothing is pushed from here."""
    try:
        return room.vapid().public
    except KeyFileError:
        return None
