"""Cards by a signed address: drawn when they are asked for, kept, and drawn anew when the draw or the look changes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import httpx2
import pytest
from PIL import Image

from conftest import run
from lotto import wire
from lotto.api.routes import cards as route
from lotto.api.signature import Signature
from lotto.draws.draw import DrawKey, Observation
from lotto.events import Among, Event
from lotto.house import House, Practice, wall_clock
from lotto.imaker.granter import Granter
from lotto.imaker.renderer import Renderer
from lotto.ledger import dead, outbox, queries, wishes
from lotto.ledger.connection import Ledger
from lotto.ledger.record import record
from lotto.settings import Settings

AT = datetime(2024, 11, 3, 3, 10, tzinfo=UTC)
KEY = DrawKey("us_powerball", date(2024, 11, 2))
NUMBERS = {"main": (10, 45, 48, 58, 61), "bonus": (2,), "multiplier": (3,)}
CARD = "result/paper/og/fr/us_powerball/2024-11-02.png"


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    """Made once: fonts take a moment."""
    return Renderer()


@pytest.fixture
def house(database_url: str, redis_url: str, tmp_path: Any, clock: Any) -> House:
    own = Settings(data_dir=tmp_path, public_url="https://lotto.example")
    return House(own, database_url=database_url, redis_url=redis_url, practice=Practice("http://127.0.0.1:1", clock))


class Asker:
    """Somebody who asks the API for cards, in a house whose image maker works when it is told to."""

    def __init__(self, house: House, client: httpx2.AsyncClient, ledger: Ledger, renderer: Renderer) -> None:
        self.house, self.client, self.ledger = house, client, ledger
        self.signature = Signature.made(house.settings.secret_key)
        self.granter = Granter(ledger, house.store(), house.catalogue.lotteries, renderer, wall_clock)

    async def get(self, address: str) -> httpx2.Response:
        """The answer to who takes nothing old: what the API has ready may be of a second ago."""
        return await self.client.get("/" + self.signature.path(address), headers={"Cache-Control": "no-cache"})

    async def wanted(self) -> list[Event]:
        """The wishes that were said and are not granted yet."""
        async with self.ledger.reading() as conn:
            rows = await conn.execute(
                """SELECT envelope::text AS told FROM outbox WHERE type = 'card_wanted'
                   AND NOT EXISTS (SELECT FROM wish WHERE wish.event_id = outbox.event_id) ORDER BY created_at"""
            )
            return [wire.decode(row["told"].encode()) async for row in rows]

    async def rows(self, query: str) -> list[Any]:
        """What the ledger answers."""
        async with self.ledger.reading() as conn:
            return await (await conn.execute(query, [])).fetchall()

    async def drawn(self, address: str) -> httpx2.Response:
        """The answer to who asks for a card while the image maker is at work."""
        asking = asyncio.create_task(self.get(address))
        while not asking.done():
            for event in await self.wanted():
                await self.granter.handle(event)
            await asyncio.sleep(0.01)
        return await asking

    async def holds(self, numbers: Any = NUMBERS, at: datetime = AT, **more: Any) -> None:
        """Two sources tell the draw so."""
        for source in ("us_texas", "us_ny_data"):
            seen = Observation(KEY, source, source, True, numbers, at, "ab" * 32, **more)
            await record(self.ledger, self.house.catalogue.lotteries[KEY.lottery], [seen], at)


@pytest.fixture
def asking(house: House, renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Tells a story with an asker."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Asker]:
        async with house.api() as app, house.ledger("test") as ledger:
            way = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
            async with httpx2.AsyncClient(transport=way, base_url="http://lotto") as client:
                yield Asker(house, client, ledger, renderer)

    def told(story: Callable[[Asker], Awaitable[None]], patience: float = 30.0) -> None:
        monkeypatch.setattr(route, "PATIENCE", patience)

        async def whole() -> None:
            async with opened() as asker:
                await asker.holds()
                await asker.granter.open()
                await story(asker)

        run(whole())

    return told


def test_a_card_is_drawn_when_it_is_first_asked_for_and_kept(asking):
    async def story(asker: Asker) -> None:
        first = await asker.drawn(CARD)
        assert (first.status_code, first.headers["content-type"]) == (200, "image/png")
        assert Image.open(BytesIO(first.content)).size == (1200, 630)
        assert first.headers["cache-control"] == "public, max-age=60"
        again = await asker.get(CARD)  # nobody draws now
        assert again.content == first.content
        assert again.headers["etag"] == first.headers["etag"]
        async with asker.ledger.reading() as conn:
            said = await (
                await conn.execute("SELECT type FROM outbox WHERE type LIKE 'card%%' ORDER BY type")
            ).fetchall()
            assert [row["type"] for row in said] == ["card_ready", "card_wanted"]

    asking(story)


def test_many_who_ask_at_once_are_one_wish(asking, renderer):
    async def story(asker: Asker) -> None:
        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(asker.get(CARD)) for _ in range(5)]
            while not (said := await asker.wanted()):
                await asyncio.sleep(0.01)
            assert len(said) == 1
            for _ in range(2):  # and heard twice it is granted once
                await asker.granter.handle(said[0])
        assert len({one.result().content for one in asked}) == 1
        async with asker.ledger.reading() as conn:
            rows = await (await conn.execute("SELECT count(*) AS n FROM outbox WHERE type = 'card_ready'")).fetchone()
            assert rows["n"] == 1

    asking(story)


def test_an_address_without_this_site_s_signature_is_none(asking):
    async def story(asker: Asker) -> None:
        for mark in (
            asker.signature.of(CARD)[:-1] + "!",
            Signature(bytes(32)).of(CARD),
            asker.signature.of("else"),
            "x",
        ):
            answer = await asker.client.get(f"/cards/asked/{mark}/{CARD}")
            assert answer.status_code == 404
            assert answer.json()["detail"].startswith("This address is not signed with the key of this site")
        assert await asker.wanted() == []

    asking(story)


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("result/paper/og/fr/us_powerball.gif", 422, "A card's address is KIND/LOOK"),
        ("result/paper/og/fr/us_powerball/2024-13-02.png", 422, "There is no day 2024-13-02."),
        (
            "result/velvet/og/fr/us_powerball/2024-11-02.png",
            404,
            "There is no look “velvet”; there are gradient, night",
        ),
        ("result/paper/og/fr/xx_lotto.png", 404, "There is no lottery “xx_lotto”"),
        (
            "result/paper/og/fr/us_powerball/1999-11-02.png",
            404,
            "There is no published result of us_powerball 1999-11-02",
        ),
        ("next/paper/og/fr/us_powerball/2024-11-02.png", 422, "The next draw has no date"),
        ("digest/paper/og/fr/us_multi_state.png", 422, "A digest is of one day"),
        ("digest/paper/og/fr/us_multi_state/1999-11-02.png", 404, "There is no published result of"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence_before_anything_is_drawn(asking, address, status, sentence):
    async def story(asker: Asker) -> None:
        answer = await asker.get(address)
        assert answer.status_code == status
        assert sentence in answer.json()["detail"]
        assert await asker.wanted() == []

    asking(story)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("prizes/paper/og/fr/us_powerball/2024-11-02.png", "No source tells the prizes of us_powerball/2024-11-02"),
        ("result/paper/poster/fr/us_powerball/2024-11-02.png", "There is no format “poster”"),
        ("result/paper/og/xx/us_powerball/2024-11-02.png", "does not speak “xx”"),
    ],
)
def test_what_the_image_maker_cannot_draw_is_answered_with_its_reason(asking, address, sentence):
    async def story(asker: Asker) -> None:
        for answer in (await asker.drawn(address), await asker.get(address)):
            assert answer.status_code == 422
            assert sentence in answer.json()["detail"]

    asking(story)


def test_while_the_image_maker_is_away_the_asker_is_told_to_come_again_and_then_gets_it(asking):
    async def story(asker: Asker) -> None:
        answer = await asker.get(CARD)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert "not drawn yet: the image maker is busy, or away" in answer.json()["detail"]
        for event in await asker.wanted():
            await asker.granter.handle(event)
        assert (await asker.get(CARD)).status_code == 200

    asking(story, patience=0.1)


def test_no_more_cards_wait_than_are_drawn_in_good_time(asking, monkeypatch):
    monkeypatch.setattr(route, "WAITING", 2)

    async def story(asker: Asker) -> None:
        for form in ("og", "square"):
            assert "busy, or away" in (await asker.get(f"result/paper/{form}/fr/us_powerball.png")).json()["detail"]
        over = await asker.get("result/paper/story/fr/us_powerball.png")
        assert (over.status_code, over.headers["retry-after"]) == (503, "30")
        assert len(await asker.wanted()) == 2
        assert "busy, or away" in (await asker.get("result/paper/og/fr/us_powerball.png")).json()["detail"]  # it is in

    asking(story, patience=0.05)


def test_a_corrected_draw_and_a_changed_look_are_drawn_anew(asking):
    async def story(asker: Asker) -> None:
        first = await asker.drawn(CARD)
        await asker.holds({**NUMBERS, "bonus": (3,)}, AT + timedelta(hours=1))
        corrected = await asker.drawn(CARD)
        assert corrected.status_code == 200
        assert corrected.content != first.content
        async with asker.ledger.reading() as conn:
            versions = await wishes.looks(conn)
        await wishes.know(asker.ledger, versions | {"paper": "another"}, wall_clock())
        asked = asyncio.create_task(asker.get(CARD))
        while not (said := await asker.wanted()):
            await asyncio.sleep(0.01)
        assert said[0].wish.version == "another"
        await asker.granter.handle(said[0])
        assert (await asked).status_code == 200

    asking(story)


def test_a_wish_of_long_ago_is_forgotten_and_asked_again_drawn_to_the_same_bytes(asking):
    async def story(asker: Asker) -> None:
        first = await asker.drawn(CARD)
        [answered] = await asker.rows("SELECT event_id FROM wish")
        await asker.granter.prune()
        assert len(await asker.rows("SELECT FROM wish")) == 1  # it is of today
        async with asker.ledger.reading() as conn:
            await conn.execute("UPDATE wish SET answered_at = answered_at - interval '31 days'")
        await asker.granter.prune()
        assert len(await asker.rows("SELECT FROM wish")) == 1  # what was said of it still waits to be worked off
        async with asker.ledger.transaction() as conn:
            letters = await outbox.waiting(conn, 50)
            await outbox.said(conn, {one.event_id: f"{n}-0" for n, one in enumerate(letters)}, wall_clock())
            await outbox.settle(conn, {"card_wanted": ["imaker"]})
        await asker.granter.prune()
        assert await asker.rows("SELECT FROM wish") == []
        assert await asker.rows("SELECT type FROM outbox WHERE type LIKE 'card%%'") == []
        assert await asker.rows("SELECT FROM inbox") == []
        assert len(await asker.rows("SELECT FROM outbox")) > 0  # results were said, too, and stay
        again = await asker.drawn(CARD)
        assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
        assert await asker.rows("SELECT event_id FROM wish") == [answered]

    asking(story)


def test_a_wish_that_was_buried_is_kept_until_a_person_has_looked(asking):
    async def story(asker: Asker) -> None:
        await asker.drawn(CARD)
        async with asker.ledger.transaction() as conn:
            await conn.execute("UPDATE wish SET answered_at = answered_at - interval '31 days'")
            letters = await outbox.waiting(conn, 50)
            await outbox.said(conn, {one.event_id: f"{n}-0" for n, one in enumerate(letters)}, wall_clock())
            await outbox.settle(conn, {"card_wanted": ["imaker"]})
            [wanted] = [one for one in letters if one.stream == "card_wanted"]
            await dead.bury(
                conn,
                consumer="imaker",
                stream="card_wanted",
                event_id=str(wanted.event_id),
                envelope=wanted.envelope,
                reason="The store was away.",
                deliveries=5,
                now=wall_clock(),
            )
        await asker.granter.prune()
        assert len(await asker.rows("SELECT FROM wish")) == 1

    asking(story)


def test_a_collection_s_day_and_the_next_draw_are_drawn_on_demand(asking):
    async def story(asker: Asker) -> None:
        collection = next(c for c in asker.house.catalogue.collections.values() if "us_powerball" in c.lotteries)
        digest = await asker.drawn(f"digest/night/square/es/{collection.id}/2024-11-02.png")
        assert Image.open(BytesIO(digest.content)).size == (1080, 1080)
        second = await asker.get(f"digest/night/square/es/{collection.id}/2024-11-02.2.png")
        assert (second.status_code, second.json()["detail"]) == (404, "This digest has 1 cards.")
        coming = await asker.drawn("next/plain/story/ar/us_powerball.png")
        assert Image.open(BytesIO(coming.content)).size == (1080, 1920)

    asking(story)


def test_what_services_tell_each_other_no_listener_is_told(asking):
    async def story(asker: Asker) -> None:
        await asker.drawn(CARD)
        async with asker.ledger.transaction() as conn:
            letters = await outbox.waiting(conn, 50)
            await outbox.said(conn, {one.event_id: f"{n}-0" for n, one in enumerate(letters)}, wall_clock())
        async with asker.ledger.reading() as conn:
            told = [one.type for one in await queries.said_after(conn, 0)]
        assert len(letters) > len(told)
        assert not {*told} & {*Among}
        assert "new_result" in told

    asking(story)


def test_the_command_writes_an_address_that_the_api_answers(lotto, house, asking):
    code, said, _ = lotto("cards", "address", "us_powerball/2024-11-02", "--look", "paper", "--lang", "fr")
    assert code == 0
    address = said.strip().partition("/cards/")[2]

    async def story(asker: Asker) -> None:
        assert f"cards/{address}" == asker.signature.path(CARD)
        assert (await asker.drawn(CARD)).status_code == 200

    asking(story)
    for words, sentence in (
        (("us_powerball", "--look", "velvet"), "There is no look “velvet”"),
        (("us_powerball/1", "--look", "paper"), "A card's address is"),
        (("us_multi_state", "--kind", "digest"), "A digest is of one day"),
    ):
        code, _, told = lotto("cards", "address", *words)
        assert code != 0
        assert sentence in told
