"""The publisher: one post a draw and account, whatever breaks in between."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from conftest import Clock, run
from lotto import catalogue
from lotto.draws.draw import Act, Draw, DrawKey, Observation, Status
from lotto.events import Card, Event, Type
from lotto.house import wall_clock
from lotto.ledger import accounts, posts, sending
from lotto.ledger.record import record
from lotto.ledger.ruling import rule
from lotto.publisher import sender, service, wording
from lotto.publisher.accounts import Account
from lotto.publisher.networks.network import Guard, Network, Posted, Refused, Sheet, TryLater, Unknown
from lotto.publisher.networks.paper import Paper
from lotto.publisher.service import Publisher
from lotto.store import Store, StoreError, address

AT = datetime(2024, 11, 3, 3, 10, tzinfo=UTC)
KEY = DrawKey("us_powerball", date(2024, 11, 2))
NUMBERS = {"main": (10, 45, 48, 58, 61), "bonus": (2,), "multiplier": (3,)}
PICTURE = b"\x89PNG picture"


class Journal(Network):
    """A network that keeps a journal of what became visible, and fails as it is told before or after it does."""

    name = "journal"
    longest = 300

    def __init__(self, guard: Guard, *mishaps: tuple[str, Exception]) -> None:
        self.guard = guard
        self.mishaps = list(mishaps)
        self.visible: list[Sheet] = []
        self.answers: list[str | None] = []
        self.looked_for: list[Sheet] = []

    async def post(self, sheet: Sheet) -> Posted:
        return await self._show(sheet, None)

    async def follow_up(self, remote_id: str, sheet: Sheet) -> Posted:
        return await self._show(sheet, remote_id)

    async def find(self, sheet: Sheet) -> Posted | None:
        self.looked_for.append(sheet)
        return Posted(sheet.key) if any(one.key == sheet.key for one in self.visible) else None

    async def _show(self, sheet: Sheet, answers: str | None) -> Posted:
        when, error = self.mishaps.pop(0) if self.mishaps else ("never", None)
        if when == "before" and error:
            raise error
        known = self.guard is Guard.KEY and any(one.key == sheet.key for one in self.visible)
        if not known:
            self.visible.append(sheet)
            self.answers.append(answers)
        if when == "after" and error:
            raise error
        return Posted(sheet.key)


def event(revision: int = 1, cards: bool = True, **more) -> Event:
    card = Card("og", "en", "g", address("cards", PICTURE, "png"), "ab", "image/png", 1200, 630, 9, "alt words")
    kind = Type.IMAGE_READY if cards else Type.IMAGE_FAILED
    draw = replace(Draw(KEY, Status.CONFIRMED, AT, revision, 0, NUMBERS), **more)
    return Event(kind, draw, AT, (card,) if cards else ())


@pytest.fixture
def publish(open_ledger, known, tmp_path, monkeypatch) -> Callable:
    """Hears events and works until nothing is due; returns what became visible and the rows of posts."""
    monkeypatch.setattr(sender, "SETTLE", timedelta())

    async def work(publisher: Publisher, ledger, until: Callable) -> None:
        task = asyncio.ensure_future(publisher.run())
        try:
            async with asyncio.timeout(15):
                while True:
                    async with ledger.reading() as conn:
                        found = await posts.listed(conn, 50)
                    if until(found):
                        return
                    await asyncio.sleep(0.02)
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def done(network: Network, *events: Event, until=None, worker="one"):
        async def story():
            store = Store.open(f"file://{tmp_path}/store")
            await store.put(address("cards", PICTURE, "png"), PICTURE, "image/png")
            async with open_ledger() as ledger:
                publisher = Publisher(
                    ledger,
                    store,
                    known.lotteries,
                    [Account("ours", network)],
                    wall_clock,
                    worker=worker,
                    public_url="https://lotto.example",
                )
                for one in events:
                    await publisher.handle(one)
                ended = until or (lambda found: found and all(p.state in ("sent", "held", "failed") for p in found))
                await work(publisher, ledger, ended)
                async with ledger.reading() as conn:
                    return await posts.listed(conn, 50)

        return run(story())

    return done


def test_a_repeated_event_posts_once(publish):
    network = Journal(Guard.NONE)
    (post,) = publish(network, event(), event(), event(update=1))
    assert post.state == "sent"
    assert [one.text.split("\n") for one in network.visible] == [
        [
            "Powerball, Saturday 2 November 2024",
            "10, 45, 48, 58, 61, Powerball 2, Power Play ×3",
            "https://lotto.example/en/us_powerball/2024-11-02",
        ]
    ]
    assert (network.visible[0].image, network.visible[0].alt) == (PICTURE, "alt words")


@pytest.mark.parametrize("guard", [Guard.KEY, Guard.LOOK_BACK])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_answer_is_settled_by_the_guard_and_never_posts_twice(publish, guard, when):
    network = Journal(guard, (when, Unknown("the answer was lost")))
    (post,) = publish(network, event())
    assert post.state == "sent"
    assert len(network.visible) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_without_a_guard_a_lost_answer_waits_for_a_person(publish, when):
    network = Journal(Guard.NONE, (when, Unknown("the answer was lost")))
    (post,) = publish(network, event())
    assert post.state == "held"
    assert len(network.visible) == (1 if when == "after" else 0)


def test_an_unforeseen_error_of_a_network_is_taken_as_in_doubt(publish):
    network = Journal(Guard.LOOK_BACK, ("after", ZeroDivisionError("oops")))
    (post,) = publish(network, event())
    assert post.state == "sent"
    assert len(network.visible) == 1


def test_what_surely_was_not_taken_is_tried_again_in_time(publish):
    network = Journal(Guard.NONE, ("before", TryLater("slow down", 0.05)), ("before", TryLater("slow down", 0.05)))
    (post,) = publish(network, event())
    assert (post.state, len(network.visible), post.attempts) == ("sent", 1, 3)


def test_a_refusal_is_final_and_says_why(publish):
    (post,) = publish(Journal(Guard.NONE, ("before", Refused("This account is closed."))), event())
    assert (post.state, post.note) == ("failed", "This account is closed.")


def test_a_correction_follows_the_first_post(publish):
    network = Journal(Guard.NONE)
    publish(network, event())
    corrected = event(2, numbers={**NUMBERS, "bonus": (9,)}, replaces=NUMBERS)
    found = publish(network, corrected, until=lambda rows: len(rows) == 2 and all(p.state == "sent" for p in rows))
    assert sorted(one.kind for one in found) == ["create", "follow_up"]
    assert network.answers == [None, network.visible[0].key]
    assert network.visible[1].text.startswith("Corrected: Powerball, ")
    assert "Powerball 9" in network.visible[1].text
    assert network.visible[1].text != network.visible[0].text


def test_a_failed_picture_is_posted_as_text(publish):
    network = Journal(Guard.NONE)
    (post,) = publish(network, event(cards=False))
    assert (post.state, network.visible[0].image) == ("sent", None)


def test_a_worker_that_died_while_sending_leaves_its_post_in_doubt_not_lost(publish, open_ledger):
    """The dead worker's post stands in `sending` under an old fence; the next worker settles it by looking."""
    network = Journal(Guard.LOOK_BACK)

    async def hang(sheet: Sheet) -> Posted:
        await Journal.post(network, sheet)
        await asyncio.sleep(3600)
        raise AssertionError

    network.post = hang  # type: ignore[method-assign]
    (post,) = publish(network, event(), until=lambda rows: bool(network.visible))
    assert post.state == "sending"
    del network.post
    (post,) = publish(network)
    assert (post.state, len(network.visible)) == ("sent", 1)


def test_paper_shows_every_post_that_went_out_and_finds_it_again(tmp_path):
    async def story():
        paper = Paper(tmp_path / "paper", "http://wall", Clock())
        sheet = Sheet("k1", "text", PICTURE, "image/png", "alt", planned_at=AT, since=AT)
        assert await paper.find(sheet) is None
        posted = await paper.post(sheet)
        assert await paper.find(sheet) == posted == Posted("k1", "http://wall#k1")
        await paper.post(sheet)
        assert [line["key"] for line in paper.journal()] == ["k1", "k1"]
        assert (tmp_path / "paper" / "k1.png").read_bytes() == PICTURE

    run(story())


def cut_off(journal: Path) -> None:
    journal.write_bytes(journal.read_bytes() + b'\n{"key": "k2", "te')


def test_a_line_of_paper_cut_off_by_a_crash_was_never_visible_and_spoils_nothing(tmp_path):
    async def story():
        paper = Paper(tmp_path, "http://wall", Clock())
        await paper.post(Sheet("k1", "one", planned_at=AT, since=AT))
        cut_off(tmp_path / "journal.jsonl")
        assert await paper.find(Sheet("k2", "two", planned_at=AT, since=AT)) is None
        await paper.post(Sheet("k3", "three", planned_at=AT, since=AT))
        assert [line["key"] for line in paper.journal()] == ["k1", "k3"]

    run(story())


@pytest.mark.parametrize("longest", [400, 110, 90, 80])
def test_a_text_fits_by_leaving_out_and_never_by_cutting_a_number(known, longest):
    draw = event().draw
    link = "https://lotto.example/en/us_powerball/2024-11-02"
    text = wording.text(known.lotteries["us_powerball"], draw, "en", link, longest)
    assert len(text) <= longest
    assert "10, 45, 48, 58, 61, Powerball 2, Power Play ×3" in text
    assert (link in text) == (longest == 400)


def test_a_text_that_cannot_fit_is_refused(known):
    with pytest.raises(ValueError, match="take more than the 40 characters"):
        wording.text(known.lotteries["us_powerball"], event().draw, "en", "https://x", 40)


def test_an_account_whose_network_has_no_room_for_the_numbers_keeps_no_other_from_telling_them(
    open_ledger, known, tmp_path
):
    class Narrow(Journal):
        name = "narrow"
        longest = 40

    async def story():
        narrow, wide = Narrow(Guard.KEY), Journal(Guard.KEY)
        async with open_ledger() as ledger:
            store = Store.open(f"file://{tmp_path}/store")
            ours = [Account("narrow", narrow), Account("wide", wide)]
            publisher = Publisher(
                ledger, store, known.lotteries, ours, wall_clock, worker="one", public_url="https://lotto.example"
            )
            await publisher.handle(event(cards=False))
            found = {one.account: one for one in await working(publisher, ledger, ended)}
        assert (len(narrow.visible), len(wide.visible)) == (0, 1)
        assert (found["narrow"].state, found["wide"].state) == ("failed", "sent")
        assert found["narrow"].note.endswith("name and numbers take more than the 40 characters of this network.")

    run(story())


def test_an_account_that_breaks_as_nobody_foresaw_stops_no_other_and_is_gone_on_with(
    open_ledger, known, tmp_path, monkeypatch
):
    monkeypatch.setattr(service, "BROKEN", 0.2)

    class Breaking(Publisher):
        left = 2

        async def _step(self, account, fence, times):
            if account.name == "odd" and self.left:
                self.left -= 1
                raise ZeroDivisionError("oops")
            return await super()._step(account, fence, times)

    async def story():
        odd, even = Journal(Guard.NONE), Journal(Guard.NONE)
        async with open_ledger() as ledger:
            store = Store.open(f"file://{tmp_path}/store")
            ours = [Account("odd", odd), Account("even", even)]
            publisher = Breaking(
                ledger, store, known.lotteries, ours, wall_clock, worker="one", public_url="https://lotto.example"
            )
            await publisher.handle(event(cards=False))
            await working(publisher, ledger, ended)
        assert (len(odd.visible), len(even.visible)) == (1, 1)

    run(story())


async def stand(ledger, lottery, *words, at=AT) -> None:
    """Has the ledger hold what both sources say, one value after the other."""
    for numbers in words:
        for source in ("us_texas", "us_ny_data"):
            await record(ledger, lottery, [Observation(KEY, source, source, True, numbers, at, "ab")], at)


@pytest.fixture
def desk(open_ledger, known, tmp_path) -> Callable:
    """Publishers over one ledger and one store, for a story that goes step by step."""

    def tell(story: Callable) -> None:
        async def opened() -> None:
            store = Store.open(f"file://{tmp_path}/store")
            async with open_ledger() as ledger:

                def publisher(network: Network, worker: str = "one", clock: Callable = wall_clock) -> Publisher:
                    return Publisher(
                        ledger,
                        store,
                        known.lotteries,
                        [Account("ours", network)],
                        clock,
                        worker=worker,
                        public_url="https://lotto.example",
                    )

                await story(ledger, store, publisher)

        run(opened())

    return tell


async def working(publisher: Publisher, ledger, until: Callable) -> list[posts.Post]:
    """Has it work until that is true of the posts."""
    task = asyncio.ensure_future(publisher.run())
    try:
        async with asyncio.timeout(15):
            while True:
                assert not task.done(), task.exception()
                async with ledger.reading() as conn:
                    found = await posts.listed(conn, 50)
                if until(found):
                    return found
                await asyncio.sleep(0.02)
    finally:
        task.cancel()
        await asyncio.wait([task])


def ended(found: list[posts.Post]) -> bool:
    return all(one.state in ("sent", "held", "failed") for one in found)


NINE = {**NUMBERS, "bonus": (9,)}


def test_values_that_were_corrected_before_they_went_out_never_go_out(desk, known):
    async def story(ledger, store, publisher):
        network = Journal(Guard.LOOK_BACK)
        ours = publisher(network)
        await ours.handle(event(cards=False))
        await stand(ledger, known.lotteries["us_powerball"], NUMBERS, NINE)
        await ours.handle(event(2, cards=False, numbers=NINE, replaces=NUMBERS))
        found = await working(ours, ledger, ended)
        assert {one.kind: one.state for one in found} == {"create": "failed", "follow_up": "sent"}
        assert ["Powerball 9" in one.text for one in network.visible] == [True]

    desk(story)


def test_an_old_event_of_a_draw_that_was_corrected_since_plans_nothing(desk, known):
    async def story(ledger, store, publisher):
        network = Journal(Guard.LOOK_BACK)
        ours = publisher(network)
        await stand(ledger, known.lotteries["us_powerball"], NUMBERS, NINE)
        await ours.handle(event(cards=False))
        await ours.handle(event(2, cards=False, numbers=NINE, replaces=NUMBERS))
        (post,) = await working(ours, ledger, ended)
        assert (post.kind, post.revision) == ("create", 2)

    desk(story)


def test_a_draw_that_is_disputed_is_not_posted_until_that_is_settled(desk, known):
    async def story(ledger, store, publisher):
        network = Journal(Guard.LOOK_BACK)
        ours = publisher(network)
        lottery = known.lotteries["us_powerball"]
        await stand(ledger, lottery, NUMBERS)
        await ours.handle(event(cards=False))
        await record(ledger, lottery, [Observation(KEY, "us_texas", "us_texas", True, NINE, AT, "ab")], AT)
        (post,) = await working(ours, ledger, lambda found: bool(found[0].note))
        assert (post.state, network.visible) == ("planned", [])
        assert post.note.startswith("The draw is held: Sources disagree")

    desk(story)


def test_a_correction_waits_until_it_is_known_whether_the_first_post_stands(desk):
    async def story(ledger, store, publisher):
        network = Journal(Guard.LOOK_BACK, ("after", Unknown("the answer was lost")))
        ours = publisher(network)
        await ours.handle(event(cards=False))
        await working(ours, ledger, lambda found: found[0].state == "unknown")
        await ours.handle(event(2, cards=False, numbers=NINE, replaces=NUMBERS))
        async with ledger.reading() as conn:
            assert await sending.due(conn, "ours", wall_clock()) is None
            await conn.execute("UPDATE post SET due_at = %s WHERE kind = 'create'", [wall_clock()])
        await working(ours, ledger, ended)
        assert network.answers == [None, network.visible[0].key]

    desk(story)


def test_a_correction_planned_beside_another_worker_s_first_post_is_not_lost(desk):
    async def story(ledger, store, publisher):
        first = [posts.Plan("ours", "journal", "create", "old")]
        await posts.plan(ledger, event(cards=False), first, AT)
        corrected = event(2, cards=False, numbers=NINE, replaces=NUMBERS)
        with pytest.raises(posts.Overtaken, match="revision 1"):
            await posts.plan(ledger, corrected, [posts.Plan("ours", "journal", "create", "new")], AT)
        await publisher(Journal(Guard.NONE)).handle(corrected)
        async with ledger.reading() as conn:
            assert sorted(one.kind for one in await posts.listed(conn, 9)) == ["create", "follow_up"]

    desk(story)


def test_a_picture_that_is_gone_stops_no_post(desk):
    async def story(ledger, store, publisher):
        network = Journal(Guard.NONE)
        ours = publisher(network)
        await ours.handle(event())
        await working(ours, ledger, ended)
        assert [one.image for one in network.visible] == [None]

    desk(story)


def test_a_store_that_is_away_delays_its_post_and_no_other(desk, monkeypatch):
    async def story(ledger, store, publisher):
        async def away(key: str) -> bytes:
            raise StoreError("The store could not read it: away.")

        monkeypatch.setattr(store, "get", away)
        network = Journal(Guard.NONE)
        ours = publisher(network)
        await ours.handle(event())
        other = replace(KEY, date=date(2024, 10, 30))
        await ours.handle(event(cards=False, key=other))
        found = await working(
            ours,
            ledger,
            lambda found: {(bool(one.note), one.state) for one in found} >= {(True, "planned"), (False, "sent")},
        )
        assert {one.key: one.state for one in found} == {KEY: "planned", other: "sent"}

    desk(story)


def test_a_network_that_breaks_when_looked_at_leaves_its_post_in_doubt(desk):
    async def story(ledger, store, publisher):
        network = Journal(Guard.LOOK_BACK, ("after", Unknown("the answer was lost")))

        async def broken(sheet: Sheet) -> Posted | None:
            raise ZeroDivisionError("oops \0 \ud800")

        network.find = broken  # type: ignore[method-assign]
        ours = publisher(network)
        await ours.handle(event(cards=False))
        await working(ours, ledger, lambda found: found[0].state == "unknown")
        async with ledger.reading() as conn:
            await conn.execute("UPDATE post SET due_at = %s", [wall_clock()])
        (post,) = await working(ours, ledger, lambda found: "oops" in found[0].note)
        assert (post.state, len(network.visible)) == ("unknown", 1)

    desk(story)


def test_a_post_that_was_tried_is_looked_for_back_to_its_planning_and_any_other_to_its_draw(desk):
    async def story(ledger, store, publisher):
        network = Journal(Guard.LOOK_BACK, ("after", Unknown("the answer was lost")))
        ours = publisher(network)
        await ours.handle(event(cards=False))
        await working(ours, ledger, lambda found: found[0].state == "unknown")
        async with ledger.reading() as conn:
            await conn.execute("UPDATE post SET due_at = %s", [wall_clock()])
        (post,) = await working(ours, ledger, ended)
        (tried,), (looked_for,) = network.visible, network.looked_for
        assert tried.since == catalogue.load().lotteries["us_powerball"].opens_at(KEY)
        assert looked_for.since == post.planned_at - timedelta(minutes=10)

    desk(story)


def test_a_post_in_doubt_is_not_looked_for_before_the_network_can_show_it(desk):
    """A worker died while it posted; the network shows posts late: looking at once would find nothing."""

    async def story(ledger, store, publisher):
        network = Journal(Guard.LOOK_BACK)
        network.lag = 45.0
        ours = publisher(network)
        await ours.handle(event(cards=False))
        async with ledger.reading() as conn:
            dead = await accounts.claim(conn, "ours", "one", wall_clock(), wall_clock() + timedelta(minutes=1))
            post = await sending.due(conn, "ours", wall_clock())
            assert await sending.begin(conn, post, dead, wall_clock())
        began = wall_clock()
        await working(ours, ledger, lambda found: found[0].state == "unknown")
        async with ledger.reading() as conn:
            row = await (await conn.execute("SELECT due_at FROM post")).fetchone()
        assert row["due_at"] >= began + timedelta(seconds=45)

    desk(story)


def test_of_two_processes_of_one_name_the_younger_keeps_the_account(desk):
    """They would else take it from one another in the middle of each other's calls."""

    async def story(ledger, store, publisher):
        older, younger = publisher(Journal(Guard.NONE)), publisher(Journal(Guard.NONE))
        async with ledger.reading() as conn:
            await accounts.enrol(conn, "ours", "journal")

        async def fence() -> int:
            async with ledger.reading() as conn:
                row = await (await conn.execute("SELECT fence FROM account")).fetchone()
            return int(row["fence"])

        async def until_fence(wanted: int) -> None:
            async with asyncio.timeout(15):
                while await fence() < wanted:
                    await asyncio.sleep(0.02)

        first = asyncio.ensure_future(older.run())
        await until_fence(1)
        second = asyncio.ensure_future(younger.run())
        await until_fence(2)
        for _ in range(3):  # both look several times
            older._planned.set()
            younger._planned.set()
            await asyncio.sleep(0.1)
        assert await fence() == 2
        first.cancel()
        second.cancel()
        await asyncio.wait([first, second])

    desk(story)


class Board(Journal):
    """A journal whose posts can be taken down."""

    def __init__(self, *mishaps: tuple[str, Exception]) -> None:
        super().__init__(Guard.LOOK_BACK, *mishaps)
        self.removals: list[str] = []

    async def remove(self, remote_id: str, sheet: Sheet) -> Posted:
        self.removals.append(remote_id)
        when, error = self.mishaps.pop(0) if self.mishaps else ("never", None)
        if error and when == "before":
            raise error
        self.visible = [one for one in self.visible if one.key != remote_id]
        if error:
            raise error
        return Posted(remote_id)


def voided(revision: int = 2) -> Event:
    return event(revision, cards=False, status=Status.VOID, numbers={})


async def decide(ledger, lottery, act: Act, numbers=None) -> None:
    """A person's word, after which the ledger holds the draw so."""
    now = AT + timedelta(hours=1)
    await rule(
        ledger, lottery, KEY, act, by="Ana", reason="A ball was missing.", now=now, choose=lambda _: numbers or {}
    )


@pytest.mark.parametrize(
    "mishap", [(), (("after", Unknown("the answer was lost")),), (("before", TryLater("", 0.01)),)]
)
def test_what_stands_of_a_void_draw_is_taken_down_the_corrections_too(desk, known, monkeypatch, mishap):
    monkeypatch.setattr(sender, "SETTLE", timedelta())

    async def story(ledger, store, publisher):
        network, lottery = Board(), known.lotteries["us_powerball"]
        ours = publisher(network)
        await stand(ledger, lottery, NUMBERS)
        await ours.handle(event(cards=False))
        await working(ours, ledger, lambda found: found and ended(found))
        await stand(ledger, lottery, NINE)
        await ours.handle(event(2, cards=False, numbers=NINE, replaces=NUMBERS))
        await working(ours, ledger, lambda found: len(found) == 2 and ended(found))
        network.mishaps = list(mishap)
        await decide(ledger, lottery, Act.VOID)
        await ours.handle(voided(3))
        await ours.handle(voided(3))
        found = await working(ours, ledger, lambda found: len(found) == 4 and ended(found))
        assert sorted(one.kind for one in found) == ["create", "follow_up", "remove", "remove"]
        assert {one.state for one in found} == {"sent"}
        assert network.visible == []
        # Undone, it is posted anew: what was taken down is neither edited nor answered.
        await decide(ledger, lottery, Act.APPROVE, NINE)
        await ours.handle(event(4, cards=False, numbers=NINE))
        await working(ours, ledger, lambda found: len(found) == 5 and ended(found))
        (again,) = network.visible
        assert "Powerball 9" in again.text
        assert network.answers[-1] is None
        # Void once more, only what stands now is taken down.
        removals = len(network.removals)
        await decide(ledger, lottery, Act.VOID)
        await ours.handle(voided(5))
        await working(ours, ledger, lambda found: len(found) == 6 and ended(found))
        assert network.removals[removals:] == [again.key]
        assert network.visible == []

    desk(story)


def test_where_nothing_can_be_taken_down_a_post_below_says_that_the_draw_is_void(desk, known):
    async def story(ledger, store, publisher):
        network, lottery = Journal(Guard.NONE), known.lotteries["us_powerball"]
        ours = publisher(network)
        await stand(ledger, lottery, NUMBERS)
        await ours.handle(event(cards=False))
        await working(ours, ledger, lambda found: found and ended(found))
        await decide(ledger, lottery, Act.VOID)
        await ours.handle(voided())
        await working(ours, ledger, lambda found: len(found) == 2 and ended(found))
        assert network.answers == [None, network.visible[0].key]
        assert network.visible[1].text.split("\n") == [
            "Void: Powerball, Saturday 2 November 2024",
            "Its numbers do not count.",
            "https://lotto.example/en/us_powerball/2024-11-02",
        ]

    desk(story)


def test_a_draw_that_was_void_before_it_went_out_is_neither_posted_nor_taken_down(desk, known):
    async def story(ledger, store, publisher):
        network, lottery = Board(), known.lotteries["us_powerball"]
        ours = publisher(network)
        await stand(ledger, lottery, NUMBERS)
        await ours.handle(event(cards=False))
        await decide(ledger, lottery, Act.VOID)
        await ours.handle(voided())
        found = await working(ours, ledger, lambda found: len(found) == 2 and ended(found))
        assert {one.kind: one.state for one in found} == {"create": "failed", "remove": "failed"}
        assert (network.visible, network.removals) == ([], [])
        async with ledger.reading() as conn:
            assert await posts.refused(conn) == []  # nothing for a person to look at
        await ours.handle(event(cards=False))  # an old event
        assert len(await working(ours, ledger, ended)) == 2

    desk(story)


def test_a_post_in_doubt_whose_draw_is_void_is_looked_for_and_taken_down(desk, known):
    """Never sent again to learn whether it is there, also where a key would make that harmless."""

    async def story(ledger, store, publisher):
        network, lottery = Board(("after", Unknown("the answer was lost"))), known.lotteries["us_powerball"]
        network.guard = Guard.KEY
        ahead = [timedelta()]
        ours = publisher(network, clock=lambda: wall_clock() + ahead[0])
        await stand(ledger, lottery, NUMBERS)
        await ours.handle(event(cards=False))
        await working(ours, ledger, lambda found: [one.state for one in found] == ["unknown"])
        await decide(ledger, lottery, Act.VOID)
        await ours.handle(voided())
        ahead[0] = sender.SETTLE
        found = await working(ours, ledger, lambda found: len(found) == 2 and ended(found))
        assert {one.kind: (one.state, one.attempts) for one in found} == {"create": ("sent", 1), "remove": ("sent", 1)}
        assert network.visible == []

    desk(story)
