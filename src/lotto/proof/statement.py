"""A statement: what we hold true of one published draw, in the words that are signed and given to whoever asks."""

import json

from lotto import wire
from lotto.draws.draw import Draw

MEDIA = "text/plain"


def statement(environment: str, draw: Draw, digest: str) -> str:
    """Three lines: whose results, which draw, and as JSON what it is; `digest` is its place in the chain of results.

    The first line tells a statement from a checkpoint, which the same key signs, and practice from truth. The hash is
    the one that the ledger's checkpoints cover: who keeps both can show that the result was neither changed nor slipped
    in later.
    """
    told = {
        "lottery": draw.key.lottery,
        "date": draw.key.date,
        "label": draw.key.label,
        "serial": draw.serial,
        "drawn_at": draw.drawn_at,
        "status": draw.status,
        "revision": draw.revision,
        "update": draw.update,
        "numbers": draw.numbers,
        "updated_at": draw.updated_at,
        "hash": digest,
    }
    body = json.dumps(wire.plain(told), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"lotto result {environment}\n{draw.key}\n{body}\n"
