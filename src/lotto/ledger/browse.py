"""A lottery's draws as a reader goes through them: newest first, those that are wanted, page by page.

A page costs about the same however many draws there are. Draws are found by the one index that tells most of what is
wanted; the rest is tried on those it gives, and only on so many of them. So a page may hold fewer draws than were asked
for, or none, and still not be the last.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from lotto.draws.draw import Draw, Status
from lotto.ledger.connection import Connection

LOOKED_AT = 1_000
"""Draws that are looked at for a page while the index tells by itself whether one is wanted."""

TRIED = 100
"""Draws that are looked at for a page when another table must be asked of each."""

NEWEST = "ORDER BY date DESC, drawn_at DESC, label DESC"


class Place(NamedTuple):
    """Where a draw stands among those of its lottery."""

    date: date
    drawn_at: datetime
    label: str


@dataclass(frozen=True)
class Wanted:
    """Which draws are wanted; what is left out does not matter."""

    since: date | None = None
    """The first local day."""
    until: date | None = None
    """The last local day."""
    label: str | None = None
    weekdays: Sequence[int] = ()
    """0 is Monday."""
    status: Status | None = None
    values: Sequence[Sequence[tuple[str, str]]] = ()
    """Published values, all of them: of each the places where it may stand, a pool and how it is written there.

    Draws are found by the first, so that had better be the rarest.
    """


@dataclass(frozen=True)
class Page:
    """Some draws, and the place after which the next page begins; None at the end."""

    draws: Sequence[Draw]
    end: Place | None


ALL = Wanted()


async def page(conn: Connection, lottery: str, most: int, wanted: Wanted = ALL, before: Place | None = None) -> Page:
    """The next `most` draws that are wanted, after the place where the page before ended."""
    search = _by_value(wanted, before) if wanted.values else _by_draw(wanted, before)
    # One more than is looked at tells whether there are others.
    reach = 1 + (search.most if search.tests else most)
    rows = await (
        await conn.execute(
            f"""SELECT date, drawn_at, label, {" AND ".join(search.tests) or "true"} AS wanted
                FROM ({search.found} {NEWEST} LIMIT %(reach)s) AS one {NEWEST}""",  # noqa: S608 - our own words
            _params(lottery, wanted, before) | {"reach": reach},
        )
    ).fetchall()
    looked_at = rows[: reach - 1]
    fitting = [_place(row) for row in looked_at if row["wanted"]]
    draws = await _draws(conn, lottery, fitting[:most])
    if len(fitting) > most:
        return Page(draws, fitting[most - 1])
    return Page(draws, _place(looked_at[-1]) if len(rows) == reach else None)


@dataclass(frozen=True)
class _Search:
    """Which index finds draws, what is then tried on each, and on how many."""

    found: str
    tests: Sequence[str]
    most: int


def _by_draw(wanted: Wanted, before: Place | None) -> _Search:
    """Search by the draws themselves: every word but the values is in an index of theirs."""
    tests = _tests(wanted)
    if wanted.status not in (None, Status.CONFIRMED):
        by = f"AND {tests.pop('status')} AND status <> 'confirmed'"  # as the index of the few that are not says
    elif "label" in tests:
        by = f"AND {tests.pop('label')}"
    else:
        by = ""
    bounds = _bounds(wanted, before)
    found = f"SELECT date, drawn_at, label, status FROM draw WHERE lottery = %(lottery)s {by} {bounds}"  # noqa: S608
    return _Search(found, [*tests.values()], LOOKED_AT)


def _by_value(wanted: Wanted, before: Place | None) -> _Search:
    """Search by the first value, pool by pool; other values and the status are asked for draw by draw."""
    found = f"""SELECT DISTINCT held.* FROM unnest(%(pools_0)s::text[], %(values_0)s::text[]) AS this (pool, value)
                CROSS JOIN LATERAL (
                    SELECT date, drawn_at, label FROM draw_value
                    WHERE lottery = %(lottery)s AND pool = this.pool AND value = this.value {_bounds(wanted, before)}
                    {NEWEST} LIMIT %(reach)s) AS held"""  # noqa: S608
    tests = _tests(wanted)
    asked = [_HOLDS.format(n=n) for n in range(1, len(wanted.values))]
    if tests.pop("status", None):
        asked.append(_STANDS)
    return _Search(found, [*tests.values(), *asked], TRIED if asked else LOOKED_AT)


# Not EXISTS: for that PostgreSQL may read all that a value or a status has, rather than look up the few draws at hand.
_HOLDS = """(
    SELECT true FROM unnest(%(pools_{n})s::text[], %(values_{n})s::text[]) AS other (pool, value)
    JOIN draw_value USING (pool, value)
    WHERE draw_value.lottery = %(lottery)s AND draw_value.date = one.date AND draw_value.drawn_at = one.drawn_at
      AND draw_value.label = one.label LIMIT 1)"""

_STANDS = """(
    SELECT status = %(status)s FROM draw
    WHERE draw.lottery = %(lottery)s AND draw.date = one.date AND draw.label = one.label)"""


def _tests(wanted: Wanted) -> dict[str, str]:
    """What is asked of a draw beside its values and its days."""
    given = {
        "label": ("label = %(label)s", wanted.label is not None),
        "weekdays": ("extract(isodow FROM date) = ANY(%(weekdays)s)", bool(wanted.weekdays)),
        "status": ("status = %(status)s", wanted.status is not None),
    }
    return {name: test for name, (test, asked) in given.items() if asked}


def _bounds(wanted: Wanted, before: Place | None) -> str:
    """Between which places of the order."""
    given = {
        "AND date >= %(since)s": wanted.since,
        "AND date <= %(until)s": wanted.until,
        "AND (date, drawn_at, label) < (%(date)s, %(drawn_at)s, %(before)s)": before,
    }
    return " ".join(bound for bound, asked in given.items() if asked is not None)


def _params(lottery: str, wanted: Wanted, before: Place | None) -> dict[str, object]:
    params: dict[str, object] = {
        "lottery": lottery,
        "since": wanted.since,
        "until": wanted.until,
        "label": wanted.label,
        "weekdays": [day + 1 for day in wanted.weekdays],
        "status": wanted.status and wanted.status.value,
    }
    for n, places in enumerate(wanted.values):
        params |= {f"pools_{n}": [pool for pool, _ in places], f"values_{n}": [value for _, value in places]}
    if before is not None:
        params |= {"date": before.date, "drawn_at": before.drawn_at, "before": before.label}
    return params


def _place(row: Mapping[str, object]) -> Place:
    return Place(row["date"], row["drawn_at"], row["label"])  # type: ignore[arg-type]


async def _draws(conn: Connection, lottery: str, places: Sequence[Place]) -> list[Draw]:
    rows = await conn.execute(
        """SELECT result.body FROM unnest(%s::date[], %s::text[]) WITH ORDINALITY AS shown (date, label, place)
           JOIN draw ON draw.lottery = %s AND draw.date = shown.date AND draw.label = shown.label
           JOIN result USING (seq) ORDER BY shown.place""",
        [[one.date for one in places], [one.label for one in places], lottery],
    )
    return [msgspec.convert(row["body"], Draw) async for row in rows]
