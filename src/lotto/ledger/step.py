"""How a draw goes on from where it stands, given a verdict: its next state, and the event that tells of it. Pure."""

from datetime import datetime

from lotto.draws.altered import altered
from lotto.draws.draw import Act, Draw, DrawKey, Status
from lotto.draws.lottery import Lottery
from lotto.draws.verdict import Verdict, compatible
from lotto.events import Type

PUBLISHED = (Status.PROVISIONAL, Status.CONFIRMED)


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
    before = head or Draw(key, Status.SCHEDULED, lottery.held_at(key, verdict.drawn_at), update=-1)
    after = altered(
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
        return altered(
            after, revision=taken_back, numbers={}, drawn={}, replaces={}, decided_at=None
        ), Type.RESULT_VOIDED
    if verdict.status not in PUBLISHED:
        if before.revision and verdict.status is not Status.HELD:
            after = altered(after, status=Status.HELD, seen={}, reason=_unsupported(lottery, before, verdict))
        if _same(before, after):
            return None, None
        return after, Type.RESULT_UPDATED if before.revision else None

    era = lottery.era(key.date)
    given = verdict.ruling is not None and verdict.ruling.kind is Act.CORRECT and verdict.ruling != before.ruling
    told = dict(verdict.numbers) if given else {**before.numbers, **verdict.numbers}
    numbers = {pool.name: told[pool.name] for pool in (era.pools if era else ()) if pool.name in told}
    after = altered(
        after,
        numbers=numbers,
        drawn=verdict.drawn or before.drawn,
        serial=verdict.serial or before.serial,
        jackpot=verdict.jackpot or before.jackpot,
        prizes=verdict.prizes or before.prizes,
    )
    if not before.revision:
        return altered(after, revision=1, decided_at=now), Type.NEW_RESULT
    if not before.numbers or any(numbers.get(pool) != values for pool, values in before.numbers.items()):
        corrected = altered(after, revision=before.revision + 1, replaces=before.numbers, decided_at=now)
        return altered(corrected, drawn=verdict.drawn), Type.RESULT_CORRECTED
    return (None, None) if _same(before, after) else (after, Type.RESULT_UPDATED)


def _unsupported(lottery: Lottery, before: Draw, verdict: Verdict) -> str:
    """That what is published has lost its support, in a sentence that names every source."""
    era = lottery.era(before.key.date)
    pools = era.pools if era else ()
    shows = {one.source: one.agrees and compatible(pools, before.numbers, one.numbers) for one in verdict.evidence}
    each = ", ".join(f"{source} does" if so else f"{source} does not" for source, so in shows.items())
    return (
        f"Too few sources still show all of what is published ({each or 'none does'}); it stays until this is settled."
    )


def _same(before: Draw, after: Draw) -> bool:
    """Nothing worth telling lies between the two: when a source was last asked does not count."""
    if (before.status, before.reason, before.numbers) != (after.status, after.reason, after.numbers):
        return False

    def heart(draw: Draw) -> Draw:
        sources = tuple(altered(one, observed_at=draw.drawn_at, page="") for one in draw.sources)
        return altered(draw, update=0, updated_at=None, sources=sources)

    return heart(before) == heart(after)
