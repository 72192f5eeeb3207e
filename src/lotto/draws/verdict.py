"""The verdict: what we hold true of a draw, given what each source last said, the lottery's policy and a person's word.

Pure. One latest observation a source goes in; a status, the values and the evidence come out.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from lotto.draws.draw import (
    Act,
    DrawKey,
    Evidence,
    Money,
    Numbers,
    Observation,
    Prize,
    Ruling,
    Seen,
    Status,
    Value,
)
from lotto.draws.lottery import Era, Lottery
from lotto.draws.pool import Pool


@dataclass(frozen=True)
class Verdict:
    """A status with its values and reasons; `numbers` is empty unless they may be published."""

    status: Status
    reason: str
    numbers: Numbers = field(default_factory=dict)
    drawn: Numbers = field(default_factory=dict)
    seen: Seen = field(default_factory=dict)
    serial: str | None = None
    jackpot: Money | None = None
    prizes: tuple[Prize, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    observed_at: datetime | None = None
    drawn_at: datetime | None = None
    """When the most trusted who tells it says the draw was held."""
    ruling: Ruling | None = None
    """The person's word that it rests on."""


def weigh(lottery: Lottery, key: DrawKey, observations: Iterable[Observation], ruling: Ruling | None = None) -> Verdict:
    """What these observations of one draw come to, under the lottery's policy or a person's word.

    Any disagreement holds the draw: values that differ between two sources, or values that a rule objects to
    and that nobody else shows. Sources fed by one origin count once. A source that shows too few values neither
    agrees nor disagrees, unless what it shows contradicts. An optional pool needs as many witnesses as the rest: what
    one source alone tells of it is left out, or keeps the whole provisional where the policy has that.

    A person's word counts more than all that sources showed when it was given. What a source says later and otherwise
    holds the draw again, for the person to decide with what is known then.
    """
    trust = lottery.trust
    said = sorted(observations, key=lambda one: (trust.get(one.source, len(trust)), one.source))
    era = lottery.era(key.date)
    if ruling is not None:
        return _ruled(lottery, key, said, ruling)
    if not said:
        return Verdict(Status.SCHEDULED, "No source has shown this draw yet.")
    if era is None:
        return Verdict(Status.SCHEDULED, "There are no rules for that day, so nothing is told of it.")
    pools = era.pools
    whole = [one for one in said if not one.objections and era.is_whole(one.numbers)]
    leader, dissent = _dissent(era, (whole or said)[0], said)
    objected = [one for one in said if one.objections]
    agreeing = [one for one in whole if one not in dissent]
    evidence = tuple(_evidence(one, one in agreeing) for one in said)
    first = min(one.observed_at for one in said)
    told = next((one.drawn_at for one in said if one.drawn_at), None)

    if dissent:
        names = ", ".join(one.source for one in dissent)
        reason = f"Sources disagree: {leader.source} shows {spell(leader.numbers)}; not so {names}."
        return Verdict(Status.HELD, reason, evidence=evidence, observed_at=first, drawn_at=told)
    if not whole:
        if objected:
            reason = f"{objected[0].source}: {objected[0].objections[0]}"
            return Verdict(Status.HELD, reason, evidence=evidence, observed_at=first, drawn_at=told)
        fullest = max(said, key=lambda one: sum(v is not None for values in one.numbers.values() for v in values))
        return Verdict(
            Status.PARTIAL,
            "The draw is under way: not all of it is seen yet.",
            seen=fullest.numbers,
            evidence=evidence,
            observed_at=first,
            drawn_at=told,
        )

    enough = _enough(lottery, agreeing)
    provisional = lottery.policy.provisional and any(one.official for one in agreeing)
    told_alone = [pool for pool in pools if pool.optional and _alone_officially(lottery, _tellers(pool, agreeing))]
    if enough and not (provisional and told_alone):
        status, reason = Status.CONFIRMED, f"{len({one.origin for one in agreeing})} independent sources agree."
    elif provisional:
        of = f" of the {told_alone[0].name} pool" if enough else ""
        status, reason = Status.PROVISIONAL, f"One official source{of} so far."
    else:
        reason = "One source has shown this draw; it is told when an independent one agrees."
        return Verdict(Status.SCHEDULED, reason, evidence=evidence, observed_at=first, drawn_at=told)
    return Verdict(
        status,
        reason,
        numbers=_witnessed(lottery, pools, agreeing, alone=told_alone if provisional else ()),
        drawn=_drawn(agreeing),
        serial=next((one.serial for one in agreeing if one.serial), None),
        jackpot=next((one.jackpot for one in agreeing if one.jackpot), None),
        prizes=next((one.prizes for one in agreeing if one.prizes), ()),
        evidence=evidence,
        observed_at=first,
        drawn_at=told,
    )


def _ruled(lottery: Lottery, key: DrawKey, said: Sequence[Observation], ruling: Ruling) -> Verdict:
    """What a person ruled, unless a source has said something new against it since."""
    era = lottery.era(key.date)
    pools = era.pools if era else ()
    agreeing = [
        one for one in said if lottery.is_whole(key, one.numbers) and compatible(pools, ruling.numbers, one.numbers)
    ]
    verdict = Verdict(
        Status.VOID if ruling.kind is Act.VOID else Status.HELD,
        f"{'The draw is void' if ruling.kind is Act.VOID else 'A person holds it back'}: {ruling.reason}",
        evidence=tuple(_evidence(one, bool(ruling.numbers) and one in agreeing) for one in said),
        observed_at=min((one.observed_at for one in said), default=None),
        drawn_at=next((one.drawn_at for one in said if one.drawn_at), None),
        ruling=ruling,
    )
    if ruling.kind in (Act.HOLD, Act.VOID):
        return verdict
    against = [
        one for one in said if one.numbers != ruling.seen.get(one.source) and _contradicts(pools, ruling, one, agreeing)
    ]
    if against:
        words = "; ".join(f"{one.source} shows {spell(one.numbers)}" for one in against)
        done = "approved it" if ruling.kind is Act.APPROVE else "corrected it"
        return replace(verdict, reason=f"Since a person {done}, {words}: this must be decided again.")
    # A pool that the person left open is told where nobody shows it otherwise.
    agreed = {
        pool.name
        for pool in pools
        if all(compatible([pool], _only(pool, a), _only(pool, b)) for a in said for b in said)
    }
    told = {name: values for name, values in union(pools, agreeing).items() if name in agreed} | dict(ruling.numbers)
    return replace(
        verdict,
        status=Status.CONFIRMED,
        reason=f"A person {'approved' if ruling.kind is Act.APPROVE else 'corrected'} it: {ruling.reason}",
        numbers={pool.name: told[pool.name] for pool in pools if pool.name in told},
        drawn=_drawn(agreeing),
        serial=next((one.serial for one in agreeing if one.serial), None),
        jackpot=next((one.jackpot for one in agreeing if one.jackpot), None),
        prizes=next((one.prizes for one in agreeing if one.prizes), ()),
    )


def _contradicts(pools: Sequence[Pool], ruling: Ruling, one: Observation, agreeing: Sequence[Observation]) -> bool:
    """Whether it shows other values than the ruling, or, in what that leaves open, than those who agree with it."""
    return not compatible(pools, ruling.numbers, one.numbers) or any(
        not compatible(pools, other.numbers, one.numbers) for other in agreeing
    )


def _only(pool: Pool, one: Observation) -> Seen:
    return {pool.name: one.numbers[pool.name]} if pool.name in one.numbers else {}


def _evidence(one: Observation, agrees: bool) -> Evidence:
    return Evidence(
        one.source, one.official, one.origin, one.numbers, agrees, one.observed_at, one.page, one.objections
    )


def _dissent(era: Era, leader: Observation, said: Sequence[Observation]) -> tuple[Observation, list[Observation]]:
    """One of them and those who contradict it: the leader where anyone does, else any two who contradict each other.

    Two may well agree with a leader who leaves a pool open, and not with each other.
    """
    if all(one.numbers == leader.numbers for one in said) and era.knows(leader.numbers):
        return leader, []
    pools = era.pools
    for one in (leader, *said):
        dissent = [other for other in said if other is not one and not compatible(pools, one.numbers, other.numbers)]
        if dissent:
            return one, dissent
    return leader, []


def compatible(pools: Sequence[Pool], ours: Seen, theirs: Seen) -> bool:
    """Nothing that `theirs` tells contradicts `ours`; places and optional pools that one leaves open do not count."""
    return all(
        _fits(pool, ours[pool.name], theirs[pool.name]) for pool in pools if pool.name in ours and pool.name in theirs
    ) and not (set(theirs) | set(ours)) - {pool.name for pool in pools}


def _fits(pool: Pool, ours: Sequence[Value | None], theirs: Sequence[Value | None]) -> bool:
    if pool.ordered:
        return all(a is None or b is None or a == b for a, b in zip(ours, theirs, strict=False))
    a, b = Counter(v for v in ours if v is not None), Counter(v for v in theirs if v is not None)
    if pool.fewest is not None and pool.is_whole(ours) and pool.is_whole(theirs):
        # Of a pool that varies nobody can tell that values are missing.
        return a == b
    return a <= b or b <= a


def union(pools: Sequence[Pool], told: Sequence[Observation]) -> Numbers:
    """The values of every pool that any of these whole observations tells, in the order of the lottery's pools."""
    every = ((pool, _tellers(pool, told)) for pool in pools)
    return {pool.name: _values(pool, tellers[0]) for pool, tellers in every if tellers}


def _enough(lottery: Lottery, agreeing: Sequence[Observation]) -> bool:
    """So many origins as the policy asks: with an official source among them two."""
    official = any(one.official for one in agreeing)
    return len({one.origin for one in agreeing}) >= (2 if official else lottery.policy.agree)


def _tellers(pool: Pool, agreeing: Sequence[Observation]) -> Sequence[Observation]:
    """Those of these whole observations that tell the whole of a pool: of one that is not optional all do."""
    if not pool.optional:
        return agreeing
    return [one for one in agreeing if pool.name in one.numbers and pool.is_whole(one.numbers[pool.name])]


def _values(pool: Pool, teller: Observation) -> tuple[Value, ...]:
    return tuple([value for value in teller.numbers[pool.name] if value is not None])


def _alone_officially(lottery: Lottery, tellers: Sequence[Observation]) -> bool:
    """What they tell has no independent witness, but an official source says it."""
    return any(one.official for one in tellers) and not _enough(lottery, tellers)


def _witnessed(
    lottery: Lottery, pools: Sequence[Pool], agreeing: Sequence[Observation], alone: Sequence[Pool]
) -> Numbers:
    """The values of every pool that enough sources tell, or that is among those `alone`, in the lottery's order."""
    told: dict[str, tuple[Value, ...]] = {}
    for pool in pools:
        tellers = _tellers(pool, agreeing)
        if tellers and (not pool.optional or pool in alone or _enough(lottery, tellers)):
            told[pool.name] = _values(pool, tellers[0])
    return told


def _drawn(agreeing: Sequence[Observation]) -> Numbers:
    for one in agreeing:
        if one.drawn:
            return {name: tuple(v for v in values if v is not None) for name, values in one.drawn.items()}
    return {}


def spell(numbers: Seen) -> str:
    return ", ".join(f"{name} {' '.join(str(v) for v in values)}" for name, values in numbers.items())
