"""The history of a draw, from what the house knows to what the world sees."""

from collections.abc import Sequence

from lotto.api import schemas
from lotto.draws.draw import DrawKey, Ruling
from lotto.ledger.queries import Link


def revision(link: Link) -> schemas.Revision:
    """One link of a draw's history."""
    draw = link.draw
    return schemas.Revision(
        revision=draw.revision,
        update=draw.update,
        status=draw.status.value,
        reason=draw.reason,
        numbers={pool: list(values) for pool, values in draw.numbers.items()},
        updated_at=draw.updated_at or draw.drawn_at,
        hash=link.hash,
        previous_hash=link.previous_hash,
    )


def rulings(history: Sequence[Link]) -> list[Ruling]:
    """Every person's word of a draw's history, oldest first: each stands in all results until the next."""
    found: list[Ruling] = []
    for link in history:
        if link.draw.ruling is not None and link.draw.ruling != (found[-1] if found else None):
            found.append(link.draw.ruling)
    return found


def decision(one: Ruling) -> schemas.Decision:
    """A person's word, without who gave it."""
    return schemas.Decision(kind=one.kind.value, at=one.at, reason=one.reason)


def place(key: DrawKey | None) -> str | None:
    """Where a draw stands under its lottery: `date[/label]`."""
    return None if key is None else "/".join(filter(None, (key.date.isoformat(), key.label)))
