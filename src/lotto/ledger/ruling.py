"""A person's word on a draw: kept for good, linked into the chain, and carried out with the one pen."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from lotto import wire
from lotto.draws.draw import Act, Draw, DrawKey, Numbers, Observation, Ruling
from lotto.draws.lottery import Lottery
from lotto.draws.verdict import weigh
from lotto.ledger import chain, decisions, rows
from lotto.ledger.connection import Ledger, LedgerError
from lotto.ledger.decisions import Decision
from lotto.ledger.record import Change, write
from lotto.ledger.step import step
from lotto.ledger.text import storable

Choose = Callable[[Sequence[Observation]], Numbers]
"""Picks the values to be published, given what every source last said of the draw."""


async def rule(
    ledger: Ledger,
    lottery: Lottery,
    key: DrawKey,
    kind: Act,
    *,
    by: str,
    reason: str,
    now: datetime,
    choose: Choose | None = None,
    news: Callable[[DrawKey], bool] = lambda _: True,
) -> Change:
    """Has the draw stand as the person rules, and keeps who, when and why; returns how it stands now.

    The word, what sources showed when it was given, and the result that comes of it are one link of the chain. `choose`
    goes with `approve` and `correct`. Of a draw that is no `news` nothing is told, unless something was told before.
    Raises LedgerError for a draw that is not held yet, and what `choose` raises.
    """
    if not by.strip() or not reason.strip():
        raise LedgerError("A decision is kept with a name and a reason: give both.")
    if now < lottery.opens_at(key):
        raise LedgerError(f"{key} is drawn on {lottery.opens_at(key):%Y-%m-%d at %H:%M %Z}: wait until then.")
    async with ledger.transaction() as conn:
        end = await chain.grasp(conn)
        head, told = (await rows.heads(conn, lottery, [key])).get(key, (None, False))
        said = await rows.words(conn, lottery, {key}, await rows.last_words(conn, lottery, {key}))
        if head is None and not said and not _foreseen(lottery, key):
            raise LedgerError(f"The calendar of {lottery.name} has no draw {key}, and no source has shown one.")
        ruling = Ruling(
            kind,
            storable(by.strip()),
            now,
            storable(reason.strip()),
            choose(said) if choose else {},
            {one.source: one.numbers for one in said},
        )
        after, event = step(lottery, key, head, weigh(lottery, key, said, ruling), now)
        if after is None:
            raise LedgerError(f"{key} cannot be decided: it stands as {head.status if head else 'unknown'}.")
        change = Change(after, event if event and (told or news(key)) else None)
        await write(conn, ledger.environment, end, [change], now)
        subject = f"draw/{key}"
        words = Decision(now, ruling.by, kind, ruling.reason, subject, _standing(head), _standing(after), end.seq + 1)
        await decisions.keep(conn, words)
    return change


def _foreseen(lottery: Lottery, key: DrawKey) -> bool:
    return lottery.drawn_at(key) is not None


def _standing(draw: Draw | None) -> dict[str, Any]:
    """What a decision can change of a draw."""
    if draw is None:
        return {}
    return {
        "status": str(draw.status),
        "numbers": wire.plain(draw.numbers),
        "revision": draw.revision,
        "update": draw.update,
    }
