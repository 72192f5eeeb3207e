"""Joining engines that another process of this machine keeps: their addresses, for who only wants to look."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from lotto.engines import lock


@dataclass(frozen=True)
class Joined:
    """Where the engines of a directory answer, with their passwords; None for one that is not kept there."""

    database_url: str | None
    redis_url: str | None

    def told(self) -> str:
        """As their keeper tells it in the lock."""
        return json.dumps(asdict(self))


def joined(directory: Path) -> Joined | None:
    """The engines that a living process keeps in this directory; None when none does.

    Raises DirectoryInUse when that process is only starting, and DirectoryUnfit when what it tells is not for us.
    """
    words = lock.told(directory.absolute())
    return Joined(**json.loads(words)) if words is not None else None
