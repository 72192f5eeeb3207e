"""A look at the ledger: what every source is up to now, and when it is asked next. Nothing is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lotto.draws.lottery import Lottery
from lotto.ledger import fetches, queries
from lotto.ledger.connection import Connection
from lotto.ledger.fetches import Asked
from lotto.watch import asks, standing
from lotto.watch.asks import NEWS, Due
from lotto.watch.standing import LOOKED_BACK, Gone
from lotto.watch.state import Standing, Watched, worst


@dataclass(frozen=True)
class Outlook:
    """A source: what it is up to, how each of its names was last asked, and when each is asked next."""

    source: Watched
    standings: Sequence[Standing]
    """At least one, the worst first."""
    asked: Mapping[str, Asked]
    next: Mapping[str, Due]

    @property
    def worst(self) -> Standing:
        """What tells most of it."""
        return worst(self.standings)

    @property
    def next_at(self) -> datetime | None:
        """When it is asked next; in the past where no scraper has come to it, None where it is not asked."""
        return min((one.at for one in self.next.values()), default=None)


@dataclass(frozen=True)
class Look:
    """Every source, and the lotteries that are late or disputed as a whole."""

    sources: Sequence[Outlook]
    lotteries: Sequence[Standing]


async def standings(
    conn: Connection, sources: Sequence[Watched], lotteries: Iterable[Lottery], now: datetime, *, practice: bool = False
) -> list[Standing]:
    """What every source is up to, and what the lotteries are as a whole; at least one standing for each source.

    A `practice` world plays single days of its calendars: a draw that no source tells was none, and late is who tells
    it last.
    """
    known = list(lotteries)
    contested = await queries.contested(conn, [one.id for one in known], now - NEWS)
    gone = await _gone(conn, sources, known, now, practice)
    found = [one for source in sources for one in standing.standings(source, known, gone[source.name], contested, now)]
    return [*found, *standing.of_lotteries(known, sources, found, contested)]


async def look(
    conn: Connection, sources: Sequence[Watched], lotteries: Iterable[Lottery], now: datetime, *, practice: bool = False
) -> Look:
    """The same, source by source, with how and when each name was asked and is asked next."""
    known = list(lotteries)
    contested = await queries.contested(conn, [one.id for one in known], now - NEWS)
    gone = await _gone(conn, sources, known, now, practice)
    found = []
    for source in sources:
        own = gone[source.name]
        ours = [one for one in known if source.name in one.sources]
        names = {name for one in ours for name in one.sources[source.name]}
        # As the scraper does: all it said of late, where a standing goes by the newest.
        heard = await queries.heard_since(conn, source.name, (now - asks.REACH).date() - timedelta(days=1))
        found.append(
            Outlook(
                source,
                standing.standings(source, ours, own, contested, now),
                {name: one for name, one in own.asked.items() if name in names},
                {due.name: due for due in asks.coming(source, ours, heard, own.asked, now)},
            )
        )
    said = [one for outlook in found for one in outlook.standings]
    return Look(found, list(standing.of_lotteries(known, sources, said, contested)))


async def _gone(
    conn: Connection, sources: Sequence[Watched], lotteries: Sequence[Lottery], now: datetime, practice: bool
) -> dict[str, Gone]:
    pairs = [
        (source.name, lottery.id)
        for source in sources
        if not source.resting
        for lottery in lotteries
        if source.name in lottery.sources
    ]
    words = await queries.words(conn, pairs, (now - LOOKED_BACK - timedelta(days=1)).date())
    asked = await fetches.asked_by(conn, [one.name for one in sources], now)
    known = {one.id: one for one in lotteries}
    told = (one for said in words.values() for one in said if known[one.key.lottery].is_whole(one.key, one.numbers))
    played = {one.key for one in told} if practice else None
    return {
        one.name: Gone(
            asked.get(one.name, {}),
            {lottery: said for (name, lottery), said in words.items() if name == one.name},
            played,
        )
        for one in sources
    }
