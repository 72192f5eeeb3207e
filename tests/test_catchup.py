"""Catch-up: after an outage an account with an age limit posts one digest, and nothing is lost or told twice by it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from conftest import Clock, run
from lotto.draws.draw import Draw, DrawKey, Numbers, Observation, Status
from lotto.events import Event, Type
from lotto.house import wall_clock
from lotto.ledger import accounts, cards, posts, sending
from lotto.ledger.posts import Post
from lotto.ledger.record import record
from lotto.publisher import gathering, sender, wording
from lotto.publisher.accounts import Account
from lotto.publisher.networks.network import Guard, Network, Posted, Sheet, TryLater, Unknown
from lotto.publisher.service import Publisher
from lotto.store import Store
from lotto.words import LANGUAGES
from test_publisher import Journal, event

BEGAN = datetime(2021, 8, 24, tzinfo=UTC)
"""Powerball is drawn on Mondays, Wednesdays and Saturdays since."""

LIMIT = timedelta(hours=2)
BOARD = "https://lotto.example/en/"
OTHERS = {"main": (60, 61, 62, 63, 64), "bonus": (26,)}


def numbers(n: int) -> Numbers:
    """Those of the nth draw, no two alike."""
    return {"main": (1 + n % 10, 11 + n // 10 % 10, 21 + n // 100, 40, 50), "bonus": (1 + n % 26,)}


class Outage:
    """A ledger, an account, and draws of Powerball that come out and are drawn when the story says so."""

    def __init__(self, ledger, store, known, network: Network, limit: timedelta | None) -> None:
        self.ledger = ledger
        self.store = store
        self.known = known
        self.lottery = known.lotteries["us_powerball"]
        self.network = network
        self.accounts = [Account("ours", network, age_limit=limit)]
        self.world = Clock(BEGAN)
        self.publisher = self.another()
        self._calendar = self.lottery.draws(BEGAN, BEGAN + timedelta(days=2000))
        self._count = 0

    def another(self) -> Publisher:
        """Another process of the same name, as after a restart."""
        return Publisher(
            self.ledger,
            self.store,
            self.known.lotteries,
            self.accounts,
            wall_clock,
            worker="one",
            public_url="https://lotto.example",
            world=self.world,
        )

    async def decide(self, key: DrawKey, values: Numbers, sources: Sequence[str] = ("us_texas", "us_ny_data")) -> Draw:
        """Has the ledger decide what these sources say, now in the world; nobody has drawn it yet."""
        said = [Observation(key, one, one, True, values, self.world(), "ab") for one in sources]
        (change,) = (await record(self.ledger, self.lottery, said, self.world())).changes
        return change.draw

    async def comes_out(self) -> Draw:
        """The next draw of the calendar comes out."""
        at, key = next(self._calendar)
        self.world.at = at + timedelta(hours=1)
        self._count += 1
        return await self.decide(key, numbers(self._count))

    async def is_drawn(self, draw: Draw, told: Type = Type.NEW_RESULT) -> None:
        """The image maker, back again, has worked off that draw, and the publisher hears of it."""
        await cards.ready(self.ledger, Event(told, draw, self.world()), [], wall_clock())
        await self.publisher.handle(Event(Type.IMAGE_READY, draw, wall_clock()))

    async def dispute(self, draw: Draw) -> None:
        """One source says otherwise of that draw by now; the image maker has heard of it."""
        disputed = await self.decide(draw.key, OTHERS, ["us_texas"])
        assert disputed.status is Status.HELD
        await cards.passed(self.ledger, Event(Type.RESULT_UPDATED, disputed, self.world()), wall_clock())

    async def correct(self, draw: Draw) -> None:
        """The sources say otherwise of that draw; the correction is drawn and heard at once."""
        await self.dispute(draw)
        corrected = await self.decide(draw.key, OTHERS, ["us_ny_data"])
        assert corrected.revision == 2
        await self.is_drawn(corrected, Type.RESULT_CORRECTED)

    async def misses(self, count: int) -> list[Draw]:
        """So many draws came out and were drawn only when the last was too old."""
        draws = [await self.comes_out() for _ in range(count)]
        self.world.go(hours=3)
        for draw in draws:
            await self.is_drawn(draw)
        return draws

    async def posts(self) -> list[Post]:
        async with self.ledger.reading() as conn:
            return await posts.listed(conn, 2000)

    async def state(self, draw: Draw) -> str:
        async with self.ledger.reading() as conn:
            post = await posts.first(conn, "ours", draw.key)
        assert post is not None
        return post.state

    async def carrier(self) -> Post:
        (post,) = [post for post in await self.posts() if post.tells > 1]
        return post

    @asynccontextmanager
    async def working(self) -> AsyncIterator[Callable]:
        """The publisher works while the block runs, which may wait for something to be true of the posts."""
        task = asyncio.ensure_future(self.publisher.run())

        async def until(true: Callable[[list[Post]], object]) -> list[Post]:
            async with asyncio.timeout(20):
                while True:
                    assert not task.done(), task.exception()
                    found = await self.posts()
                    if true(found):
                        return found
                    await asyncio.sleep(0.02)

        try:
            yield until
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def works(self, until: Callable[[list[Post]], object] | None = None) -> list[Post]:
        """The publisher works until that is so, or until all has come to an end."""
        async with self.working() as wait:
            return await wait(until or ended)


def ended(found: list[Post]) -> bool:
    return all(one.state in ("sent", "held", "failed", "folded") for one in found)


@pytest.fixture
def outage(open_ledger, known, tmp_path, monkeypatch) -> Callable:
    """Tells a story of an outage."""
    monkeypatch.setattr(sender, "SETTLE", timedelta())
    monkeypatch.setattr(sender, "WAIT", timedelta())

    def tell(story: Callable, network: Network, limit: timedelta | None = LIMIT) -> None:
        async def opened() -> None:
            async with open_ledger() as ledger:
                await story(Outage(ledger, Store.open(f"file://{tmp_path}/store"), known, network, limit))

        run(opened())

    return tell


def line(draw: Draw) -> str:
    """How a digest tells that draw."""
    values = ", ".join(map(str, draw.numbers["main"]))
    return f"• Powerball, {draw.key.date:%-d %b %Y}: {values}, Powerball {draw.numbers['bonus'][0]}"


@pytest.mark.parametrize("limit", [LIMIT, None])
def test_late_results_go_out_as_one_digest_only_at_an_account_with_an_age_limit(outage, limit):
    network = Journal(Guard.NONE)

    async def story(ours):
        first, second, third = await ours.misses(3)
        await ours.works()
        if limit is None:
            assert len(network.visible) == 3
            assert {one.state for one in await ours.posts()} == {"sent"}
            return
        (sheet,) = network.visible
        told = ["3 results came in meanwhile.", line(third), line(second), line(first), BOARD]
        assert sheet.text.split("\n") == told
        assert sheet.image is None
        carrier = await ours.carrier()
        assert (carrier.key, carrier.state, carrier.tells) == (third.key, "sent", 3)
        assert sheet.key == str(carrier.id) == str(posts.post_id("ours", third.key, 1, "create"))
        folded = [one for one in await ours.posts() if one.state == "folded"]
        assert {one.key for one in folded} == {first.key, second.key}
        assert {(one.folded_into, one.carrier, one.remote_id) for one in folded} == {
            (carrier.id, third.key, carrier.remote_id)
        }

    outage(story, network, limit)


def test_a_late_result_alone_is_posted_as_itself(outage):
    network = Journal(Guard.NONE)

    async def story(ours):
        await ours.misses(1)
        (post,) = await ours.works()
        assert (post.state, post.tells) == ("sent", 1)
        assert network.visible[0].text.startswith("Powerball, Monday 23 August 2021\n")

    outage(story, network)


def test_what_is_young_is_posted_by_itself_beside_the_digest(outage):
    network = Journal(Guard.NONE)

    async def story(ours):
        await ours.misses(3)
        young = await ours.comes_out()
        await ours.is_drawn(young)
        await ours.works()
        assert sorted(one.text.startswith("3 results") for one in network.visible) == [False, True]
        assert await ours.state(young) == "sent"

    outage(story, network)


@pytest.mark.parametrize("patient", [True, False])
def test_late_results_are_gathered_while_more_are_on_their_way(outage, monkeypatch, patient):
    """The image maker hands them over one by one; told as they come, each would be alone."""
    network = Journal(Guard.NONE)
    if not patient:
        monkeypatch.setattr(gathering, "GATHER", timedelta())

    async def story(ours):
        missed = [await ours.comes_out() for _ in range(4)]
        ours.world.go(hours=3)
        young = await ours.comes_out()
        async with ours.working() as until:
            for draw in missed[:2]:
                await ours.is_drawn(draw)
            await ours.is_drawn(young)
            await until(lambda found: any(post.state == "sent" and post.key == young.key for post in found))
            if not patient:
                await until(lambda found: all(post.state in ("sent", "folded") for post in found))
            for draw in missed[2:]:
                await ours.is_drawn(draw)
            await until(lambda found: len(found) == 5 and ended(found))
        digests = [one for one in network.visible if "meanwhile" in one.text]
        if patient:
            assert [one.text.split("\n")[0] for one in digests] == ["4 results came in meanwhile."]
            assert len(network.visible) == 2
        else:
            assert len(network.visible) > 2

    outage(story, network)


def test_a_result_that_was_given_up_on_is_not_waited_for(outage):
    network = Journal(Guard.NONE)

    async def story(ours):
        buried = await ours.comes_out()
        async with ours.ledger.reading() as conn:
            assert await sending.on_their_way(conn, ours.world.go(hours=3))
            await conn.execute(
                """INSERT INTO dead (consumer, stream, event_id, envelope, reason, deliveries, buried_at)
                   VALUES ('imaker', 'new_result', %s, '', 'broken', 5, %s)""",
                [str(Event(Type.NEW_RESULT, buried, ours.world()).id), wall_clock()],
            )
            assert not await sending.on_their_way(conn, ours.world())

    outage(story, network)


@pytest.mark.parametrize("guard", [Guard.KEY, Guard.LOOK_BACK])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_answer_of_a_digest_is_settled_by_the_guard_and_never_posts_twice(outage, guard, when):
    network = Journal(guard, (when, Unknown("the answer was lost")))

    async def story(ours):
        await ours.misses(3)
        await ours.works()
        assert [one.text.split("\n")[0] for one in network.visible] == ["3 results came in meanwhile."]
        assert (await ours.carrier()).state == "sent"

    outage(story, network)


@pytest.mark.parametrize("when", ["before", "after"])
def test_without_a_guard_a_digest_in_doubt_is_held_and_listed_with_all_it_tells(outage, when):
    network = Journal(Guard.NONE, (when, Unknown("the answer was lost")))

    async def story(ours):
        draws = await ours.misses(3)
        found = await ours.works()
        carrier = await ours.carrier()
        assert (carrier.state, carrier.tells) == ("held", 3)
        assert {one.key for one in found if carrier.id in (one.id, one.folded_into)} == {one.key for one in draws}
        assert len(network.visible) == (1 if when == "after" else 0)
        await ours.is_drawn(await ours.comes_out())
        await ours.works()
        assert (await ours.carrier()).state == "held"

    outage(story, network)


@pytest.mark.parametrize("shown", [True, False])
def test_a_worker_that_dies_with_a_digest_in_hand_leaves_the_same_digest_to_the_next(outage, shown):
    """It dies between fixing what is told and the network's call, or after the network has shown it."""
    network = Journal(Guard.LOOK_BACK)
    called = asyncio.Event()
    sheets: list[Sheet] = []

    async def hang(sheet: Sheet) -> Posted:
        sheets.append(sheet)
        if shown:
            await Journal.post(network, sheet)
        called.set()
        await asyncio.sleep(3600)
        raise AssertionError

    async def story(ours):
        await ours.misses(3)
        network.post = hang  # type: ignore[method-assign]
        async with ours.working():
            await asyncio.wait_for(called.wait(), 15)
        assert (await ours.carrier()).state == "sending"
        del network.post
        ours.publisher = ours.another()
        await ours.is_drawn(await ours.comes_out())
        await ours.works()
        digests = [one for one in network.visible if "meanwhile" in one.text]
        assert digests == sheets
        assert len(network.visible) == 2
        assert (await ours.carrier()).state == "sent"

    outage(story, network)


def test_what_comes_in_while_a_digest_is_sent_is_posted_by_itself(outage):
    network = Journal(Guard.NONE)
    called, go_on = asyncio.Event(), asyncio.Event()

    async def slow(sheet: Sheet) -> Posted:
        called.set()
        await go_on.wait()
        return await Journal.post(network, sheet)

    async def story(ours):
        await ours.misses(3)
        network.post = slow  # type: ignore[method-assign]
        async with ours.working() as until:
            await asyncio.wait_for(called.wait(), 15)
            late, young = await ours.comes_out(), None
            ours.world.go(hours=3)
            await ours.is_drawn(late)
            young = await ours.comes_out()
            await ours.is_drawn(young)
            go_on.set()
            await until(ended)
        assert [one.text.startswith("3 results") for one in network.visible] == [True, False, False]
        assert (await ours.state(late), await ours.state(young)) == ("sent", "sent")

    outage(story, network)


def test_a_digest_that_surely_did_not_go_out_is_folded_afresh(outage):
    network = Journal(Guard.NONE, ("before", TryLater("slow down", 3600)))

    async def story(ours):
        await ours.misses(3)
        found = await ours.works(lambda found: any(one.note == "slow down" for one in found))
        assert {(one.state, one.note, one.tells) for one in found} == {("planned", "slow down", 1)}
        await ours.misses(1)
        async with ours.ledger.reading() as conn:
            await conn.execute("UPDATE post SET due_at = planned_at")
        await ours.works()
        assert [one.text.split("\n")[0] for one in network.visible] == ["4 results came in meanwhile."]

    outage(story, network)


def test_a_draw_that_is_disputed_before_the_digest_goes_out_is_left_out(outage):
    network = Journal(Guard.NONE)

    async def story(ours):
        _, second, _ = await ours.misses(3)
        await ours.dispute(second)
        await ours.works(lambda found: sum(one.state in ("sent", "folded") for one in found) == 2)
        assert [one.text.split("\n")[0] for one in network.visible] == ["2 results came in meanwhile."]
        assert await ours.state(second) == "planned"

    outage(story, network)


def test_a_draw_that_is_corrected_before_the_digest_goes_out_is_left_out_and_told_by_itself(outage):
    network = Journal(Guard.NONE, ("before", TryLater("slow down", 3600)))

    async def story(ours):
        draws = await ours.misses(4)
        await ours.works(lambda found: any(one.note == "slow down" for one in found))
        await ours.correct(draws[3])  # the one that carried the digest
        ours.world.go(hours=3)  # the correction is late as well
        async with ours.ledger.reading() as conn:
            await conn.execute("UPDATE post SET due_at = planned_at")
        await ours.works()
        texts = [one.text for one in network.visible]
        assert sorted(one.split(",")[0].split("\n")[0] for one in texts) == [
            "3 results came in meanwhile.",
            "Corrected: Powerball",
        ]
        assert network.answers == [None, None]
        assert await ours.state(draws[3]) == "failed"

    outage(story, network)


@pytest.mark.parametrize("place", [0, 2])
@pytest.mark.parametrize("edits", [True, False])
def test_a_correction_of_a_draw_in_a_digest_answers_the_digest_and_never_replaces_it(outage, edits, place):
    network = Journal(Guard.NONE)
    network.edits = edits

    async def story(ours):
        draws = await ours.misses(3)
        await ours.works()
        await ours.correct(draws[place])
        found = await ours.works(lambda found: len(found) == 4 and ended(found))
        assert [one.kind for one in found].count("follow_up") == 1
        digest, correction = network.visible
        assert correction.text.startswith("Corrected: Powerball, ")
        assert network.answers == [None, digest.key]

    outage(story, network)


def test_an_edit_planned_just_before_its_draw_was_folded_answers_the_digest(outage):
    """The worker that folds had looked, and stood still, when another process heard of the correction."""
    network = Journal(Guard.NONE)
    network.edits = True

    async def story(ours):
        await ours.misses(2)
        async with ours.ledger.reading() as conn:
            fence = await accounts.claim(conn, "ours", "one", wall_clock(), wall_clock() + LIMIT)
            (carrier, draw), (other, _) = await sending.late(conn, "ours", wall_clock(), ours.world())
            await ours.correct(draw)
            digest = await sending.fold(ours.ledger, carrier, [other], "two came in meanwhile", (), fence, wall_clock())
            assert await sending.sent(conn, digest, fence, "remote", None, wall_clock())
        found = await ours.works()
        assert "edit" in {one.kind for one in found}
        assert network.answers == ["remote"]

    outage(story, network)


def test_a_correction_waits_until_it_is_known_whether_the_digest_stands(outage):
    network = Journal(Guard.LOOK_BACK, ("after", Unknown("the answer was lost")))
    network.lag = 3600.0

    async def story(ours):
        draws = await ours.misses(3)
        await ours.works(lambda found: any(one.state == "unknown" for one in found))
        await ours.correct(draws[0])
        async with ours.ledger.reading() as conn:
            assert await sending.due(conn, "ours", wall_clock()) is None
            await conn.execute("UPDATE post SET due_at = planned_at")
        await ours.works()
        assert network.answers == [None, network.visible[0].key]

    outage(story, network)


@pytest.mark.parametrize("guard", [Guard.KEY, Guard.LOOK_BACK])
def test_a_digest_in_doubt_of_which_a_draw_was_corrected_is_not_sent_again(outage, guard):
    """Where it surely is not there, the rest is folded afresh; where only the key could tell, a person must look."""
    network = Journal(guard, ("before", Unknown("the answer was lost")))

    async def story(ours):
        draws = await ours.misses(4)

        async def slow(sheet: Sheet) -> Posted:
            del network.post
            await ours.correct(draws[1])
            return await Journal.post(network, sheet)

        network.post = slow  # type: ignore[method-assign]
        await ours.works()
        carrier = await ours.carrier()
        texts = [one.text.split("\n")[0] for one in network.visible]
        if guard is Guard.KEY:
            assert (carrier.state, carrier.tells) == ("held", 4)
            assert "a person must look" in carrier.note
            assert not any("meanwhile" in text for text in texts)
        else:
            assert carrier.state == "sent"
            assert [text for text in texts if "meanwhile" in text] == ["3 results came in meanwhile."]
        assert "Corrected: Powerball" in " ".join(texts)
        assert not any(line(draws[1]) in one.text for one in network.visible)

    outage(story, network)


def test_five_hundred_late_posts_are_one_text_that_fits(outage):
    networks = {longest: Journal(Guard.LOOK_BACK) for longest in (300, 500, 5000)}

    async def story(ours):
        for longest, network in networks.items():
            network.longest = longest
        ours.accounts = [Account(f"up to {n}", network, age_limit=LIMIT) for n, network in networks.items()]
        ours.publisher = ours.another()
        draws = await ours.misses(500)
        found = await ours.works()
        assert len(found) == 1500
        assert sorted(one.tells for one in found if one.state == "sent") == [500, 500, 500]
        for longest, network in networks.items():
            (sheet,) = network.visible
            assert len(sheet.text) <= longest
            title, *lines, last = sheet.text.split("\n")
            assert title == "500 results came in meanwhile."
            assert last == f"and {500 - len(lines)} more: {BOARD}"
            newest = draws[::-1]
            assert lines == [line(draw) for draw in newest[: len(lines)]]
            assert len(lines) > 2
            assert len(f"{sheet.text}\n{line(newest[len(lines)])}") > longest

    outage(story, Journal(Guard.NONE))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_digest_drops_lines_then_the_link_and_never_cuts(known, lang):
    key = DrawKey("us_powerball", BEGAN.date() + timedelta(days=1))
    draws = [replace(event().draw, key=key, numbers=numbers(n)) for n in range(3)]
    whole = wording.digest(known.lotteries, draws, lang, BOARD, 10_000)
    title, *lines, link = whole.split("\n")
    assert (len(lines), link) == (3, BOARD)
    for longest in range(len(title), len(whole) + 1):
        text = wording.digest(known.lotteries, draws, lang, BOARD, longest)
        assert len(text) <= longest
        first, *rest = text.split("\n")
        assert first == title
        if rest:
            assert rest[:-1] == lines[: len(rest) - 1]
            assert BOARD in rest[-1]
    with pytest.raises(ValueError, match="takes more than the 5 characters"):
        wording.digest(known.lotteries, draws, lang, BOARD, 5)
