"""The only pen for observations and results.

What sources say comes in; in one transaction it is kept, weighed against everything known of those draws, written as
a new link of the chain where it changes what we hold, and left in the outbox where it is to be told.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from itertools import groupby
from uuid import UUID

from lotto.draws.draw import Act, Draw, DrawKey, Observation, Ruling, Seen, Status
from lotto.draws.lottery import Lottery
from lotto.draws.verdict import Verdict, weigh
from lotto.events import Event, Type, event_id
from lotto.ledger import chain, fetches, outbox, rows
from lotto.ledger.connection import Connection, Ledger
from lotto.ledger.fetches import Fetch
from lotto.ledger.rows import Place, Row, Word

PUBLISHED = (Status.PROVISIONAL, Status.CONFIRMED)

TWICE = "The source shows this draw twice, and not the same."


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
    ours = _newest(observations)
    if not ours:
        return Recorded()
    async with ledger.reading() as conn:
        if not _fresh(ours, await rows.last_words(conn, lottery, [key for _, key in ours])):
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
            if ours := _newest(observations):
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
    fresh = _fresh(ours, last)
    if not fresh:
        return Recorded()
    stands = await rows.heads(conn, lottery, [key for _, key in fresh])
    judged = _judged(lottery, ours, fresh, stands)
    objections = tuple(words for one in judged if now is None or news(one.said.key) for words in one.said.objections)
    judged = [one for one in judged if not (fresh[one.place] and one.said.objections)]
    if not judged:
        return Recorded((), objections)
    await rows.keep(conn, environment, judged)
    known = _known(judged, await rows.words(conn, lottery, {one.said.key for one in judged}, last))
    verdicts = {key: weigh(lottery, key, said, _ruling(stands, key)) for key, said in known.items()}
    moments = {key: _moment(lottery, key, verdict.drawn_at) for key, verdict in verdicts.items()}
    changes: list[Change] = []
    for key in sorted(known, key=lambda key: (moments[key], key)):
        head, told = stands.get(key, (None, False))
        then = now or max(one.observed_at for one in known[key])
        after, kind = step(lottery, key, head, verdicts[key], then)
        if after is not None:
            changes.append(Change(after, kind if kind and (told or news(key)) else None))
    await write(conn, environment, end, changes, now)
    return Recorded(tuple(changes), objections)


def step(
    lottery: Lottery, key: DrawKey, head: Draw | None, verdict: Verdict, now: datetime
) -> tuple[Draw | None, Type | None]:
    """How a draw goes on from where it stands, given a verdict: its next state and the event that tells of it.

    Published values are never taken back by silence: what no longer finds support is held, and stays shown; so stays
    a pool that is told no more. Only a person's word takes them back, when the draw is void; that is a revision without
    values. A draw is not opened before its time, whatever is said of it.
    """
    if head is None and (verdict.status is Status.SCHEDULED or now < lottery.opens_at(key)):
        return None, None
    before = head or Draw(key, Status.SCHEDULED, _moment(lottery, key, verdict.drawn_at), update=-1)
    after = replace(
        before,
        status=verdict.status,
        update=before.update + 1,
        seen=verdict.seen,
        reason=verdict.reason,
        sources=verdict.evidence,
        observed_at=before.observed_at or verdict.observed_at,
        # What is loaded from the past may come to a draw that was touched since.
        updated_at=max(now, before.updated_at or now),
        ruling=verdict.ruling,
    )
    if verdict.status is Status.VOID:
        if before.status is Status.VOID:
            return (None, None) if _same(before, after) else (after, Type.RESULT_UPDATED)
        taken_back = before.revision + 1 if before.numbers else before.revision
        return replace(
            after, revision=taken_back, numbers={}, drawn={}, replaces={}, decided_at=None
        ), Type.RESULT_VOIDED
    if verdict.status not in PUBLISHED:
        if before.revision and verdict.status is not Status.HELD:
            reason = "A source took back what it had shown; the published values stay until this is settled."
            after = replace(after, status=Status.HELD, seen={}, reason=reason)
        if _same(before, after):
            return None, None
        return after, Type.RESULT_UPDATED if before.revision else None

    era = lottery.era(key.date)
    given = verdict.ruling is not None and verdict.ruling.kind is Act.CORRECT and verdict.ruling != before.ruling
    told = dict(verdict.numbers) if given else {**before.numbers, **verdict.numbers}
    numbers = {pool.name: told[pool.name] for pool in (era.pools if era else ()) if pool.name in told}
    after = replace(
        after,
        numbers=numbers,
        drawn=verdict.drawn or before.drawn,
        serial=verdict.serial or before.serial,
        jackpot=verdict.jackpot or before.jackpot,
        prizes=verdict.prizes or before.prizes,
    )
    if not before.revision:
        return replace(after, revision=1, decided_at=now), Type.NEW_RESULT
    if not before.numbers or any(numbers.get(pool) != values for pool, values in before.numbers.items()):
        corrected = replace(after, revision=before.revision + 1, replaces=before.numbers, decided_at=now)
        return replace(corrected, drawn=verdict.drawn), Type.RESULT_CORRECTED
    return (None, None) if _same(before, after) else (after, Type.RESULT_UPDATED)


def _same(before: Draw, after: Draw) -> bool:
    """Nothing worth telling lies between the two: when a source was last asked does not count."""
    if (before.status, before.reason, before.numbers) != (after.status, after.reason, after.numbers):
        return False

    def heart(draw: Draw) -> Draw:
        sources = tuple(replace(one, observed_at=draw.drawn_at, page="") for one in draw.sources)
        return replace(draw, update=0, updated_at=None, sources=sources)

    return heart(before) == heart(after)


def _moment(lottery: Lottery, key: DrawKey, told: datetime | None) -> datetime:
    """When the draw is held, in UTC: by the calendar, else as a source told, else at the end of its local day."""
    at = lottery.drawn_at(key) or told or datetime.combine(key.date, time(23, 59), lottery.zone)
    return at.astimezone(UTC)


def _newest(observations: Iterable[Observation]) -> dict[Place, Word]:
    """The last word of each source on each draw; where it said two different things at once, with an objection."""
    newest: dict[Place, Observation] = {}
    for one in sorted(observations, key=lambda one: one.observed_at):
        place = (one.source, one.key)
        twin = newest.get(place)
        at_once = twin is not None and twin.observed_at == one.observed_at
        if twin is not None and at_once and (TWICE in twin.objections or twin.numbers != one.numbers):
            one = replace(one, objections=(*one.objections, TWICE))
        newest[place] = one
    return {place: Word.of(one) for place, one in newest.items()}


def _fresh(ours: Mapping[Place, Word], last: Mapping[Place, rows.Last]) -> dict[Place, bool]:
    """What the source has not said yet, or what was objected to when it last said so.

    The value tells the two apart: True when it is the old words, to be weighed again since rules look at the clock.
    What was seen before its source's last word is not fresh: a page read slowly does not unsay a younger one.
    """
    fresh: dict[Place, bool] = {}
    for place, one in ours.items():
        before = last.get(place)
        same = before is not None and before.fingerprint == one.fingerprint
        if before is None or ((before.objected or not same) and before.observed_at <= one.said.observed_at):
            fresh[place] = same
    return fresh


def _known(judged: Iterable[Word], before: Iterable[Observation]) -> dict[DrawKey, list[Observation]]:
    """What every source last said of these draws: what is judged now, else what it said before."""
    latest = {(one.source, one.key): one for one in before} | {one.place: one.said for one in judged}
    found = sorted(latest.values(), key=lambda one: (one.key, one.source))
    return {key: list(group) for key, group in groupby(found, key=lambda one: one.key)}


def _ruling(stands: Mapping[DrawKey, tuple[Draw, bool]], key: DrawKey) -> Ruling | None:
    """The person's word that is in force on that draw."""
    return stands[key][0].ruling if key in stands else None


def _judged(
    lottery: Lottery,
    ours: Mapping[Place, Word],
    fresh: Iterable[Place],
    heads: Mapping[DrawKey, tuple[Draw, bool]],
) -> list[Word]:
    """The fresh observations with what the rules object to."""
    published: dict[DrawKey, Seen] = {key: draw.numbers for key, (draw, _) in heads.items() if draw.numbers}
    times: dict[DrawKey, datetime | None] = {key: draw.drawn_at for key, (draw, _) in heads.items()}
    judged = []
    for source, places in groupby(sorted(fresh), key=lambda place: place[0]):
        said = {key: one.said for (whose, key), one in ours.items() if whose == source}
        values = published | {key: one.numbers for key, one in said.items()}
        told = times | {key: one.drawn_at for key, one in said.items()}
        line = sorted(values, key=lambda key: (_moment(lottery, key, told[key]), key))
        before = dict(zip(line[1:], line, strict=False))
        for place in places:
            one = said[place[1]]
            previous = before.get(one.key)
            words = lottery.objections(
                one.key, one.numbers, one.observed_at, values[previous] if previous else None, one.drawn_at
            )
            judged.append(ours[place].objected(words))
    return judged


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
