"""The image maker: the cards of a result, drawn once, and told once."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from conftest import run
from lotto import wire
from lotto.draws.draw import Draw, DrawKey, Status
from lotto.events import Event, Type
from lotto.house import wall_clock
from lotto.imaker.renderer import LOOK, Renderer
from lotto.imaker.service import ImageMaker, Wanted
from lotto.ledger import cards
from lotto.store import Store

AT = datetime(2024, 11, 3, 3, 10, tzinfo=UTC)
KEY = DrawKey("us_powerball", date(2024, 11, 2))
NUMBERS = {"main": (10, 45, 48, 58, 61), "bonus": (2,), "multiplier": (3,)}
WANTED = [Wanted("og", "en"), Wanted("square", "en")]


class Counting(Renderer):
    """The real renderer, which counts."""

    def __init__(self) -> None:
        super().__init__()
        self.drawn = 0

    def draw(self, *what, **more):
        self.drawn += 1
        return super().draw(*what, **more)


def event(kind: Type = Type.NEW_RESULT, revision: int = 1, update: int = 0, **more) -> Event:
    draw = Draw(KEY, Status.CONFIRMED, AT, revision, update, NUMBERS)
    return Event(kind, replace(draw, **more), AT)


@pytest.fixture(scope="module")
def renderer() -> Counting:
    """Made once: fonts take a moment."""
    return Counting()


@pytest.fixture
def making(open_ledger, known, tmp_path, renderer):
    """Runs a story with an image maker, its ledger and its store."""
    renderer.drawn = 0

    def told(story) -> None:
        async def whole() -> None:
            store = Store.open(tmp_path.as_uri())
            async with open_ledger() as ledger:
                maker = ImageMaker(ledger, store, known.lotteries, renderer, WANTED, LOOK, wall_clock)
                await story(maker, ledger, store)

        run(whole())

    return told


async def types(ledger) -> list[str]:
    async with ledger.reading() as conn:
        rows = await conn.execute("SELECT type FROM outbox ORDER BY created_at, type")
        return [row["type"] async for row in rows]


async def of(ledger):
    async with ledger.reading() as conn:
        return (await cards.of(conn, [KEY])).get(KEY, [])


def test_a_result_gets_its_wanted_cards_kept_in_the_store_and_one_answer(making, renderer):
    async def story(maker, ledger, store):
        await maker.handle(event())
        made = await of(ledger)
        assert [(one.format, one.width, one.height) for one in made] == [("og", 1200, 630), ("square", 1080, 1080)]
        for one in made:
            picture = await store.get(one.key)
            assert picture.startswith(b"\x89PNG")
            assert len(picture) == one.size
            assert "Powerball" in one.alt
        assert await types(ledger) == ["image_ready"]

    making(story)
    assert renderer.drawn == 2


def test_a_repeated_event_draws_once_and_answers_once(making, renderer):
    async def story(maker, ledger, store):
        for _ in range(3):
            await maker.handle(event())
        assert await types(ledger) == ["image_ready"]

    making(story)
    assert renderer.drawn == 2


@pytest.mark.parametrize(
    "nothing_to_draw",
    [
        event(Type.RESULT_UPDATED, 1, 1, status=Status.HELD),
        event(Type.RESULT_UPDATED, 0, 1, numbers={}),
        event(Type.RESULT_UPDATED, 2, 2, status=Status.VOID, numbers={}),
    ],
)
def test_what_is_held_or_empty_gets_no_card_and_no_answer(making, renderer, nothing_to_draw):
    async def story(maker, ledger, store):
        await maker.handle(nothing_to_draw)
        assert await types(ledger) == []
        async with ledger.reading() as conn:
            assert await cards.drawn(conn, nothing_to_draw)

    making(story)
    assert renderer.drawn == 0


def test_a_correction_is_drawn_anew_with_its_mark(making):
    async def story(maker, ledger, store):
        await maker.handle(event())
        before = await of(ledger)
        nine = {**NUMBERS, "bonus": (9,)}
        await maker.handle(event(Type.RESULT_CORRECTED, 2, numbers=nine, replaces=NUMBERS))
        after = await of(ledger)
        assert {one.key for one in before} & {one.key for one in after} == set()
        assert all("9" in one.alt and "orrected" in one.alt for one in after)
        assert await types(ledger) == ["image_ready", "image_ready"]

    making(story)


def test_a_mere_change_of_status_keeps_the_very_same_pictures(making):
    async def story(maker, ledger, store):
        await maker.handle(event(status=Status.PROVISIONAL))
        before = await of(ledger)
        await maker.handle(event(Type.RESULT_UPDATED, 1, 1))
        assert [one.key for one in await of(ledger)] == [one.key for one in before]

    making(story)


def test_a_lottery_the_catalogue_does_not_know_is_an_error_and_no_silence(making):
    async def story(maker, ledger, store):
        stranger = event()
        key = replace(KEY, lottery="xx_unknown")
        with pytest.raises(LookupError, match="xx_unknown"):
            await maker.handle(replace(stranger, draw=replace(stranger.draw, key=key)))
        assert await types(ledger) == []

    making(story)


def test_a_void_draw_gets_no_card_and_its_answer_tells_who_posted_it(making, renderer):
    async def story(maker, ledger, store):
        void = event(Type.RESULT_VOIDED, 2, 1, status=Status.VOID, numbers={})
        for _ in range(2):
            await maker.handle(void)
        async with ledger.reading() as conn:
            rows = await conn.execute("SELECT envelope::text AS envelope FROM outbox WHERE type = 'image_ready'")
            (answer,) = [wire.decode(row["envelope"].encode()) async for row in rows]
        assert (answer.draw.status, answer.cards, answer.cause) == (Status.VOID, (), void.id)

    making(story)
    assert renderer.drawn == 0
