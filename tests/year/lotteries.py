"""Which lotteries the year is made of: every zone and kind, some that move their holidays, some that change rules."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from lotto.catalogue import Catalogue
from lotto.draws.lottery import Era, Lottery, Policy
from lotto.draws.pool import Kind

MOST_A_DAY = 4
"""A game drawn every few minutes would be the whole year alone."""


class Role(StrEnum):
    """Who tells of a lottery: its operator, an agency with eyes of its own, and a site that copies the agency."""

    OFFICIAL = "official"
    AGENCY = "agency"
    MIRROR = "mirror"


@dataclass(frozen=True)
class World:
    """Lotteries as the catalogue knows them, and as they really are: of a reform nobody may have told us."""

    catalogue: Catalogue
    real: dict[str, Lottery]
    reforms: dict[str, date]
    """The lotteries whose rules change on the way, with the day, whether the catalogue knows it or not."""


def world(
    known: Catalogue, count: int, since: date, *, part: int = 0, parts: int = 1, policy: Policy | None = None
) -> World:
    """So many lotteries with a calendar, the seldom drawn first, but every zone and one drawn often among them.

    Those that began later began before, by the same rules. Every fifth moves its draws of Christmas and New Year's Day
    to the day before, every tenth changes its rules on the way; all of it is in the catalogue, but for the last reform.
    Half may publish what an operator alone tells. Of `parts` that are lived one beside the other this is one.
    """
    ours: dict[str, Lottery] = {}
    real: dict[str, Lottery] = {}
    reforms: dict[str, date] = {}
    for n, one in enumerate(_chosen(known, count, since)):
        one = replace(one, sources=_sources(one, mirrored=n % 3 == 0), policy=policy or Policy(2, n % 4 < 2))
        one = _rested(one, since.year) if n % 5 == 0 else one
        ours[one.id] = real[one.id] = one
        day = since + timedelta(days=3 + 29 * (n // 10))
        if n % 10 == 3 and (changed := _reformed(one, day)):
            ours[one.id] = real[one.id] = changed
            reforms[one.id] = day
    if len(reforms) > 1:
        secret = list(reforms)[-1]
        ours[secret] = replace(ours[secret], eras=ours[secret].eras[:-1])
    mine = list(ours)[part::parts]
    return World(
        known_as({name: ours[name] for name in mine}),
        {name: real[name] for name in mine},
        {name: day for name, day in reforms.items() if name in mine},
    )


def _chosen(known: Catalogue, count: int, since: date) -> list[Lottery]:
    found = []
    for one in known.lotteries.values():
        one = _begun(one, since - timedelta(days=30))
        month = [len(one.slots(since + timedelta(days=n))) for n in range(28)]
        if sum(month) > 0 and max(month) <= MOST_A_DAY:
            found.append((sum(month), one.id, one))
    found.sort(key=lambda one: one[:2])
    by_zone = {one.zone.key: one for _, _, one in reversed(found)}
    order = {one.id: one for one in (found[-1][2], *by_zone.values(), *(one for _, _, one in found))}
    return list(order.values())[:count]


def _begun(one: Lottery, day: date) -> Lottery:
    first = one.eras[0]
    return one if first.starts_on <= day else replace(one, eras=(replace(first, starts_on=day), *one.eras[1:]))


def known_as(lotteries: dict[str, Lottery]) -> Catalogue:
    """The catalogue of these lotteries, each called by its own id at every source."""
    named = {(source, one.id): (one, "") for one in lotteries.values() for source in one.sources}
    return Catalogue(lotteries, {}, named)


def role(source: str) -> Role:
    """What part a source of the year plays."""
    return Role(source.split("_")[1])


def _sources(one: Lottery, *, mirrored: bool) -> dict[str, dict[str, str]]:
    operator = "".join(sign for sign in one.operator.lower() if sign.isascii() and sign.isalnum())
    names = [f"xx_{Role.OFFICIAL}_{one.country.lower()}{operator}", f"xx_{Role.AGENCY}_{one.country.lower()}"]
    if mirrored:
        names.append(f"xx_{Role.MIRROR}_{one.country.lower()}")
    return {name: {one.id: ""} for name in names}


def _rested(one: Lottery, year: int) -> Lottery:
    """Nobody draws on Christmas Day and New Year's Day: what falls there is held the day before, if that is free."""
    special = dict(one.special_days)
    for day in (date(year, 12, 25), date(year + 1, 1, 1)):
        before = day - timedelta(days=1)
        if day not in special and before not in special and one.slots(day) and not one.slots(before):
            special |= {before: one.slots(day), day: ()}
    return replace(one, special_days=special)


def _reformed(one: Lottery, day: date) -> Lottery | None:
    """From that day on a number more is in the urn; None where there is no urn of numbers."""
    last = one.eras[-1]
    pool = last.pools[0]
    if pool.kind is not Kind.NUMBER or pool.among or pool.rest_of or last.starts_on >= day:
        return None
    more = replace(pool, highest=pool.highest + 1)
    return replace(one, eras=(*one.eras, replace(last, starts_on=day, pools=(more, *last.pools[1:]))))


def era_of(one: Lottery, day: date) -> Era:
    """The rules in force on a day that has some."""
    era = one.era(day)
    assert era is not None
    return era
