"""Cards drawn anew: what is shown becomes the new picture, nobody is told, and twice is as good as once."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from conftest import run
from lotto.draws.draw import Draw, DrawKey, Observation
from lotto.events import Card
from lotto.house import wall_clock
from lotto.imaker.brand import Brand
from lotto.imaker.encoder import WEBP, Encoding
from lotto.imaker.rebuilder import Rebuilder, Rebuilt
from lotto.imaker.renderer import Renderer
from lotto.imaker.service import ImageMaker, Wanted
from lotto.ledger import cards, outbox, queries
from lotto.ledger.record import record
from lotto.store import Store
from lotto.wire import decode

POWERBALL = "us_powerball"
DAYS = [date(2024, 11, 2) + timedelta(days) for days in (0, 2, 4, 7)]
ALWAYS = (date.min, date.max)
WANTED = [Wanted("og", "en"), Wanted("square", "es", Encoding((WEBP,), 90_000), "paper")]


class Counting(Renderer):
    """The real renderer, which counts."""

    def __init__(self, brand: Brand | None = None) -> None:
        super().__init__(brand)
        self.drawn = 0

    def draw(self, *what, **more):
        self.drawn += 1
        return super().draw(*what, **more)


class Site:
    """A site that has published four draws, and what may be looked at of it."""

    def __init__(self, ledger, store: Store, lotteries) -> None:
        self.ledger, self.store, self.lotteries = ledger, store, lotteries

    async def tell(self, renderer: Renderer, day: date, bonus: int = 2) -> None:
        """Two sources tell a draw, and its cards are drawn."""
        key = DrawKey(POWERBALL, day)
        at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(days=1)
        numbers = {"main": (10, 45, 48, 58, 60 + DAYS.index(day)), "bonus": (bonus,), "multiplier": (3,)}
        for source in ("us_texas", "us_ny_data"):
            seen = Observation(key, source, source, True, numbers, at, "ab" * 32)
            await record(self.ledger, self.lotteries[POWERBALL], [seen], at)
        maker = ImageMaker(self.ledger, self.store, self.lotteries, renderer, WANTED, "gradient", wall_clock)
        async with self.ledger.reading() as conn:
            letters = await outbox.waiting(conn, 100)
        for letter in letters:
            if letter.stream == "new_result":
                await maker.handle(decode(letter.envelope))

    def rebuilder(self, renderer: Renderer, look: str = "gradient") -> Rebuilder:
        return Rebuilder(self.ledger, self.store, self.lotteries, renderer, WANTED, look, queries.draw, wall_clock)

    async def rebuild(self, renderer: Renderer, *, look: str = "gradient", days=ALWAYS, only=None) -> Rebuilt:
        rebuilder = self.rebuilder(renderer, look)
        return await rebuilder.rebuild([POWERBALL], days, only, lambda *_: None)

    async def shown(self) -> dict[DrawKey, list[Card]]:
        """What the API shows."""
        async with self.ledger.reading() as conn:
            return await cards.of(conn, [DrawKey(POWERBALL, day) for day in DAYS])

    async def said(self) -> list[str]:
        async with self.ledger.reading() as conn:
            rows = await conn.execute("SELECT event_id, type FROM outbox ORDER BY created_at, event_id")
            return [f"{row['type']} {row['event_id']}" async for row in rows]


@pytest.fixture(scope="module")
def before() -> Counting:
    """Made once: fonts take a moment."""
    return Counting()


@pytest.fixture(scope="module")
def after() -> Counting:
    return Counting(Brand("Diario Libre"))


@pytest.fixture
def published(open_ledger, known, tmp_path, before, after):
    """Tells a story of a site that has published four draws."""

    def told(story) -> None:
        async def whole() -> None:
            async with open_ledger() as ledger:
                site = Site(ledger, Store.open((tmp_path / "store").as_uri()), known.lotteries)
                for day in DAYS:
                    await site.tell(before, day)
                before.drawn = after.drawn = 0
                await story(site)

        run(whole())

    return told


def test_what_is_shown_becomes_the_new_picture_and_nobody_is_told(published, after):
    async def story(site: Site) -> None:
        old, said = await site.shown(), await site.said()
        assert await site.rebuild(after) == Rebuilt(cards=8, draws=4)
        new = await site.shown()
        assert await site.said() == said
        for key, made in new.items():
            assert [(one.format, one.lang, one.look) for one in made] == [
                ("og", "en", "gradient"),
                ("square", "es", "paper"),
            ]
            assert {one.key for one in made} & {one.key for one in old[key]} == set()
            assert made[1].media == WEBP
            assert made[1].size <= 90_000
            for one in [*made, *old[key]]:  # the pictures that were posted stay in the store
                assert len(await site.store.get(one.key)) == one.size

    published(story)


def test_a_second_run_draws_nothing(published, before, after):
    async def story(site: Site) -> None:
        assert await site.rebuild(before) == Rebuilt()
        assert await site.rebuild(after) == Rebuilt(cards=8, draws=4)
        assert await site.rebuild(after) == Rebuilt()
        new = await site.shown()
        await site.rebuild(before)
        await site.rebuild(after)
        assert await site.shown() == new  # and there and back again it is the same bytes

    published(story)
    assert before.drawn == 8
    assert after.drawn == 16


def test_a_span_and_a_look_choose_what_is_drawn_anew(published, after):
    async def story(site: Site) -> None:
        assert await site.rebuild(after, days=(DAYS[1], DAYS[2]), only="paper") == Rebuilt(cards=2, draws=2)
        assert await site.rebuild(after, days=(DAYS[1], DAYS[2])) == Rebuilt(cards=2, draws=2)
        assert await site.rebuild(after) == Rebuilt(cards=4, draws=2)

    published(story)


def test_a_look_that_nobody_wants_any_more_gives_way_to_the_site_s(published, before):
    async def story(site: Site) -> None:
        assert await site.rebuild(before, look="night") == Rebuilt(cards=4, draws=4)
        for made in (await site.shown()).values():
            assert [one.look for one in made] == ["night", "paper"]
        assert await site.rebuild(before, look="night") == Rebuilt()

    published(story)


def test_a_corrected_draw_keeps_its_mark_and_what_is_of_an_older_revision_is_left_alone(published, before, after):
    async def story(site: Site) -> None:
        await site.tell(before, DAYS[0], bonus=9)
        assert await site.rebuild(after) == Rebuilt(cards=8, draws=4)
        made = (await site.shown())[DrawKey(POWERBALL, DAYS[0])]
        assert "Corrected: Powerball 9, not 2." in made[0].alt
        async with site.ledger.reading() as conn:
            rows = await conn.execute("SELECT count(*) AS n FROM card WHERE revision = 1 AND date = %s", [DAYS[0]])
            assert (await rows.fetchone())["n"] == 2

    published(story)


def test_a_card_that_cannot_be_drawn_stays_and_the_next_ones_go_on(published, after):
    async def story(site: Site) -> None:
        broken = DrawKey(POWERBALL, DAYS[1])

        async def draw(conn, key: DrawKey) -> Draw | None:
            found = await queries.draw(conn, key)
            return replace(found, numbers={"main": ("\x00",)}) if key == broken else found

        rebuilder = site.rebuilder(after)
        rebuilder._draw = draw
        old = await site.shown()
        done = await rebuilder.rebuild([POWERBALL], ALWAYS, None, lambda *_: None)
        assert (done.cards, done.draws) == (6, 3)
        assert len(done.failed) == 1
        assert done.failed[0].startswith(f"{broken}: ")
        assert (await site.shown())[broken] == old[broken]

    published(story)


def test_a_look_that_there_is_not_is_told_before_anything_is_drawn(lotto, monkeypatch):
    monkeypatch.setenv("LOTTO_CARD_LOOK", "velvet")
    code, out, err = lotto("cards", "rebuild")
    assert (code, out) == (1, "")
    assert err.startswith("lotto: The cards cannot be drawn: There is no look “velvet”; there are gradient")


def test_who_is_killed_midway_goes_on_where_it_was(published, lotto, database_url, monkeypatch):
    async def story(site: Site) -> None:
        assert len(await site.shown()) == 4

    published(story)
    with psycopg.connect(database_url, autocommit=True) as conn:
        # The third draw hangs in its transaction, with its cards written.
        conn.execute(
            f"""CREATE FUNCTION hang() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN IF NEW.date = '{DAYS[2]}' THEN PERFORM pg_sleep(600); END IF; RETURN NEW; END $$"""
        )
        conn.execute("CREATE TRIGGER hang AFTER INSERT ON card FOR EACH ROW EXECUTE FUNCTION hang()")
        command = [sys.executable, "-m", "lotto", "cards", "rebuild", "--lottery", POWERBALL]
        process = subprocess.Popen(command, env=os.environ | {"LOTTO_SITE_NAME": "Diario Libre"})
        hanging = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
        try:
            while (found := conn.execute(hanging).fetchone()) is None:
                assert process.poll() is None
                time.sleep(0.02)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
        with suppress(psycopg.Error):
            conn.execute("SELECT pg_terminate_backend(%s)", found)
        conn.execute("DROP FUNCTION hang CASCADE")
    monkeypatch.setenv("LOTTO_SITE_NAME", "Diario Libre")
    # Nothing wants the Spanish cards in this house, so theirs is the site's look now.
    code, out, err = lotto("cards", "rebuild", "--lottery", POWERBALL)
    assert (code, out.splitlines()[-1], err) == (0, "4 cards of 2 draws drawn anew; nothing is posted again.", "")
    assert lotto("cards", "rebuild")[1] == "0 cards of 0 draws drawn anew; nothing is posted again.\n"
