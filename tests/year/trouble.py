"""Trouble of a whole page or of a whole source: for hours or days it is another page, an old one, or none."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from year.lotteries import Role, role
from year.truth import Truth

OF_A_SOURCE = {
    "silent": 0.004,  # no answer in time
    "shut": 0.004,  # a page that lets nobody in, in the place of every page
    "redesign": 0.003,  # another page that our reader does not know
}
OF_A_PAGE = {
    "frozen": 0.004,  # it stays as it was
    "zone": 0.004,  # its dates are those of another zone
}
"""How likely it is that one begins in a week."""

TROUBLES = OF_A_SOURCE | OF_A_PAGE

MOMENTS = {"500": 0.003, "429": 0.003, "timeout": 0.003, "block": 0.001}
"""What an hour may bring, and how likely."""

FARAWAY = (ZoneInfo("Asia/Tokyo"), ZoneInfo("America/Los_Angeles"), ZoneInfo("UTC"))


@dataclass(frozen=True)
class Spell:
    """A time of one trouble."""

    kind: str
    since: datetime
    until: datetime
    zone: ZoneInfo = FARAWAY[0]


@dataclass(frozen=True)
class Trouble:
    """Which source is in trouble when."""

    truth: Truth
    of_a_source: Mapping[str, float] = field(default_factory=lambda: OF_A_SOURCE)
    of_a_page: Mapping[str, float] = field(default_factory=lambda: OF_A_PAGE)
    moments: Mapping[str, float] = field(default_factory=lambda: MOMENTS)

    def spells(self, source: str, name: str) -> list[Spell]:
        """All of that page of that source, oldest first; none begins before the one before it has ended."""
        found: list[Spell] = []
        both = [*self._spells(self.of_a_source, source), *self._spells(self.of_a_page, source, name)]
        for one in sorted(both, key=lambda one: one.since):
            whose = Role.OFFICIAL if self.truth.chance("whose", name).random() < 0.5 else Role.AGENCY
            if one.kind == "zone" and role(source) is not whose:
                # Two independent sources of one wrong zone would be two witnesses of the same.
                continue
            if not found or found[-1].until < one.since:
                found.append(one)
        return found

    def moment(self, source: str, name: str, now: datetime) -> str:
        """What this hour brings."""
        dice = self.truth.chance("hour", source, name, now.date(), now.hour).random()
        for kind, share in self.moments.items():
            if (dice := dice - share) < 0:
                return kind
        return ""

    def _spells(self, kinds: Mapping[str, float], *place: str) -> Iterator[Spell]:
        week = self.truth.since
        while week < self.truth.until:
            dice = self.truth.chance("spell", *place, week.date())
            for kind, share in kinds.items():
                if dice.random() < share:
                    since = week + timedelta(hours=dice.uniform(0, 160))
                    yield Spell(kind, since, since + timedelta(hours=dice.uniform(6, 80)), dice.choice(FARAWAY))
            week += timedelta(days=7)
