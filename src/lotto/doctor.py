"""The doctor: looks at everything a house needs, one line each, and says what to do about what is missing."""

import shutil
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import psycopg

from lotto import catalogue
from lotto.door import Door
from lotto.house import USER_AGENT, House, told, wall_clock
from lotto.ledger import schema
from lotto.scraper.shelf import shelf
from lotto.settings import Settings
from lotto.store import Store, address
from lotto.streams.connect import connect
from lotto.streams.unreachable import reaching
from lotto.web.assets import Assets

ROOM = 500 * 1024 * 1024
"""Bytes of disk a house wants free, at the least."""


@dataclass(frozen=True)
class Finding:
    """What was looked at, whether it is well, and what is to be known of it."""

    subject: str
    well: bool
    words: str


async def examine(settings: Settings, database_url: str, redis_url: str) -> AsyncIterator[Finding]:
    """Looks at one thing after another; a thing that is not well stops nothing."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield Finding("Python", sys.version_info >= (3, 11), version)
    yield _look("Disk", lambda: _disk(settings))
    yield _look("Catalogue", lambda: f"{len(catalogue.load(settings.catalogue_dir).lotteries)} lotteries")
    yield _look("Sources", lambda: ", ".join(shelf()))
    yield _look("Frontend", lambda: f"{len(Assets.read().styles)} style sheets built")
    yield _look("Alerts", lambda: _alerts(settings))
    yield _look("Renderer", lambda: _renderer(settings, database_url, redis_url))
    try:
        async with await psycopg.AsyncConnection.connect(database_url, connect_timeout=5) as conn:
            row = await (await conn.execute("SHOW server_version")).fetchone()
            at = await (await conn.execute("SELECT to_regclass('alembic_version') IS NOT NULL")).fetchone()
            state = f"schema {schema.HEAD} wanted" + ("" if at and at[0] else ", none there yet: run `lotto migrate`")
            yield Finding("PostgreSQL", True, f"{row[0] if row else '?'}, {state}")
    except psycopg.Error as error:
        yield Finding("PostgreSQL", False, f"cannot be reached: {error}".strip())
    redis = connect(redis_url, "lotto-doctor")
    try:
        async with reaching():
            info = await redis.info()
            kept = (await redis.config_get("appendfsync"))["appendfsync"]
            full = (await redis.config_get("maxmemory-policy"))["maxmemory-policy"]
        name = f"{info.get('server_name', 'redis')} {info.get('valkey_version', info.get('redis_version'))}"
        well = full in (b"noeviction", "noeviction")
        yield Finding("Queue", well, f"{name}, appendfsync {_text(kept)}, maxmemory-policy {_text(full)}")
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it is what we are asked to tell
        yield Finding("Queue", False, f"cannot be reached: {error}")
    finally:
        await redis.aclose()
    try:
        store = Store.open(settings.store, public=settings.cards_at)
        key = address("raw", b"doctor", "page")
        await store.put(key, b"doctor", "text/plain")
        whole = await store.get(key) == b"doctor"
        await store.delete(key)
        yield Finding("Store", whole, f"{settings.store_url or 'a folder here'}, {_cards(settings)}")
    except Exception as error:  # noqa: BLE001 - as above
        yield Finding("Store", False, str(error))


def _look(subject: str, at: Callable[[], str]) -> Finding:
    try:
        return Finding(subject, True, at())
    except Exception as error:  # noqa: BLE001 - a finding, not a failure
        return Finding(subject, False, str(error))


def _alerts(settings: Settings) -> str:
    """Names alone: addresses of webhooks hold secrets."""
    if not settings.alerts:
        return "nobody is told what needs a person, it stands in the log: set LOTTO_ALERTS"
    door = Door(user_agent=USER_AGENT, clock=wall_clock, allow=settings.allow)
    return f"{', '.join(one.name for one in told(settings, door))}; `lotto alerts test` tries them"


def _cards(settings: Settings) -> str:
    if settings.store_public_url is None:
        return "cards served by the API"
    return f"cards read at {settings.store_public_url}"


def _renderer(settings: Settings, database_url: str, redis_url: str) -> str:
    look = settings.card_look
    house = House(settings, database_url=database_url, redis_url=redis_url)
    return f"look “{look}”, {house.renderer().version(look)}"


def _disk(settings: Settings) -> str:
    place = settings.data_dir
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if free < ROOM:
        raise OSError(f"only {free // 2**20} MiB are free at {place}; make room")
    return f"{free / 2**30:.0f} GiB free at {place}"


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
