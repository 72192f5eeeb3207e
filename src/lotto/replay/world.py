"""The practice world: what every source has published by an instant, and which draws are played one by one."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from lotto.replay.chapters import DEMO, Chapter
from lotto.replay.faults import Fault, Faults, Kind, partial, wrong
from lotto.replay.figure import Figure
from lotto.replay.formats.do_loteriasdominicanas import LoteriasDominicanas
from lotto.replay.formats.do_tusnumerosrd import TusNumeros
from lotto.replay.formats.format import Format
from lotto.replay.formats.us_ny_data import NewYork
from lotto.replay.formats.us_texas import Texas

FORMATS: tuple[Format, ...] = (NewYork(), Texas(), LoteriasDominicanas(), TusNumeros())

SOURCES = frozenset(form.source for form in FORMATS)
"""The sources that live in the practice world."""

NEW_YORK_ALONE = (
    "Take 5 Midday",
    "Take 5 Evening",
    "Numbers Midday",
    "Numbers Evening",
    "Win 4 Midday",
    "Win 4 Evening",
    "NY Lotto",
    "Cash4Life",
)
TEXAS_ALONE = ("Lotto Texas", "Texas Two Step")
BOTH_STATES = ("Powerball", "Mega Millions")
BOARDS = {
    "Nacional / Gana Más": "Loteria Nacional Tarde (gana mas)",
    "Nacional / Lotería Nacional": "Loteria Nacional Noche",
    "Leidsa / Quiniela Leidsa": "Leidsa Noche",
    "Loteka / Quiniela Loteka": "Loteka Noche",
    "Loteria Real / Quiniela Real": "Loteria Real Tarde",
    "La Primera / La Primera Día": "La Primera Tarde",
    "La Primera / Primera Noche": "La Primera Noche",
    "La Suerte / La Suerte 12:30": "La Suerte Medio Dia",
    "La Suerte / La Suerte 18:00": "La Suerte noche",
    "LoteDom / Quiniela LoteDom": "Lotedom",
    "Anguila / Anguila Mañana": "Anguila Mañana 10:00AM",
    "Anguila / Anguila Medio Día": "Anguila Tarde 1:00PM",
    "Anguila / Anguila Tarde": "Anguila Tarde 6:00PM",
    "Anguila / Anguila Noche": "Anguila Noche 9:00PM",
    "King Lottery / King Lottery 12:30": "King lottery Medio Dia",
    "King Lottery / King Lottery 7:30": "King lottery Noche",
}
"""The quinielas of the catalogue under the names that the two Dominican boards give them."""

GAMES: tuple[dict[str, str], ...] = (
    *({"us_ny_data": game} for game in NEW_YORK_ALONE),
    *({"us_texas": game} for game in TEXAS_ALONE),
    *({"us_ny_data": game, "us_texas": game} for game in BOTH_STATES),
    *({"do_loteriasdominicanas": ours, "do_tusnumerosrd": theirs} for ours, theirs in BOARDS.items()),
)
"""The games that are played: source → its name there, each source listed one that a result waits for.

Every other game of the figures is on the pages as well (the boards show forty draws a day); it comes as time passes,
and no step of the clock waits for it. Neither for a draw that one of its sources never told whole.
"""


@dataclass(frozen=True)
class Play:
    """One draw as it comes out: the figures of it in the order in which they are published."""

    figures: tuple[Figure, ...]

    @property
    def at(self) -> datetime:
        """When the last source needed has published it whole."""
        return self.figures[-1].published_at

    def __str__(self) -> str:
        return f"{self.figures[0].game} {self.figures[0].date}"


class World:
    """Figures, formats, chapters and faults. It holds no clock: every question says at which instant it is asked."""

    def __init__(self, chapters: Sequence[Chapter] = DEMO, formats: Sequence[Format] = FORMATS) -> None:
        self.chapters = tuple(chapters)
        if any(
            after.starts_at < before.ends_at for before, after in zip(self.chapters, self.chapters[1:], strict=False)
        ):
            raise ValueError("Chapters follow one another in time: each must start after the one before has ended.")
        self.formats = {form.source: form for form in formats}
        self.faults = Faults(tuple(self.formats))
        self.schedule = tuple(
            sorted((figure for form in formats for figure in form.figures()), key=lambda one: one.published_at)
        )
        """Every publication of every source, in order of time."""
        self._pages = {
            (form.source, path): [
                one for one in self.schedule if one.source == form.source and form.tells(path, one.game)
            ]
            for form in formats
            for path in form.addresses
        }
        self._played = {(source, game) for names in GAMES for source, game in names.items()}
        self.plays = tuple(sorted(self._plays(), key=lambda play: play.at))
        """The draws of the chapters, in the order in which they are complete."""

    @property
    def starts_at(self) -> datetime:
        """When the first chapter begins; all before it is history."""
        return self.chapters[0].starts_at

    def next_play(self, now: datetime) -> Play | None:
        """The first draw that is not complete yet; None when the last chapter is over."""
        return next((play for play in self.plays if play.at > now), None)

    def chapter(self, at: datetime) -> Chapter | None:
        """The chapter that an instant lies in."""
        return next((one for one in self.chapters if one.starts_at <= at < one.ends_at), None)

    def told(self, source: str, path: str, at: datetime) -> list[Figure]:
        """What that page has published by then, oldest first, each draw as it was last published."""
        figures = self._pages[(source, path)]
        latest: dict[tuple[str, date], Figure] = {}
        for figure in figures[: bisect_right(figures, at, key=lambda one: one.published_at)]:
            latest.pop((figure.game, figure.date), None)
            latest[(figure.game, figure.date)] = figure
        return list(latest.values())

    def page(self, source: str, path: str, now: datetime, faults: Sequence[Fault] = ()) -> str | None:
        """The page as it looks now, bent by those faults; None where the figures of that source begin later."""
        form = self.formats[source]
        by_kind = {fault.kind: fault for fault in faults}
        at = now
        if late := by_kind.get(Kind.LATE):
            at -= timedelta(minutes=late.amount)
        if Kind.YESTERDAY in by_kind:
            at = min(at, self.midnight(source, now) - timedelta(microseconds=1))
        told = self.told(source, path, at)
        if not told:
            return None
        newest = next((place for place in reversed(range(len(told))) if self._is_played(told[place])), None)
        if newest is not None:
            if half := by_kind.get(Kind.PARTIAL):
                told[newest] = partial(told[newest], int(half.amount))
            if Kind.WRONG in by_kind:
                told[newest] = wrong(told[newest])
        return form.page(path, told, now)

    def midnight(self, source: str, now: datetime) -> datetime:
        """When the source's present day began."""
        zone = self.formats[source].zone
        return datetime.combine(now.astimezone(zone).date(), time(), zone)

    def changed_at(self, source: str, path: str, now: datetime) -> datetime:
        """When that page last changed: its newest publication, or the midnight that made a board yesterday's."""
        told = self.told(source, path, now)
        return max([self.midnight(source, now), *(figure.published_at for figure in told[-1:])])

    def _is_played(self, figure: Figure) -> bool:
        return (figure.source, figure.game) in self._played

    def _plays(self) -> list[Play]:
        by_draw: dict[tuple[str, str, date], list[Figure]] = {}
        for figure in self.schedule:
            by_draw.setdefault((figure.source, figure.game, figure.date), []).append(figure)
        days = sorted({figure.date for figure in self.schedule})
        plays = []
        for names in GAMES:
            for day in days:
                sides = [by_draw.get((source, game, day), []) for source, game in names.items()]
                if all(side and side[-1].whole for side in sides):
                    figures = sorted((figure for side in sides for figure in side), key=lambda one: one.published_at)
                    play = Play(tuple(figures))
                    if self.chapter(play.at):
                        plays.append(play)
        return plays
