"""The pools of an era: numbers, digits, words or tickets, by what they are taken from."""

import re
from typing import Any

from lotto.catalogue.document import Document
from lotto.catalogue.form import Count, PoolForm
from lotto.catalogue.lines import Path
from lotto.draws.pool import Kind, Pool, Shape

PATTERN = re.compile(r"(?:[#A]\+?|[ /-])+")

SHAPES = {Kind.TICKET: Shape.TICKET}
"""The shape of a kind that says nothing else; of every other it is `main`."""


def pools_of(document: Document, tables: dict[str, dict[str, Any]], path: Path) -> tuple[Pool, ...]:
    """The pools of these tables in their order; raises BadFile."""
    made: dict[str, Pool] = {}
    for name, table in tables.items():
        made[name] = _pool(document, name, table, tables, (*path, "pools", name))
    for name, pool in made.items():
        for key, other in (("rest_of", pool.rest_of), ("among", pool.among)):
            if other and (other not in made or other == name):
                raise document.bad((*path, "pools", name, key), f"There is no other pool “{other}” in this era.")
        owner = made.get(pool.rest_of)
        if owner and owner.take + pool.take > pool.size:
            raise document.bad((*path, "pools", name), f"There are not enough values left of {pool.rest_of}.")
    if all(pool.optional for pool in made.values()):
        raise document.bad((*path, "pools"), "An era needs a pool that is not optional.")
    return tuple(made.values())


def _pool(document: Document, name: str, table: dict[str, Any], others: dict[str, dict[str, Any]], path: Path) -> Pool:
    form = document.typed(table, PoolForm, path)
    fewest, take = _count(document, form.take, (*path, "take"))
    of, kind = form.of, form.kind
    if of is None and (beside := others.get(form.rest_of or form.among)):
        # A bonus from the rest of the main pool, or from among it, is taken from what that is taken from.
        of, kind = beside.get("of"), kind or (Kind(beside["kind"]) if "kind" in beside else None)
    kind, facts = _taken_from(document, of, kind, (*path, "of"))
    pool = Pool(
        name=name,
        take=take,
        kind=kind,
        shape=form.shape or SHAPES.get(kind, Shape.MAIN),
        title=form.title,
        ordered=form.ordered,
        repeats=form.repeats,
        optional=form.optional,
        fewest=fewest,
        rest_of=form.rest_of,
        among=form.among,
        **facts,
    )
    if take > pool.size and not form.repeats:
        raise document.bad((*path, "take"), f"One cannot take {take} of {pool.size} without repeats.")
    return pool


def _count(document: Document, take: object, path: Path) -> tuple[int | None, int]:
    """The fewest values of a pool that varies, and the most."""
    if not isinstance(take, list):
        return None, document.typed(take, Count, path)
    fewest, most = document.typed(take, tuple[int, int], path)
    if not 0 < fewest < most:
        raise document.bad(path, "A pool that varies takes from 1 or more up to more: take = [1, 10].")
    return fewest, most


def _taken_from(document: Document, of: object, kind: Kind | None, path: Path) -> tuple[Kind, dict[str, Any]]:
    """What a pool is taken from tells its kind: a range, a list or table of words, the pattern of a ticket."""
    match of:
        case None:
            raise document.bad(path[:-1], "`of` is missing here; add it.")
        case str() if kind in (None, Kind.TICKET):
            if not PATTERN.fullmatch(of) or not set("#A") & set(of):
                raise document.bad(path, f"“{of}” is no pattern of a ticket: # is a digit, A a letter, + one or more.")
            return Kind.TICKET, {"written": of}
        case dict() if kind in (None, Kind.WORD):
            words = document.typed(of, dict[str, str], path)
        case list() if kind is Kind.WORD or (kind is None and of and all(isinstance(word, str) for word in of)):
            words = dict.fromkeys(document.typed(of, list[str], path), "")
            if len(words) < len(of):
                raise document.bad(path, "A word stands here twice.")
        case _:
            return _range(document, of, kind or Kind.NUMBER, path)
    if not words or not all(map(str.strip, words)):
        raise document.bad(path, "A pool of words lists them all, and none is empty.")
    return Kind.WORD, {"words": words}


def _range(document: Document, of: object, kind: Kind, path: Path) -> tuple[Kind, dict[str, Any]]:
    if kind in (Kind.WORD, Kind.TICKET):
        raise document.bad(path, "Words are taken of a list or table, tickets of a pattern such as “AA######”.")
    lowest, highest = document.typed(of, tuple[int, int], path)
    if lowest > highest:
        raise document.bad(path, f"The pool goes from {lowest} down to {highest}; write the lowest first.")
    if lowest < 0:
        raise document.bad(path, f"No source writes {lowest}; begin at 0 or above.")
    return kind, {"lowest": lowest, "highest": highest}
