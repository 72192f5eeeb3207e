"""A publisher at work: it takes up what changes, renews what ends, and no account waits for another."""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest

from conftest import run
from lotto import services, wire
from lotto.events import Event, Type
from lotto.house import House, Practice, wall_clock
from lotto.imaker.look import FOLDER
from lotto.imaker.service import ImageMaker
from lotto.ledger import accounts, alerts, outbox, posts
from lotto.ledger.connection import Ledger
from lotto.publisher import networks, sender, timing
from lotto.publisher.accounts import Account
from lotto.publisher.networks.network import Barred, Guard, Network, Posted, Sheet, SlowDown
from lotto.publisher.service import Publisher
from lotto.seal import Seal
from lotto.services import Services
from lotto.settings import Settings
from lotto.shelf import standing
from lotto.store import Store
from test_publisher import KEY, Journal, event

PAPER = '[accounts.one]\nnetwork = "paper"\n'
MATRIX = '[accounts.ops]\nnetwork = "matrix"\nserver = "http://127.0.0.1:1"\nroom = "!room:example.org"\n'


@pytest.fixture
def house(database_url: str, redis_url: str, tmp_path: Path) -> House:
    """A practice house whose accounts file has one account of paper."""
    (tmp_path / "accounts.toml").write_text(PAPER)
    (tmp_path / "looks").mkdir()
    own = Settings(data_dir=tmp_path, card_looks_dir=tmp_path / "looks")
    return House(
        own, database_url=database_url, redis_url=redis_url, practice=Practice("http://127.0.0.1:1", wall_clock)
    )


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not is_so():
            await asyncio.sleep(0.02)


def test_changed_accounts_and_credentials_are_taken_up_and_a_bad_file_is_not(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a restart, and without an end of those that are not changed."""
    monkeypatch.setattr(services, "HEED", 0.05)
    seen: list[dict[str, str]] = []

    class Watched(Publisher):
        def __init__(self, *given: object, **more: object) -> None:
            super().__init__(*given, **more)  # type: ignore[arg-type]
            seen.append({one.name: one.lacks for one in self._accounts})

    monkeypatch.setattr(services, "Publisher", Watched)

    async def story() -> None:
        working = asyncio.ensure_future(Services(house)._posts())
        try:
            await until(lambda: seen == [{"one": ""}])
            (tmp_path / "accounts.toml").write_text(PAPER + MATRIX)
            await until(lambda: len(seen) == 2)
            assert seen[1]["one"] == ""
            assert "access_token" in seen[1]["ops"]
            async with house.ledger("test") as ledger, ledger.reading() as conn:
                sealed = Seal.made(house.settings.secret_key).close("ops", {"access_token": "secret"})
                await accounts.keep_credentials(conn, "ops", "matrix", sealed)
            await until(lambda: len(seen) == 3)
            assert seen[2] == {"one": "", "ops": ""}
            (tmp_path / "accounts.toml").write_text("[accounts.one]\nnetwork = 'pigeon'\n")
            await asyncio.sleep(0.5)
            assert not working.done()
            (tmp_path / "accounts.toml").write_text(PAPER.replace("one", "two"))
            await until(lambda: seen[-1] == {"two": ""})
        finally:
            working.cancel()
            await asyncio.wait([working])

    run(story())


def test_the_imaker_draws_what_accounts_come_to_want_while_it_runs(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also a look of the operator's that was not there before; what cannot be drawn changes nothing."""
    monkeypatch.setattr(services, "HEED", 0.05)
    seen: list[set[tuple[str, str, str]]] = []

    class Watched(ImageMaker):
        def __init__(self, *given: object) -> None:
            super().__init__(*given)  # type: ignore[arg-type]
            seen.append({(one.format, one.lang, one.look) for one in self._wanted})

    monkeypatch.setattr(services, "ImageMaker", Watched)

    async def drawn(ledger: Ledger) -> set[tuple[str, str, str]]:
        """The cards of the result that was told."""
        async with asyncio.timeout(60):
            while True:
                async with ledger.reading() as conn:
                    rows = await conn.execute("SELECT envelope::text AS said FROM outbox WHERE type = 'image_ready'")
                    if row := await rows.fetchone():
                        return {(one.format, one.lang, one.look) for one in wire.decode(row["said"].encode()).cards}
                await asyncio.sleep(0.05)

    async def story() -> None:
        imaking = asyncio.ensure_future(Services(house)._imaker())
        relaying = asyncio.ensure_future(Services(house)._relay())
        try:
            await until(lambda: len(seen) == 1)
            shutil.copytree(FOLDER / "night", tmp_path / "looks" / "ours")
            (tmp_path / "accounts.toml").write_text(f'{PAPER}lang = "es"\nformat = "story"\nlook = "ours"\n')
            await until(lambda: ("story", "es", "ours") in seen[-1])
            heard = len(seen)
            (tmp_path / "accounts.toml").write_text(f'{PAPER}look = "nobody\'s"\n')
            await asyncio.sleep(0.5)
            assert not imaking.done()
            assert len(seen) == heard
            async with house.ledger("test") as ledger:
                async with ledger.transaction() as conn:
                    await outbox.say(conn, replace(event(cards=False), type=Type.NEW_RESULT))
                assert ("story", "es", "ours") in await drawn(ledger)
        finally:
            for task in (imaking, relaying):
                task.cancel()
            await asyncio.wait([imaking, relaying])

    run(story())


class Hanging(Journal):
    """A network that never answers."""

    name = "hanging"

    async def post(self, sheet: Sheet) -> Posted:
        await asyncio.sleep(3600)
        raise AssertionError


class OneAfterAnother(Publisher):
    """A publisher whose accounts wait for each other."""

    def __init__(self, *given: object, **more: object) -> None:
        super().__init__(*given, **more)  # type: ignore[arg-type]
        self._turn = asyncio.Lock()

    async def _step(self, *given: object) -> bool:
        async with self._turn:
            return await super()._step(*given)  # type: ignore[arg-type]


@pytest.mark.parametrize(("kind", "waits"), [(Publisher, False), (OneAfterAnother, True)])
def test_accounts_that_hang_are_refused_or_told_to_slow_down_delay_no_other_by_more_than_a_second(
    open_ledger: Callable,
    known,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: type[Publisher],
    waits: bool,
) -> None:
    """From the instant at which its posts are planned, which no account is told of sooner; also those that come later.

    The control is a publisher whose accounts take turns.
    """
    monkeypatch.setattr(sender, "PATIENCE", 5.0)
    well = Journal(Guard.KEY)
    theirs: dict[str, Network] = {
        "dead": Hanging(Guard.NONE),
        "broken": Journal(Guard.NONE, *[("before", ZeroDivisionError("oops"))] * 9),
        "refused": Journal(Guard.NONE, ("before", Barred("Not let in."))),
        "limited": Journal(Guard.NONE, ("before", SlowDown("Slow down.", 3600))),
        "well": well,
    }

    async def story() -> None:
        async with open_ledger() as ledger:
            ours = [Account(name, network) for name, network in theirs.items()]
            store = Store.open(f"file://{tmp_path}/store")
            publisher = kind(
                ledger, store, known.lotteries, ours, wall_clock, worker="one", public_url="https://lotto.example"
            )
            working = asyncio.ensure_future(publisher.run())
            late = []
            for count in range(1, 4):
                first = event(cards=False)
                told = Event(first.type, replace(first.draw, key=replace(KEY, date=date(2024, 11, count))), first.at)
                async with ledger.transaction() as conn:
                    await outbox.say(conn, told)
                await publisher.handle(told)
                planned = monotonic()
                await until(lambda count=count: len(well.visible) == count)
                late.append(monotonic() - planned)
            async with ledger.reading() as conn:
                sent = {one.account for one in await posts.listed(conn, 99) if one.state == "sent"}
            working.cancel()
            await asyncio.wait([working])
            assert (max(late) > 1.0) is waits, late
            if not waits:
                assert not sent & {"dead", "refused", "broken"}, "they fare no better meanwhile"

    run(story())


RATED = sorted(name for name, one in standing(networks, Network).items() if one.rates)


@pytest.mark.parametrize("name", RATED)
def test_a_burst_of_500_results_keeps_to_the_published_limits_of_each_network(name: str) -> None:
    """On a clock of its own: all come at once, and go one after the other as soon as they may."""
    rates, now = standing(networks, Network)[name].rates, datetime(2026, 11, 30, tzinfo=UTC)
    told: list[datetime] = []
    for _ in range(500):
        now = timing.free_at(rates, told, now)
        told.append(now)
    for one in rates:
        lots = zip(told, told[one.most :], strict=False)
        assert all(later - first >= one.span for first, later in lots)


def test_what_ends_soon_is_renewed_and_kept_and_what_lasts_is_left_alone(
    open_ledger: Callable, known, tmp_path
) -> None:
    class Ending(Journal):
        name = "ending"

        def __init__(self, days: int) -> None:
            super().__init__(Guard.NONE)
            self.days = days

        async def expires(self) -> datetime:
            return wall_clock() + timedelta(days=self.days)

        async def renew(self) -> dict[str, str]:
            return {"access_token": "new"}

    kept: list[tuple[str, str, dict[str, str]]] = []

    async def keep(name: str, network: str, secrets: dict[str, str]) -> None:
        kept.append((name, network, secrets))

    async def story() -> None:
        async with open_ledger() as ledger:
            ours = [Account("soon", Ending(10)), Account("later", Ending(50))]
            store = Store.open(f"file://{tmp_path}/store")
            publisher = Publisher(
                ledger,
                store,
                known.lotteries,
                ours,
                wall_clock,
                worker="one",
                public_url="https://lotto.example",
                keep=keep,  # type: ignore[arg-type]
            )
            async with ledger.reading() as conn:
                for one in ours:
                    await accounts.enrol(conn, one.name, "ending")
            working = asyncio.ensure_future(publisher.run())
            await until(lambda: bool(kept))
            publisher.leave()
            await working
            assert kept == [("soon", "ending", {"access_token": "new"})]

    run(story())


def test_alerts_that_are_long_over_are_forgotten(open_ledger: Callable) -> None:
    async def story() -> None:
        then = datetime(2026, 1, 1, tzinfo=UTC)
        async with open_ledger() as ledger, ledger.reading() as conn:
            for about in ("over", "open"):
                await alerts.begin(conn, "late", about, "It is late.", then, then)
            (over, _) = await alerts.standing(conn)
            await alerts.over(conn, [over.id], then)
            assert await alerts.prune(conn, then) == 0
            assert await alerts.prune(conn, then + timedelta(days=1)) == 1
            assert [one.about for one in await alerts.standing(conn)] == ["open"]

    run(story())
