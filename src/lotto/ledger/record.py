"""The only pen for observations and results.

What sources say comes in; in one transaction it is kept, weighed against everything known of those draws, written as
a new link of the chain where it changes what we hold, and left in the outbox where it is to be told.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from lotto.draws.draw import Draw, DrawKey, Observation, Ruling
from lotto.draws.lottery import Lottery
from lotto.draws.verdict import weigh
from lotto.events import Event, Type, event_id
from lotto.ledger import chain, fetches, outbox, rows, word
from lotto.ledger.connection import Connection, Ledger
from lotto.ledger.fetches import Fetch
from lotto.ledger.rows import Row
from lotto.ledger.step import step
from lotto.ledger.word import Place, Word


@dataclass(frozen=True)
class Change:
    """A draw that stands differently after recording, and what was left to be told of it."""

    draw: Draw
    told: Type | None

    @property
    def event_id(self) -> UUID | None:
        """The id of the event that tells of it, if one does."""
        return event_id(self.told, str(self.draw.key), self.draw.revision, self.draw.update) if self.told else None


@dataclass(frozen=True)
class Recorded:
    """What recording came to: the draws that stand differently, and what the rules object to in recent ones."""

    changes: tuple[Change, ...] = ()
    objections: tuple[str, ...] = ()


async def record(
    ledger: Ledger,
    lottery: Lottery,
    observations: Sequence[Observation],
    now: datetime,
    news: Callable[[DrawKey], bool] = lambda _: True,
) -> Recorded:
    """Keeps what is new among these observations of one lottery, and tells which draws stand differently.

    An observation that says what its source said before writes nothing, nor does one older than its source's last
    word. `news` tells which draws are worth an event; of others (a backfill) nothing is told, unless something was told
    of them before. Objections are made here, against the rules and the draw before.
    """
    ours = word.newest(observations)
    if not ours:
        return Recorded()
    async with ledger.reading() as conn:
        if not word.fresh(ours, await rows.last_words(conn, lottery, [key for _, key in ours])):
            return Recorded()
    async with ledger.transaction() as conn:
        return await _record(conn, ledger.environment, lottery, ours, now, news)


async def load(
    ledger: Ledger, said: Sequence[tuple[Lottery, Sequence[Observation]]], mark: Fetch, *, again: bool = False
) -> list[Change] | None:
    """Records a piece of the past: what one page says of any lotteries, and that it did, all of it or nothing.

    Nobody is told but of what was told before. No clock is asked: a draw stands so since what it rests on was last
    seen, so the rows are the same whenever it is loaded. A piece whose mark is there is left alone, which is None;
    `again` takes it up nevertheless, for a reader that was mended or a catalogue that grew.
    """
    async with ledger.transaction() as conn:
        await chain.grasp(conn)
        marked = await fetches.imported(conn, mark)
        if marked and not again:
            return None
        changes: list[Change] = []
        objections: list[str] = []
        for lottery, observations in said:
            if ours := word.newest(observations):
                done = await _record(conn, ledger.environment, lottery, ours, None, lambda _: False)
                changes += done.changes
                objections += done.objections
        if not marked:
            noted = replace(mark, outcome="objected", note=" ".join(objections[:1])) if objections else mark
            await fetches.add(conn, noted, imported=True)
    return changes


async def _record(
    conn: Connection,
    environment: str,
    lottery: Lottery,
    ours: Mapping[Place, Word],
    now: datetime | None,
    news: Callable[[DrawKey], bool],
) -> Recorded:
    """Records within a transaction; without `now` a change is dated by what it rests on, and all objections count."""
    end = await chain.grasp(conn)
    # Looked at with the pen in hand: another may just have written the same, or what was seen later.
    last = await rows.last_words(conn, lottery, [key for _, key in ours])
    fresh = word.fresh(ours, last)
    if not fresh:
        return Recorded()
    stands = await rows.heads(conn, lottery, [key for _, key in fresh])
    judged = word.judge(lottery, ours, fresh, stands)
    objections = tuple(words for one in judged if now is None or news(one.said.key) for words in one.said.objections)
    judged = [one for one in judged if not (fresh[one.place] and one.said.objections)]
    if not judged:
        return Recorded((), objections)
    await rows.keep(conn, environment, judged)
    known = _known(judged, await rows.words(conn, lottery, {one.said.key for one in judged}, last))
    verdicts = {key: weigh(lottery, key, said, _ruling(stands, key)) for key, said in known.items()}
    moments = {key: lottery.held_at(key, verdict.drawn_at) for key, verdict in verdicts.items()}
    changes: list[Change] = []
    for key in sorted(known, key=lambda key: (moments[key], key)):
        head, told = stands.get(key, (None, False))
        then = now or max(one.observed_at for one in known[key])
        after, kind = step(lottery, key, head, verdicts[key], then)
        if after is not None:
            changes.append(Change(after, kind if kind and (told or news(key)) else None))
    await write(conn, environment, end, changes, now)
    return Recorded(tuple(changes), objections)


def _known(judged: Iterable[Word], before: Iterable[Observation]) -> dict[DrawKey, list[Observation]]:
    """What every source last said of these draws: what is judged now, else what it said before."""
    latest = {(one.source, one.key): one for one in before} | {one.place: one.said for one in judged}
    known: dict[DrawKey, list[Observation]] = {}
    for one in latest.values():
        known.setdefault(one.key, []).append(one)
    return known


def _ruling(stands: Mapping[DrawKey, tuple[Draw, bool]], key: DrawKey) -> Ruling | None:
    """The person's word that is in force on that draw."""
    return stands[key][0].ruling if key in stands else None


async def write(
    conn: Connection, environment: str, end: chain.Link, changes: Sequence[Change], now: datetime | None
) -> None:
    """Links the changed draws to the chain, lets each stand at its newest result, and leaves events to be said.

    Without `now` an event is dated by its draw.
    """
    await rows.link(conn, environment, end, [Row(one.draw, one.told is not None) for one in changes])
    for change in changes:
        if change.told:
            at = now or change.draw.updated_at or change.draw.drawn_at
            await outbox.say(conn, Event(change.told, _nameless(change.draw), at))


def _nameless(draw: Draw) -> Draw:
    """The draw as the world may have it: who decided stays in the ledger."""
    return replace(draw, ruling=replace(draw.ruling, by="")) if draw.ruling else draw
