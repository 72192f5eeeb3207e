"""The clock of the practice world: it flows like any other, and it can be told to jump ahead, never back."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock

HEARTBEAT = timedelta(seconds=1)
"""How often a kept position is written anew; so much is lost at most when the process is killed."""


class WorldClock:
    """What time it is in the practice world. Safe to read and to move from any thread.

    With a `file` its position outlives the process: a restart goes on where the world stood (it stands still while
    nobody plays), never before it. Whoever lets time pass saves it once a heartbeat, as `lotto.replay.pace` does.
    """

    def __init__(self, at: datetime, file: Path | None = None, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Starts at `at`, aware, or at the position kept in `file` if that is later."""
        if at.tzinfo is None:
            raise ValueError("The world's clock needs an instant with a zone.")
        self._file = file
        self._monotonic = monotonic
        self._lock = Lock()
        kept = _kept(file)[0] + 2 * HEARTBEAT if file and file.exists() else at
        self._at = max(at, kept).astimezone(UTC)
        self._since = monotonic()
        self.save()

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        with self._lock:
            return self._now()

    def jump(self, to: datetime) -> datetime:
        """Moves to that instant, or stays when it has passed already; the answer is what time it is now."""
        with self._lock:
            self._at = max(to.astimezone(UTC), self._now())
            self._since = self._monotonic()
            now = self._at
        self.save()
        return now

    def save(self) -> None:
        """Keeps the position; whole or not at all, whenever the process ends."""
        if self._file is None:
            return
        with self._lock:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            beside = self._file.with_suffix(".new")
            beside.write_text(json.dumps({"at": self._now().isoformat(), "monotonic": self._monotonic()}))
            beside.replace(self._file)

    def _now(self) -> datetime:
        return self._at + timedelta(seconds=self._monotonic() - self._since)


class Follower:
    """The same clock seen from another process of this machine, through the file that the world's clock keeps."""

    def __init__(self, file: Path, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Reads `file`, which must exist: the world has to be there before anyone can live in it."""
        self._file = file
        self._monotonic = monotonic
        self._latest = self._read()

    def now(self) -> datetime:
        """The instant in the world, aware; it never goes back."""
        self._latest = max(self._latest, self._read())
        return self._latest

    def _read(self) -> datetime:
        at, since = _kept(self._file)
        return at + timedelta(seconds=max(0.0, self._monotonic() - since))


def _kept(file: Path) -> tuple[datetime, float]:
    """The instant that was kept, and the monotonic second in which it was."""
    try:
        kept = json.loads(file.read_text())
        return datetime.fromisoformat(kept["at"]), float(kept["monotonic"])
    except FileNotFoundError:
        raise ValueError(f"There is no practice world at {file}; start one first.") from None
    except (ValueError, KeyError, TypeError):
        raise ValueError(
            f"{file} holds no position of the practice world; delete it to start from the beginning."
        ) from None
