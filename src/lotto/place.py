"""Places: where a house's servers are. URLs name them, this process keeps them, or it joins those another keeps."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from lotto import log
from lotto.engines import Engines, joined
from lotto.house import House, following
from lotto.replay.chapters import CHAPTERS
from lotto.replay.clock import Follower
from lotto.settings import BadSetting, Settings, read


class NobodyHome(Exception):
    """No house runs here; the message says what to do."""


@dataclass(frozen=True)
class Place:
    """Where the ledger and the queue are."""

    settings: Settings
    database_url: str
    redis_url: str

    def house(self) -> House:
        """A house there, in the real world or in the practice world the settings name."""
        practice = following(self.settings)
        return House(self.settings, database_url=self.database_url, redis_url=self.redis_url, practice=practice)

    def world(self) -> datetime:
        """What time it is in the world of that house: a demo keeps its own in its data directory."""
        clock = self.settings.data_dir / "world.json"
        if self.settings.practice_url is None and clock.exists():
            return Follower(clock).now()
        return self.house().world()


def configured() -> Settings:
    """The settings of this process, whose log is then written as they say."""
    found = read()
    log.configure(found.log)
    return found


@contextmanager
def keeping(settings: Settings) -> Iterator[Place]:
    """The servers of this house: external ones by URL, and for what has none the embedded ones, kept by us."""
    if settings.database_url is not None and settings.redis_url is not None:
        yield Place(settings, settings.database_url, settings.redis_url)
        return
    folder = settings.data_dir / "engines"
    with Engines(folder, postgres=settings.database_url is None, valkey=settings.redis_url is None) as engines:
        yield Place(
            settings,
            settings.database_url or engines.database_url or "",
            settings.redis_url or engines.redis_url or "",
        )


@contextmanager
def looking(settings: Settings) -> Iterator[Place]:
    """The servers for who looks at what a house has written: of the one that runs, else kept by us meanwhile."""
    place = running(settings)
    if place is not None:
        yield place
        return
    with keeping(settings) as kept:
        yield kept


def running(settings: Settings) -> Place | None:
    """The servers that run already: those named by URL, or those that a living process keeps in the data directory.

    A demo keeps its house in a folder of its own below; it is found there when no other house runs.
    """
    if settings.database_url is not None and settings.redis_url is not None:
        return Place(settings, settings.database_url, settings.redis_url)
    for home in (settings.data_dir, *(settings.data_dir / chapters for chapters in CHAPTERS)):
        engines = joined(home / "engines")
        if engines is not None:
            return Place(
                settings.model_copy(update={"data_dir": home}),
                _known("LOTTO_DATABASE_URL", settings.database_url or engines.database_url),
                _known("LOTTO_REDIS_URL", settings.redis_url or engines.redis_url),
            )
    return None


def at_home(settings: Settings) -> Place:
    """The servers that run already; raises NobodyHome when none do, for who must start nothing."""
    place = running(settings)
    if place is None:
        raise NobodyHome(
            f"No house runs in {settings.data_dir}: `lotto up` or `lotto demo` starts one. One that runs elsewhere is "
            "found by LOTTO_DATA_DIR, or by LOTTO_DATABASE_URL and LOTTO_REDIS_URL."
        )
    return place


def _known(name: str, url: str | None) -> str:
    if url is None:
        raise BadSetting(f"The house that runs here was given a server by {name}: set it here as well.")
    return url
