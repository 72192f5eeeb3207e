"""The sources of the year, and the way to them: statuses, ETags and outages as on the net, without a socket."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime

from lotto.catalogue import Catalogue
from lotto.door import Answer, DoorError
from lotto.draws.draw import DrawKey
from lotto.scraper.sources.source import Ask, Page, PageChanged, Reading, Request, Source
from year.display import REDESIGNED, Display, Shown
from year.lotteries import Role, role
from year.telling import Telling
from year.trouble import Trouble

BLOCKED = b"<html>Web Page Blocked</html>"


class YearSource(Source):
    """A practice source: one JSON page a lottery."""

    publisher = "The simulated year"
    pace = 3600.0

    def __init__(self, name: str, origin: str) -> None:
        self.name, self.origin = name, origin  # type: ignore[misc]
        self.official = role(name) is Role.OFFICIAL  # type: ignore[misc]
        self.home = f"https://{name.replace('_', '-')}.example"  # type: ignore[misc]

    def pages(self, ask: Ask) -> Iterator[Request]:
        yield Request(f"{self.home}/{ask.name}")

    def read(self, page: Page) -> Iterator[Reading | Request]:
        try:
            rows = self._rows(json.loads(page.body))
        except (ValueError, KeyError):
            raise PageChanged("This is not the page of the simulated year.") from None
        for row in rows:
            numbers = {pool: tuple(values) for pool, values in row["numbers"].items()}
            yield Reading(page.url.rsplit("/", 1)[1], date.fromisoformat(row["date"]), numbers, row["label"])

    def _rows(self, told: Mapping[str, list[dict]]) -> list[dict]:
        return told["draws"]


class Credulous(YearSource):
    """The same with a reader that takes whatever looks like draws: for a control."""

    def _rows(self, told: Mapping[str, list[dict]]) -> list[dict]:
        return told.get("draws") or told[REDESIGNED]


def sources(known: Catalogue, *, mirrors_count: bool = False, kind: type[YearSource] = YearSource) -> dict[str, Source]:
    """Every source of these lotteries; a mirror is of the agency's origin, unless `mirrors_count` as one of its own."""
    names = sorted({name for one in known.lotteries.values() for name in one.sources})
    copies = f"_{Role.MIRROR}_", f"_{Role.MIRROR if mirrors_count else Role.AGENCY}_"
    return {name: kind(name, name.replace(*copies)) for name in names}


class YearDoor:
    """Gives pages as they stand at the clock's time, or fails as the hour has it; remembers what was met and shown."""

    def __init__(self, telling: Telling, trouble: Trouble, clock: Callable[[], datetime]) -> None:
        self._telling = telling
        self._trouble = trouble
        self._clock = clock
        self._displays: dict[tuple[str, str], Display] = {}
        self._last: dict[tuple[str, str], Shown] = {}
        self.asks = 0
        self.met: Counter[str] = Counter()
        """How many answers were of each trouble."""
        self.right: dict[DrawKey, list[datetime]] = {}
        """When a page that shows the draw as it was was given away anew."""

    async def get(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Answer:
        """The page as it stands, or the way in which it fails this hour."""
        self.asks += 1
        now = self._clock()
        source, name = url.removeprefix("https://").replace(".example", "").split("/")
        place = source, name = source.replace("-", "_"), name
        if place not in self._displays:
            self._displays[place] = Display(source, name, self._telling, self._trouble)
        shown = self._displays[place].at(now)
        spell = shown.spell.kind if shown.spell else ""
        kind = self._trouble.moment(source, name, now) or spell
        self.met[kind] += 1
        match kind:
            case "timeout" | "silent":
                raise DoorError("It did not answer in time.")
            case "block" | "shut":
                return Answer(url, 200, BLOCKED, {"content-type": "text/html"}, now, now)
            case "500" | "429":
                return Answer(url, int(kind), b"Not now.", {"retry-after": "1800"}, now, now)
        if shown.tag == etag:
            return Answer(url, 304, b"", {"etag": etag}, now, now)
        if spell not in ("redesign", "zone"):
            self._remember(place, shown, now)
        return Answer(url, 200, shown.body, {"etag": shown.tag, "content-type": "application/json"}, now, now)

    def _remember(self, place: tuple[str, str], shown: Shown, now: datetime) -> None:
        """Keeps when each draw was shown as it was, where this page did not show it so before."""
        before = self._last.get(place)
        self._last[place] = shown
        for key, row in shown.rows.items():
            real = self._telling.truth.by_key[key]
            is_right = row.date == key.date and row.numbers == real.numbers
            if is_right and (before is None or before.rows.get(key) != row):
                self.right.setdefault(key, []).append(now)
