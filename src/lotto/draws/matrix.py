"""A matrix: the pools of a game while they stay the same, over however many eras of its other rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lotto.draws.lottery import Lottery
from lotto.draws.pool import Pool


@dataclass(frozen=True)
class Matrix:
    """The pools that were drawn from between two days, both included: what draws can be counted together.

    A new price or another day of the week begins an era and not a matrix: the balls in the drum stay the same.
    """

    starts_on: date
    ends_on: date
    """`date.max` for the one in force."""
    pools: tuple[Pool, ...]


class BadSpan(ValueError):
    """These days cannot be counted together; the message says which can."""


def matrices(lottery: Lottery) -> tuple[Matrix, ...]:
    """Every matrix of the game, the oldest first."""
    found: list[Matrix] = []
    for era in lottery.eras:
        if found and found[-1].pools == era.pools:
            continue
        if found:
            found[-1] = Matrix(found[-1].starts_on, era.starts_on - timedelta(days=1), found[-1].pools)
        found.append(Matrix(era.starts_on, date.max, era.pools))
    return tuple(found)


def span(lottery: Lottery, since: date | None, until: date | None) -> tuple[Matrix, date, date]:
    """The matrix of a span of local days and its first and last day; raises BadSpan where no one matrix holds it all.

    An end that is not named is that of the matrix of the other end; without either it is the matrix in force.
    """
    every = matrices(lottery)
    if since is not None and until is not None and since > until:
        raise BadSpan(f"The span begins on {since} and ends on {until}, before that.")
    named = since or until
    matrix = _holds(every, named) if named else every[-1]
    if matrix is None:
        raise BadSpan(f"{lottery.name} has no rules for {named}; its first era starts on {every[0].starts_on}.")
    first, last = since or matrix.starts_on, until or matrix.ends_on
    if last > matrix.ends_on:
        raise BadSpan(
            f"{lottery.name} was drawn from other pools from {matrix.ends_on + timedelta(days=1)} on: "
            f"ask for days up to {matrix.ends_on}, or from then on."
        )
    return matrix, first, last


def _holds(every: Sequence[Matrix], on: date) -> Matrix | None:
    return next((one for one in every if one.starts_on <= on <= one.ends_on), None)
