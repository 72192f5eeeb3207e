"""The message: an event as webhooks are told of it, in the envelope that events have on the streams. Pure.

It is thin: what became of which draw, and where that is to be read. Sent again, it is the same to the byte.
"""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import msgspec

from lotto.ledger.deliveries import Told
from lotto.paths import draw_path, lottery_path

VERSION: Final = 1
"""Of `data`. A change that breaks its readers is a new one."""

TEST: Final = "test"
"""The type of a message that tells of nothing."""


def id_of(delivery: UUID) -> str:
    """The `webhook-id`: the same each time that it is sent."""
    return f"msg_{delivery.hex}"


def event(site: str, told: Told) -> bytes:
    """What is told of an event that happened to a draw, at the site of that address."""
    key = told.key
    data = {
        "version": VERSION,
        "position": told.position,
        "type": told.type,
        "lottery": key.lottery,
        "date": key.date.isoformat(),
        "label": key.label,
        "revision": told.revision,
        "update": told.update,
        "status": told.status,
        "url": f"{site}/api/v1/lotteries/{lottery_path(key.lottery)}/draws/{draw_path(key).partition('/')[2]}",
    }
    return _written(site, told.id, told.type, told.at, str(key), data)


def test(site: str, id: UUID, at: datetime) -> bytes:  # noqa: A002
    """A message that only shows that messages arrive."""
    return _written(site, id, TEST, at, TEST, {"version": VERSION, "type": TEST})


def _written(site: str, id: UUID, type: str, at: datetime, subject: str, data: dict[str, object]) -> bytes:  # noqa: A002
    return msgspec.json.encode(
        {
            "specversion": "1.0",
            "id": str(id),
            "source": site,
            "type": type,
            "subject": subject,
            "time": at.astimezone(UTC),
            "datacontenttype": "application/json",
            "data": data,
        }
    )
