"""Rows: how the balls of a card stand in lines."""

from collections.abc import Sequence
from dataclasses import replace

from lotto.draws.pool import Shape
from lotto.imaker.face import Group


def lined(groups: Sequence[Group], across: int, *, beside: bool, dense: bool = False) -> tuple[tuple[Group, ...], ...]:
    """The groups on lines: pools of one size in even lines; else the first in even rows, the others beside its last
    where they may, else below.
    """
    first, *others = groups
    if alike(groups) and len(first.balls) <= across:
        share = across // len(first.balls)
        return tuple(tuple(groups[start:end]) for start, end in parts(len(groups), share))
    rows = _rows(first, across, dense=dense)
    lines: list[tuple[Group, ...]] = [(row,) for row in rows]
    if beside and sum(len(group.balls) for group in (*lines[-1], *others)) <= across:
        return (*lines[:-1], (*lines[-1], *others))
    below: list[tuple[Group, ...]] = []
    for group in others:
        rows = _rows(group, across, dense=dense)
        if below and len(rows) == 1 and sum(len(one.balls) for one in (*below[-1], group)) <= across:
            below[-1] = (*below[-1], group)
        else:
            below.extend((row,) for row in rows)
    return (*lines, *below)


def alike(groups: Sequence[Group]) -> bool:
    """Whether these are several pools of one make, none of which is the main one (the wheels of a town each)."""
    return len(groups) > 2 and len({(len(group.balls), group.shape) for group in groups}) == 1


def _rows(group: Group, across: int, *, dense: bool) -> list[Group]:
    """The group in as few rows as it takes; only the one that its title stands next to bears it.

    Digits are one number, which no line breaks.
    """
    rows = parts(len(group.balls), len(group.balls) if group.shape is Shape.DIGIT else across)
    titled = rows[0] if dense else rows[-1]
    return [
        replace(group, balls=group.balls[start:end], title=group.title if (start, end) == titled else "")
        for start, end in rows
    ]


def parts(count: int, most: int) -> list[tuple[int, int]]:
    """Where so many things begin and end in as few parts as hold `most` each, as even as can be."""
    needed = -(-count // most)
    share, more = divmod(count, needed)
    ends = [share * (part + 1) + min(part + 1, more) for part in range(needed)]
    return list(zip([0, *ends], ends, strict=False))
