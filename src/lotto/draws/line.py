"""A line as a player writes it: “10 45 48 58 61 + 2”, a plus between the pools."""

import re
from collections.abc import Iterator, Mapping, Sequence

from lotto.draws import checking
from lotto.draws.checking import BadLine
from lotto.draws.lottery import Era
from lotto.draws.pool import Kind, Pool

ZEROS = "\u0660\u06f0\u0966\u0e50\uff10"
"""Where the figures of other scripts begin: Arabic, Persian, Devanagari, Thai, and wide ones."""

FIGURES = {ord(zero) + n: str(n) for zero in ZEROS for n in range(10)}

MOST = 100
"""Lines that are checked at once."""


def texts(era: Era, line: str) -> dict[str, list[str]]:
    """The line's texts by pool, which `checking.read` understands; the pools stand in the order of the rules.

    Between values may stand spaces, commas, semicolons or hyphens, and nothing between single digits. Without a plus
    the last values go to the later pools where the line holds just as many as it takes. Raises BadLine.
    """
    pools = checking.chosen(era)
    parts = line.translate(FIGURES).split("+")
    if len(parts) > len(pools):
        names = " + ".join(pool.title or pool.name for pool in pools)
        raise BadLine(
            "parts", f"“{line[:80]}” has {len(parts)} parts; a line of this game is {names}.", count=len(parts)
        )
    split = [list(_values(pool, part)) for pool, part in zip(pools, parts, strict=False)]
    if len(split) == 1 < len(pools) and len(split[0]) == sum(pool.take for pool in pools):
        split = list(_dealt(pools, split[0]))
    return {pool.name: values for pool, values in zip(pools, split, strict=False)}


def written(era: Era, line: Mapping[str, Sequence[str]]) -> str:
    """The texts as a line that `texts` reads the same; raises BadLine where nobody can choose one."""
    return " + ".join(" ".join(line.get(pool.name, ())) for pool in checking.chosen(era))


def lines(text: str) -> list[str]:
    """The lines of a text, one under the other; empty ones do not count."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _values(pool: Pool, part: str) -> Iterator[str]:
    for value in re.split(r"[\s,;-]+", part.strip()):
        spelt = pool.kind is Kind.DIGIT and value.isascii() and value.isdigit() and len(value) % pool.width == 0
        if spelt:
            yield from (value[at : at + pool.width] for at in range(0, len(value), pool.width))
        elif value:
            yield value


def _dealt(pools: Sequence[Pool], values: Sequence[str]) -> Iterator[list[str]]:
    at = 0
    for pool in pools:
        yield list(values[at : at + pool.take])
        at += pool.take
