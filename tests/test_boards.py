"""Boards: a digest goes out with its picture, or without it in time, and once."""

from datetime import UTC, datetime, time, timedelta

import pytest
import structlog

from conftest import run
from lotto.events import Card
from lotto.imaker.granter import Granter
from lotto.imaker.renderer import Renderer
from lotto.ledger import switch, wishes
from lotto.publisher import boards
from lotto.publisher.timing import Daily, Moment
from lotto.store import StoreError, address
from test_publisher import NUMBERS, Journal
from test_routing import AFTER, NEW_YORK, NIGHT, POWERBALL, Desk
from test_routing import desk as desk


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    """Made once: fonts take a moment."""
    return Renderer()


async def two_results(ours: Desk) -> None:
    """Two results wait for eight o'clock, and it is eight."""
    await ours.comes_out(NIGHT, {"main": ("1", "2", "3")}, AFTER)
    await ours.comes_out(POWERBALL, NUMBERS)
    ours.clock.at = datetime(2024, 11, 3, 13, 0, 1, tzinfo=UTC)


DAILY = Daily(Moment(time(8), NEW_YORK))


def test_a_digest_shows_the_board_that_the_image_maker_draws_for_it_with_its_words(desk, renderer) -> None:
    async def story() -> None:
        async with desk(when=DAILY, title="Texas & New York", format="square") as ours:
            granter = Granter(ours.ledger, ours.store, ours.known.lotteries, renderer, ours.clock)
            await granter.open()
            await two_results(ours)
            wanted = await ours.asks()
            assert wanted.wish is not None
            assert (wanted.wish.kind, wanted.wish.look, wanted.wish.title) == ("digest", "gradient", "Texas & New York")
            assert [draw.key for draw in wanted.wish.draws] == [POWERBALL, NIGHT]
            await ours.rests()
            assert not ours.network.visible, "it waits for its picture"
            await granter.handle(wanted)
            (text,) = await ours.until(1)
            assert text.startswith("2 results since the last digest")
            (sheet,) = ours.network.visible
            assert sheet.image is not None
            assert sheet.image.startswith(b"\x89PNG")
            assert "Texas & New York" in sheet.alt
            assert "10, 45, 48, 58, 61" in sheet.alt
            assert "1 2 3" in sheet.alt
            assert sheet.card is not None
            assert sheet.card_url.endswith(sheet.card.key)
            (carrier,) = [one for one in await ours.posts() if one.state == "sent"]
            assert (carrier.image, carrier.alt) == (sheet.card.key, sheet.alt)
            assert len(await ours.wished()) == 1

    run(story())


@pytest.mark.parametrize("carousel", [1, 2, 4])
def test_a_board_of_several_cards_is_a_carousel_where_the_network_shows_one_and_else_its_first(
    desk, monkeypatch, carousel
) -> None:
    async def story() -> None:
        monkeypatch.setattr(Journal, "carousel", carousel)
        async with desk(when=DAILY) as ours:
            await wishes.know(ours.ledger, {"gradient": "v1"}, ours.clock())
            await two_results(ours)
            made = []
            for page in ("one", "two", "three"):
                data = f"picture {page}".encode()
                key = address("cards", data, "png")
                await ours.store.put(key, data, "image/png")
                made.append(Card("og", "en", "gradient", key, "ab", "image/png", 12, 6, len(data), f"page {page}"))
            await wishes.answer(ours.ledger, await ours.asks(), made, "", ours.clock())
            await ours.until(1)
            (first,) = ours.network.visible
            shown = [(one.image, one.alt) for one in (first, *first.further)]
            whole = [(f"picture {page}".encode(), f"page {page}") for page in ("one", "two", "three")]
            assert shown == whole[:carousel]

    run(story())


def test_a_digest_whose_picture_does_not_come_in_time_goes_out_as_text_and_the_log_says_so(desk) -> None:
    async def story() -> None:
        async with desk(when=DAILY) as ours:
            await wishes.know(ours.ledger, {"gradient": "v1"}, ours.clock())
            with structlog.testing.capture_logs() as logs:
                await two_results(ours)
                await ours.asks()
                ours.clock.at += boards.PATIENCE - timedelta(seconds=1)
                await ours.rests()
                assert not ours.network.visible
                ours.clock.at += timedelta(seconds=1)
                await ours.until(1)
            assert ours.network.visible[0].image is None
            assert [one["why"] for one in logs if one["event"] == "digest goes without its picture"] == [
                "It was not drawn within 20 s."
            ]

    run(story())


def test_a_digest_that_was_kept_back_has_its_own_time_to_wait_for_its_picture(desk) -> None:
    async def story() -> None:
        async with desk(when=DAILY) as ours:
            await wishes.know(ours.ledger, {"gradient": "v1"}, ours.clock())
            await two_results(ours)
            await ours.asks()
            async with ours.ledger.transaction() as conn:
                await switch.throw(conn, on=False, by="Ana", reason="a look", now=ours.clock())
            await ours.rests()
            ours.clock.at += timedelta(hours=1)
            async with ours.ledger.transaction() as conn:
                await switch.throw(conn, on=True, by="Ana", reason="all is right", now=ours.clock())
            await ours.rests()
            assert not ours.network.visible, "it waits anew"
            ours.clock.at += boards.PATIENCE
            await ours.until(1)

    run(story())


@pytest.mark.parametrize("versions", [{}, {"night": "v1"}])
def test_a_digest_of_a_look_that_nobody_draws_does_not_wait(desk, versions) -> None:
    async def story() -> None:
        async with desk(when=DAILY) as ours:
            await wishes.know(ours.ledger, versions, ours.clock())
            await two_results(ours)
            await ours.until(1)
            assert ours.network.visible[0].image is None
            assert await ours.wished() == []

    run(story())


def test_a_board_that_cannot_be_drawn_costs_its_digest_the_picture_alone(desk) -> None:
    async def story() -> None:
        async with desk(when=DAILY) as ours:
            await wishes.know(ours.ledger, {"gradient": "v1"}, ours.clock())
            await two_results(ours)
            await wishes.answer(ours.ledger, await ours.asks(), (), "There is no room.", ours.clock())
            await ours.until(1)
            assert ours.network.visible[0].image is None

    run(story())


def test_a_board_that_the_store_cannot_give_now_is_waited_for_and_told_once(desk, renderer, monkeypatch) -> None:
    async def story() -> None:
        async with desk(when=DAILY) as ours:
            granter = Granter(ours.ledger, ours.store, ours.known.lotteries, renderer, ours.clock)
            await granter.open()
            await two_results(ours)

            async def away(key: str) -> bytes:
                raise StoreError("The store is away.")

            monkeypatch.setattr(ours.store, "get", away)
            await granter.handle(await ours.asks())
            await ours.rests()
            assert not ours.network.visible
            assert {one.state for one in await ours.posts()} == {"planned"}
            monkeypatch.undo()
            ours.clock.at += timedelta(minutes=1)
            await ours.until(1)
            assert ours.network.visible[0].image is not None

    run(story())
