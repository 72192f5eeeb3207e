"""The drill: an old backup is restored, and what the world was shown since is not shown to it again.

Each claim has its control, in which the ledger does not know that it was restored: there, posts go out twice.
"""

import asyncio
import contextlib
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from structlog.testing import capture_logs

from audit import Audit
from conftest import Servers, drop, run
from lotto import backup, wire
from lotto.draws.draw import Draw, DrawKey, Status
from lotto.events import Event, Type
from lotto.house import House, Practice, wall_clock
from lotto.ledger import outbox, posts, restored
from lotto.ledger.connection import Ledger, prepare
from lotto.publisher.accounts import Account
from lotto.publisher.networks.network import Guard
from lotto.publisher.service import Publisher
from lotto.services import Services
from lotto.settings import Settings
from lotto.store import Store
from lotto.streams import say as streams
from lotto.streams.connect import connect
from stage import Stage, until
from test_publisher import Journal

RESTORED_AT = datetime(2024, 11, 5, 12, tzinfo=UTC)
"""When the backup is restored, in the world of these draws."""


def result(day: int) -> Event:
    """The event of the Powerball draw of that day in November."""
    at = datetime(2024, 11, day + 1, 4, tzinfo=UTC)
    key = DrawKey("us_powerball", date(2024, 11, day))
    draw = Draw(key, Status.CONFIRMED, at, 1, 0, {"main": (1, 2, 3, 4, day), "bonus": (2,)})
    return Event(Type.IMAGE_FAILED, draw, at)


BEFORE, PLANNED, LOST, AFTER = map(result, (2, 3, 4, 6))
"""Posted and saved, saved as planned and posted then, drawn and posted after the backup, drawn after the restore."""


@pytest.fixture(scope="module")
def database(servers: Servers) -> Iterator[Callable[..., str]]:
    """Makes another database, an empty one or like that one."""
    made = []

    def make(like: str = "template1") -> str:
        made.append(f"db_{uuid4().hex}")
        with psycopg.connect(servers.database_url, autocommit=True) as conn:
            conn.execute(f"CREATE DATABASE {made[-1]} TEMPLATE {like}")
        return servers.database(made[-1])

    yield make
    with psycopg.connect(servers.database_url, autocommit=True) as conn:
        for name in made:
            drop(conn, name)


def forget(url: str) -> None:
    """The control: the ledger does not know that it was restored."""
    with psycopg.connect(url) as conn:
        conn.execute("UPDATE instance SET restored_at = NULL")
        conn.execute("UPDATE post SET state = 'planned' WHERE state = 'sending'")


@pytest.fixture
def house(known, tmp_path: Path) -> Callable[..., dict[str, str]]:
    """A publisher that hears these events and works until nothing is left; returns how each draw's post stands."""

    def life(url: str, network: Journal, *events: Event, work: bool = True) -> dict[str, str]:
        async def story() -> dict[str, str]:
            async with Ledger(url, "test", "practice") as ledger:
                publisher = Publisher(
                    ledger,
                    Store.open(f"file://{tmp_path}/store"),
                    known.lotteries,
                    [Account("ours", network)],
                    wall_clock,
                    worker="one",
                    public_url="https://lotto.example",
                )
                for one in events:
                    await publisher.handle(one)
                task = asyncio.ensure_future(publisher.run() if work else asyncio.sleep(0))
                try:
                    async with asyncio.timeout(30):
                        while True:
                            async with ledger.reading() as conn:
                                found = await posts.listed(conn, 50)
                            if not work or all(one.state in ("sent", "held") for one in found):
                                return {str(one.key): one.state for one in found}
                            await asyncio.sleep(0.02)
                finally:
                    task.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await task

        return run(story())

    return life


@pytest.mark.parametrize("knows", [True, False], ids=["knows", "control"])
@pytest.mark.parametrize("guard", Guard)
def test_what_was_posted_after_the_backup_is_not_posted_again(
    house, database, tmp_path: Path, guard: Guard, knows: bool
) -> None:
    first, second = database(), database()
    prepare(first, "practice")
    network = Journal(guard)
    store = Store.open(f"file://{tmp_path}/store")
    house(first, network, BEFORE)
    house(first, network, PLANNED, work=False)
    backup.save(first, tmp_path / "a.zip", RESTORED_AT, lambda *_: None)
    assert set(house(first, network, LOST).values()) == {"sent"}
    backup.load(second, tmp_path / "a.zip", "practice", store, RESTORED_AT, lambda *_: None)
    if not knows:
        forget(second)
    stands = house(second, network, BEFORE, LOST, AFTER)
    seen = Counter(sheet.key for sheet in network.visible)
    keys = {str(posts.post_id("ours", one.draw.key, 1, "create")) for one in (BEFORE, PLANNED, LOST, AFTER)}
    assert set(seen) == keys
    if knows:
        assert set(seen.values()) == {1}
        in_doubt = "held" if guard is Guard.NONE else "sent"
        assert [stands[str(one.draw.key)] for one in (BEFORE, PLANNED, LOST, AFTER)] == [
            "sent",
            in_doubt,
            in_doubt,
            "sent",
        ]
    elif guard is not Guard.KEY:  # such a network lets nothing out twice whatever it is sent
        assert sorted(seen.values()) == [1, 1, 2, 2]


def test_a_post_in_doubt_after_a_restore_is_not_looked_for_before_the_network_can_show_it(
    house, database, tmp_path: Path
) -> None:
    url = database()
    prepare(url, "practice")
    with psycopg.connect(url) as conn:
        conn.execute("UPDATE instance SET restored_at = %s", [RESTORED_AT])
    network = Journal(Guard.LOOK_BACK)
    network.lag = 10.0
    house(url, network, LOST, AFTER, work=False)
    with psycopg.connect(url) as conn:
        waits = dict(conn.execute("SELECT date, due_at - planned_at FROM post").fetchall())
    assert waits == {LOST.draw.key.date: timedelta(seconds=10), AFTER.draw.key.date: timedelta()}


def test_what_is_worked_on_is_what_the_ledger_says_and_not_what_a_queue_of_another_life_holds(
    database, redis_url: str, tmp_path: Path
) -> None:
    url = database()
    prepare(url, "practice")
    practice = Practice("http://127.0.0.1:9", wall_clock)
    house = House(Settings(data_dir=tmp_path), database_url=url, redis_url=redis_url, practice=practice)
    ours = replace(LOST, type=Type.NEW_RESULT)
    theirs = replace(ours, draw=replace(ours.draw, numbers={"main": (5, 6, 7, 8, 9), "bonus": (1,)}))
    stranger, last = replace(BEFORE, type=Type.NEW_RESULT), replace(AFTER, type=Type.NEW_RESULT)
    assert theirs.id == ours.id
    heard: list[Event] = []

    async def handle(event: Event) -> None:
        heard.append(event)

    async def story() -> None:
        redis = connect(redis_url, "test")
        await streams.enrol(redis, "new_result", "imaker")
        async with house.ledger("test") as ledger:
            async with ledger.transaction() as conn:
                await outbox.say(conn, ours)
                await outbox.say(conn, last)
            for event in (stranger, theirs, last):
                await streams.say(redis, "new_result", [(str(event.id), wire.encode(event))])
            await streams.say(redis, "new_result", [("no id of ours", wire.encode(theirs))])
            task = asyncio.ensure_future(Services(house)._hear(ledger, redis, "new_result", "imaker", handle))
            try:
                async with asyncio.timeout(30):
                    while (await redis.xinfo_groups("new_result"))[0]["lag"] or len(heard) < 2:
                        await asyncio.sleep(0.02)
            finally:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
                await redis.aclose()

    with capture_logs() as logs:
        run(story())
    assert heard == [ours, last]
    assert {one["id"] for one in logs if "never said" in one["event"]} >= {str(stranger.id)}


@pytest.fixture(scope="module")
def history(servers: Servers, database, tmp_path_factory) -> tuple[str, Path]:
    """The name of a ledger that holds all that was drawn before, told to nobody; and its store."""
    url, folder = database(), tmp_path_factory.mktemp("history")
    prepare(url, "practice")
    with Stage(servers.engines, url, folder).open() as stage, capture_logs():
        asyncio.run(Services(stage.house()).load_history())
    return urlsplit(url).path.strip("/"), folder / "store"


@pytest.fixture
def stage(servers: Servers, database, history, redis_url: str) -> Iterator[Stage]:
    """A stage of the test's own at the beginning of the first chapter."""
    like, store = history
    with TemporaryDirectory(prefix="lotto-stage-") as folder:
        shutil.copytree(store, Path(folder) / "store")
        with Stage(servers.engines, database(like), Path(folder)).open() as stage:
            yield stage


@pytest.mark.timeout(300)  # a house is started twice
@pytest.mark.parametrize("knows", [True, False], ids=["knows", "control"])
def test_a_house_that_lost_its_last_draws_plays_on_over_the_old_queue(stage: Stage, database, knows: bool) -> None:
    services = ("scraper", "relay", "imaker", "publisher")
    stage.start(*services)
    stage.play()
    stage.until_quiet(120.0)
    archive = stage.folder / "a.zip"
    backup.save(stage.database_url, archive, stage.clock.now(), lambda *_: None)

    lost = stage.play()
    stage.until_quiet(120.0)
    stage.services.pop("imaker").kill()
    unheard = stage.play()
    until(lambda: stage.waiting("new_result") == 1, "the last result waits on the stream")
    heard = stage.position()
    for name in ("scraper", "relay", "publisher"):
        stage.services.pop(name).kill()

    stage.database_url = database()
    store = Store.open((stage.folder / "store").as_uri())
    loaded = backup.load(stage.database_url, archive, "practice", store, stage.clock.now(), lambda *_: None)
    assert loaded.missing == ()
    if not knows:
        forget(stage.database_url)

    # What the old queue still holds is of a life that this ledger does not remember: nobody works on it.
    stage.start("imaker")
    until(lambda: "heard what the ledger never said" in stage.services["imaker"].said, "the imaker leaves it")
    until(lambda: stage.waiting("new_result") == 0, "the old queue is empty")
    assert not stage.told() & {*lost, *unheard}
    assert stage.count("SELECT count(*) FROM outbox WHERE published_at IS NULL") == 0

    stage.start("scraper", "relay", "publisher")
    until(lambda: stage.told() >= set(stage.played), "the lost draws are told anew")
    stage.play()
    until(lambda: stage.told() >= set(stage.played), "the new draws are told")
    stage.until_quiet(120.0)
    assert stage.count("SELECT count(*) FROM outbox WHERE position BETWEEN %s AND %s", heard + 1, restored.GAP) == 0
    audit = [str(one) for one in Audit(stage.database_url, stage.folder).findings(stage.played)]
    found = [one for one in audit if not one.startswith("wrong: the events are not numbered")]  # the gap, as meant
    if knows:
        assert found == []
    else:
        assert [one for one in found if one.startswith("twice: 2 posts of ")] == found
        assert {one.split()[4] for one in found} == set(lost)
    stage.stop(*services)
