"""The ledger: what is recorded, what it comes to, and that nothing of it can change unseen."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from conftest import Clock, drop, run
from lotto import wire
from lotto.draws.draw import Draw, DrawKey, Observation, Status
from lotto.events import Card, Event, Type, event_id
from lotto.ledger import accounts, browse, cards, chain, dead, fetches, inbox, outbox, posts, queries, schema, sending
from lotto.ledger.connection import Ledger, LedgerError, prepare
from lotto.ledger.record import record

POWERBALL = DrawKey("us_powerball", date(2024, 11, 2))
SEEN_AT = datetime(2024, 11, 3, 3, 10, tzinfo=UTC)
VALUES = {"main": (10, 45, 48, 58, 61), "bonus": (2,), "multiplier": (3,)}


def said(source="us_texas", numbers=None, key=POWERBALL, at=SEEN_AT, **more):
    """What a source says of a draw; the two US sources are official and of different origins."""
    return Observation(
        key=key,
        source=source,
        origin=source,
        official=True,
        numbers=numbers or VALUES,
        observed_at=at,
        page="ab",
        **more,
    )


async def count(ledger, table):
    async with ledger.reading() as conn:
        row = await (await conn.execute(f"SELECT count(*) AS n FROM {table}")).fetchone()
        return row["n"]


async def told(ledger):
    async with ledger.reading() as conn:
        rows = await conn.execute("SELECT type FROM outbox ORDER BY created_at, revision, update")
        return [row["type"] async for row in rows]


def test_two_origins_that_agree_confirm_a_draw_and_leave_one_event(open_ledger, known):
    async def story():
        async with open_ledger() as ledger:
            lottery = known.lotteries["us_powerball"]
            lonely = replace(lottery, policy=replace(lottery.policy, provisional=False))
            assert (await record(ledger, lonely, [said("us_texas")], SEEN_AT)).changes == ()
            (change,) = (await record(ledger, lonely, [said("us_ny_data")], SEEN_AT)).changes
            assert change.told is Type.NEW_RESULT
            assert (change.draw.status, change.draw.revision, change.draw.update) == (Status.CONFIRMED, 1, 0)
            async with ledger.reading() as conn:
                assert await queries.draw(conn, POWERBALL) == change.draw
            assert await told(ledger) == ["new_result"]

    run(story())


def test_the_same_words_again_write_nothing(open_ledger, known):
    async def story():
        async with open_ledger() as ledger:
            lottery = known.lotteries["us_powerball"]
            await record(ledger, lottery, [said("us_texas"), said("us_ny_data")], SEEN_AT)
            before = await count(ledger, "observation"), await count(ledger, "result")
            again = await record(ledger, lottery, [said("us_ny_data", at=SEEN_AT + timedelta(hours=1))], SEEN_AT)
            assert again.changes == ()
            assert (await count(ledger, "observation"), await count(ledger, "result")) == before

    run(story())


def test_a_disagreement_is_held_and_tells_nobody(open_ledger, known):
    async def story():
        async with open_ledger() as ledger:
            lottery = known.lotteries["us_mega_millions"]
            key = DrawKey(lottery.id, date(2022, 5, 10))
            at = datetime(2022, 5, 11, 4, tzinfo=UTC)
            six = {"main": (15, 19, 20, 61, 70), "bonus": (6,)}
            nine = {"main": (15, 19, 20, 61, 70), "bonus": (9,)}
            lonely = replace(lottery, policy=replace(lottery.policy, provisional=False))
            await record(ledger, lonely, [said("us_ny_data", six, key, at)], at)
            (change,) = (await record(ledger, lonely, [said("us_texas", nine, key, at)], at)).changes
            assert change.draw.status is Status.HELD
            assert change.draw.numbers == {}
            assert change.draw.revision == 0
            assert await told(ledger) == []

    run(story())


def test_a_dissent_after_publication_holds_and_keeps_the_published_values(open_ledger, known):
    async def story():
        async with open_ledger() as ledger:
            lottery = known.lotteries["us_powerball"]
            await record(
                ledger,
                lottery,
                [
                    said("us_texas"),
                ],
                SEEN_AT,
            )
            await record(ledger, lottery, [said("us_ny_data")], SEEN_AT)
            other = {**VALUES, "bonus": (3,)}
            (change,) = (await record(ledger, lottery, [said("us_ny_data", other)], SEEN_AT)).changes
            assert (change.draw.status, change.draw.numbers, change.draw.revision) == (Status.HELD, VALUES, 1)
            assert change.told is Type.RESULT_UPDATED

    run(story())


def test_when_both_sources_change_their_word_it_is_a_correction(open_ledger, known):
    async def story():
        async with open_ledger() as ledger:
            lottery = known.lotteries["us_powerball"]
            other = {**VALUES, "bonus": (3,)}
            for source, values in (("us_texas", VALUES), ("us_ny_data", VALUES), ("us_texas", other)):
                await record(ledger, lottery, [said(source, values)], SEEN_AT)
            (change,) = (await record(ledger, lottery, [said("us_ny_data", other)], SEEN_AT)).changes
            assert change.told is Type.RESULT_CORRECTED
            assert (change.draw.revision, change.draw.numbers, change.draw.replaces) == (2, other, VALUES)

    run(story())


def test_a_part_of_a_draw_is_partial_and_its_completion_is_the_first_revision(open_ledger, known):
    async def story():
        async with open_ledger() as ledger:
            lottery = known.lotteries["do_gana_mas"]
            key = DrawKey(lottery.id, date(2025, 8, 6))
            at = lottery.drawn_at(key) + timedelta(hours=1)

            def board(source, *values):
                return Observation(key, source, source, False, {"main": values}, at, "cd")

            (change,) = (await record(ledger, lottery, [board("do_loteriasdominicanas", "67")], at)).changes
            assert (change.draw.status, change.draw.numbers, change.told) == (Status.PARTIAL, {}, None)
            await record(ledger, lottery, [board("do_loteriasdominicanas", "67", "11", "46")], at)
            (change,) = (await record(ledger, lottery, [board("do_tusnumerosrd", "67", "11", "46")], at)).changes
            assert (change.draw.status, change.draw.revision) == (Status.CONFIRMED, 1)
            assert change.told is Type.NEW_RESULT

    run(story())


def test_a_backfill_tells_nobody_and_a_later_change_of_it_neither(open_ledger, known):
    async def story():
        async with open_ledger() as ledger:
            lottery = known.lotteries["us_powerball"]
            for source in ("us_texas", "us_ny_data"):
                await record(ledger, lottery, [said(source)], SEEN_AT, lambda key: False)
            other = {**VALUES, "bonus": (3,)}
            await record(ledger, lottery, [said("us_texas", other)], SEEN_AT, lambda key: False)
            assert await told(ledger) == []

    run(story())


def test_a_change_of_what_was_told_is_told_however_old_it_is(open_ledger, known):
    async def story():
        async with open_ledger() as ledger:
            lottery = known.lotteries["us_powerball"]
            for source in ("us_texas", "us_ny_data"):
                await record(ledger, lottery, [said(source)], SEEN_AT)
            other = {**VALUES, "bonus": (3,)}
            (change,) = (await record(ledger, lottery, [said("us_texas", other)], SEEN_AT, lambda key: False)).changes
            assert change.told is Type.RESULT_UPDATED

    run(story())


def test_what_was_seen_too_early_is_weighed_again_later(open_ledger, known):
    async def story():
        async with open_ledger() as ledger:
            lottery = known.lotteries["us_powerball"]
            early = lottery.drawn_at(POWERBALL) - timedelta(hours=1)
            first = await record(ledger, lottery, [said("us_texas", at=early)], early)
            assert first.objections
            assert first.changes == ()
            for source in ("us_texas", "us_ny_data"):
                last = await record(ledger, lottery, [said(source, at=SEEN_AT)], SEEN_AT)
            assert last.changes[0].draw.status is Status.CONFIRMED

    run(story())


def test_the_same_objected_words_again_write_nothing(open_ledger, known):
    async def story():
        async with open_ledger() as ledger:
            lottery = known.lotteries["us_powerball"]
            wrong = {"main": (10, 45, 48, 58, 99), "bonus": (2,)}
            assert (await record(ledger, lottery, [said("us_texas", wrong)], SEEN_AT)).objections
            before = await count(ledger, "observation"), await count(ledger, "result")
            assert (await record(ledger, lottery, [said("us_texas", wrong)], SEEN_AT)).objections
            assert (await count(ledger, "observation"), await count(ledger, "result")) == before

    run(story())


def test_writers_at_once_leave_one_chain_and_one_first_revision(open_ledger, known):
    async def story():
        async with open_ledger() as ledger:
            lottery = known.lotteries["us_powerball"]
            days = [key for _, key in lottery.draws(SEEN_AT - timedelta(days=60), SEEN_AT)]
            jobs = [
                record(ledger, lottery, [said(source, {**VALUES, "bonus": (n % 26 + 1,)}, key)], SEEN_AT)
                for n, key in enumerate(days)
                for source in ("us_texas", "us_ny_data")
            ]
            await asyncio.gather(*jobs)
            async with ledger.reading() as conn:
                proof = await chain.verify(conn)
                rows = await conn.execute("SELECT count(*) AS n FROM outbox WHERE type = 'new_result'")
                assert (await rows.fetchone())["n"] == len(days)
            assert proof.wrong == ""
            assert proof.count == await count(ledger, "result")

    run(story())


def test_observations_and_results_cannot_be_changed(open_ledger, known):
    async def story():
        async with open_ledger() as ledger:
            lottery = known.lotteries["us_powerball"]
            await record(ledger, lottery, [said("us_texas"), said("us_ny_data")], SEEN_AT)
            for statement in ("UPDATE result SET body = '{}'", "DELETE FROM observation", "TRUNCATE result CASCADE"):
                with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
                    async with ledger.reading() as conn:
                        await conn.execute(statement)

    run(story())


@pytest.mark.parametrize(
    ("tampering", "words"),
    [
        ("UPDATE result SET body = jsonb_set(body, '{numbers,bonus,0}', '7') WHERE seq = 2", "was changed"),
        ("DELETE FROM draw WHERE seq = 2; DELETE FROM result WHERE seq = 2", "missing between"),
        ("UPDATE result SET previous_hash = hash WHERE seq = 3", "does not follow"),
        ("UPDATE result SET environment = 'practice', label = 'x' WHERE seq = 3", "another draw's name"),
        ("UPDATE draw SET seq = 999 WHERE seq = 3", ""),
        ("DELETE FROM draw WHERE seq = 3", "newest"),
        ("UPDATE draw SET status = 'held'", "newest"),
        ("UPDATE draw SET drawn_at = drawn_at - interval '1 year'", "newest"),
    ],
)
def test_verify_finds_any_hand_laid_on_the_ledger(open_ledger, known, tampering, words):
    async def story():
        async with open_ledger() as ledger:
            lottery = known.lotteries["us_powerball"]
            days = [key for _, key in lottery.draws(SEEN_AT - timedelta(days=14), SEEN_AT)]
            for n, key in enumerate(days):
                values = {**VALUES, "bonus": (n + 1,)}
                await record(ledger, lottery, [said(one, values, key) for one in ("us_texas",)], SEEN_AT)
                await record(ledger, lottery, [said(one, values, key) for one in ("us_ny_data",)], SEEN_AT)
            async with ledger.reading() as conn:
                assert (await chain.verify(conn)).wrong == ""
                await conn.execute("ALTER TABLE result DISABLE TRIGGER USER")
                if not words:
                    with pytest.raises(psycopg.errors.ForeignKeyViolation):
                        await conn.execute(tampering)
                    return
                await conn.execute(tampering)
                assert words in (await chain.verify(conn)).wrong

    run(story())


def test_a_practice_ledger_cannot_be_opened_as_a_live_one(database_url):
    async def story():
        async with Ledger(database_url, "test", "live"):
            raise AssertionError("it opened")

    with pytest.raises(LedgerError, match="practice"):
        run(story())
    with pytest.raises(LedgerError, match="practice"):
        prepare(database_url, "live")


def test_a_practice_row_cannot_enter_a_live_ledger(open_ledger):
    async def story():
        async with open_ledger() as ledger, ledger.reading() as conn:
            with pytest.raises(psycopg.errors.ForeignKeyViolation):
                await conn.execute(
                    """INSERT INTO observation (environment, lottery, date, label, source, fingerprint, objected, page,
                                                parser, observed_at, body)
                       VALUES ('live', 'x', '2024-01-01', '', 's', 'f', false, 'p', 1, '2024-01-01', '{}')"""
                )

    run(story())


def test_an_empty_database_is_refused_with_what_to_do(servers):
    async def story():
        async with Ledger(servers.database("postgres"), "test", "practice"):
            raise AssertionError("it opened")

    with pytest.raises(LedgerError, match="lotto migrate"):
        run(story())


def an_event(draw_type=Type.NEW_RESULT, revision=1, **more):
    draw = Draw(POWERBALL, Status.CONFIRMED, SEEN_AT, revision, 0, VALUES, **more)
    return Event(draw_type, draw, SEEN_AT)


def test_an_event_comes_back_from_the_wire_as_it_was_said():
    event = an_event()
    assert wire.decode(wire.encode(event)) == event
    assert event.id == event_id(Type.NEW_RESULT, "us_powerball/2024-11-02", 1, 0)


def test_a_foreign_document_is_refused_in_a_sentence():
    for document in (b"", b"{}", b'{"specversion":"1.0"}', b"[1]"):
        with pytest.raises(wire.Unreadable):
            wire.decode(document)


def test_a_letter_said_late_is_still_seen(open_ledger):
    """The outbox has no cursor: a row that commits after younger ones were said is said too."""

    async def story():
        async with open_ledger() as ledger:
            older, younger = an_event(), an_event(revision=2)
            async with ledger.alone() as slow, slow.transaction():
                await outbox.say(slow, older)
                async with ledger.transaction() as conn:
                    await outbox.say(conn, younger)
                async with ledger.transaction() as conn:
                    found = await outbox.waiting(conn, 10)
                    assert [one.event_id for one in found] == [younger.id]
                    await outbox.said(conn, {younger.id: "1-1"}, SEEN_AT)
            async with ledger.transaction() as conn:
                assert [one.event_id for one in await outbox.waiting(conn, 10)] == [older.id]
                assert await outbox.said(conn, {older.id: "1-2"}, SEEN_AT) == 2

    run(story())


def test_the_same_event_is_left_once_and_taken_once(open_ledger):
    async def story():
        async with open_ledger() as ledger:
            event = an_event()
            for _ in range(2):
                async with ledger.transaction() as conn:
                    await outbox.say(conn, event)
            assert await count(ledger, "outbox") == 1
            async with ledger.transaction() as conn:
                assert await inbox.take(conn, "imaker", event.id, SEEN_AT)
                assert not await inbox.take(conn, "imaker", event.id, SEEN_AT)
                assert await inbox.take(conn, "publisher", event.id, SEEN_AT)

    run(story())


def test_an_event_settles_when_every_enrolled_consumer_is_done_with_it(open_ledger):
    async def story():
        async with open_ledger() as ledger:
            event, enrolled = an_event(), {"new_result": ("imaker", "counter")}
            async with ledger.transaction() as conn:
                await outbox.say(conn, event)
                await outbox.said(conn, {event.id: "1-1"}, SEEN_AT)
                await inbox.take(conn, "imaker", event.id, SEEN_AT)
                assert await outbox.settle(conn, enrolled) == 0
                await dead.bury(
                    conn,
                    consumer="counter",
                    stream="new_result",
                    event_id=str(event.id),
                    envelope=b"x",
                    reason="r",
                    deliveries=8,
                    now=SEEN_AT,
                )
                assert await outbox.settle(conn, enrolled) == 1
                assert await outbox.unsettled(conn, SEEN_AT + timedelta(hours=1)) == []

    run(story())


def test_a_dead_letter_replayed_is_said_again_under_its_old_number(open_ledger):
    async def story():
        async with open_ledger() as ledger:
            event = an_event()
            async with ledger.transaction() as conn:
                await outbox.say(conn, event)
                await outbox.said(conn, {event.id: "1-1"}, SEEN_AT)
                for _ in range(2):
                    await dead.bury(
                        conn,
                        consumer="imaker",
                        stream="new_result",
                        event_id=str(event.id),
                        envelope=wire.encode(event),
                        reason="boom",
                        deliveries=8,
                        now=SEEN_AT,
                    )
                (letter,) = await dead.waiting(conn)
                assert await dead.replay(conn, letter.id, SEEN_AT)
                assert not await dead.replay(conn, letter.id, SEEN_AT)
                assert [one.event_id for one in await outbox.waiting(conn, 10)] == [event.id]
                await outbox.said(conn, {event.id: "2-1"}, SEEN_AT)
                assert [one.position for one in await queries.said_after(conn, 0)] == [1]

    run(story())


def test_whatever_an_event_holds_it_can_be_buried(open_ledger):
    async def story():
        async with open_ledger() as ledger, ledger.transaction() as conn:
            await dead.bury(
                conn,
                consumer="imaker",
                stream="new_result",
                event_id="1-\0",
                envelope=b"\0\xff",
                reason="bad \0 \ud800",
                deliveries=8,
                now=SEEN_AT,
            )
            (letter,) = await dead.waiting(conn)
            assert letter.reason == "bad \N{REPLACEMENT CHARACTER} ?"

    run(story())


def a_card(form="og"):
    return Card(form, "en", "gradient", f"cards/ab/{form}.png", "ab", "image/png", 1200, 630, 9, "alt")


def test_cards_are_kept_once_and_answered_with_one_event(open_ledger):
    async def story():
        async with open_ledger() as ledger:
            event = an_event()
            assert await cards.ready(ledger, event, [a_card("og"), a_card("square")], SEEN_AT)
            assert not await cards.ready(ledger, event, [a_card("og")], SEEN_AT)
            async with ledger.reading() as conn:
                found = await cards.of(conn, [POWERBALL])
            assert [one.format for one in found[POWERBALL]] == ["og", "square"]
            assert await told(ledger) == ["image_ready"]

    run(story())


def test_a_draw_shows_the_cards_of_its_newest_revision_only(open_ledger):
    async def story():
        async with open_ledger() as ledger:
            await cards.ready(ledger, an_event(), [a_card("og"), a_card("square")], SEEN_AT)
            corrected = replace(a_card("og"), alt="corrected")
            await cards.ready(ledger, an_event(Type.RESULT_CORRECTED, 2), [corrected], SEEN_AT)
            async with ledger.reading() as conn:
                assert (await cards.of(conn, [POWERBALL]))[POWERBALL] == [corrected]

    run(story())


async def planned(ledger, kind="create", revision=1):
    async with ledger.reading() as conn:
        await accounts.enrol(conn, "paper", "paper")
    event = an_event(Type.IMAGE_READY, revision)
    await posts.plan(ledger, event, [posts.Plan("paper", "paper", kind, "text")], SEEN_AT)
    return event


def test_a_repeated_event_plans_one_post(open_ledger):
    async def story():
        async with open_ledger() as ledger:
            event = await planned(ledger)
            assert not await posts.plan(ledger, event, [posts.Plan("paper", "paper", "create", "text")], SEEN_AT)
            again = Event(Type.IMAGE_READY, replace(event.draw, update=1), SEEN_AT)
            assert await posts.plan(ledger, again, [posts.Plan("paper", "paper", "create", "text")], SEEN_AT)
            assert await count(ledger, "post") == 1

    run(story())


def test_only_the_holder_of_the_newest_fence_writes_an_outcome(open_ledger):
    async def story():
        clock = Clock(SEEN_AT)
        async with open_ledger() as ledger:
            await planned(ledger)
            async with ledger.reading() as conn:
                slow = await accounts.claim(conn, "paper", "slow", clock(), clock() + timedelta(seconds=60))
                assert await accounts.claim(conn, "paper", "quick", clock(), clock() + timedelta(seconds=60)) is None
                post = await sending.due(conn, "paper", clock())
                assert await sending.begin(conn, post, slow, clock())
                clock.go(seconds=61)
                quick = await accounts.claim(conn, "paper", "quick", clock(), clock() + timedelta(seconds=60))
                assert await sending.abandoned(conn, "paper", quick, clock()) == 1
                assert not await sending.sent(conn, post, slow, "1", None, clock())
                assert (await sending.due(conn, "paper", clock())).state == "unknown"
                assert not await accounts.hold(conn, "paper", slow, clock())

    run(story())


def test_a_post_key_is_one_per_account_and_draw_and_then_per_revision():
    assert posts.post_id("a", POWERBALL, 1, "create") == posts.post_id("a", POWERBALL, 2, "create")
    assert posts.post_id("a", POWERBALL, 2, "edit") != posts.post_id("a", POWERBALL, 3, "edit")
    assert posts.post_id("a", POWERBALL, 1, "create") != posts.post_id("b", POWERBALL, 1, "create")
    assert posts.post_id("a", POWERBALL, 1, "create") != uuid4()


def test_pages_of_draws_follow_one_another_without_gap_or_repeat(open_ledger, known):
    async def story():
        async with open_ledger() as ledger:
            lottery = known.lotteries["us_ny_numbers"]
            keys = [key for _, key in lottery.draws(SEEN_AT - timedelta(days=12), SEEN_AT)]
            await record(
                ledger,
                lottery,
                [said("us_ny_data", {"main": tuple(f"{n:03}")}, key) for n, key in enumerate(keys)],
                SEEN_AT,
            )
            found, before = [], None
            async with ledger.reading() as conn:
                while before or not found:
                    page = await browse.page(conn, lottery.id, 5, before=before)
                    found += [one.key for one in page.draws]
                    before = page.end
                assert found == sorted(keys, key=lottery.drawn_at, reverse=True)
                middle = await queries.draw(conn, found[3])
                assert await queries.neighbours(conn, middle) == (found[4], found[2])

    run(story())


def test_the_schema_is_the_sum_of_its_migrations_and_running_them_again_changes_nothing(database_url):
    prepare(database_url, "practice")
    prepare(database_url, "practice")


def test_a_ledger_from_before_cards_were_kept_with_posts_is_read_as_it_was(servers, monkeypatch):
    with psycopg.connect(servers.database_url, autocommit=True) as conn:
        conn.execute("CREATE DATABASE before")
    url = servers.database("before")
    with monkeypatch.context() as then:
        then.setattr(schema, "HEAD", "0001")
        prepare(url, "practice")
    with psycopg.connect(url) as conn:
        conn.execute("INSERT INTO account (name, network) VALUES ('paper', 'paper')")
        conn.execute(
            """INSERT INTO post (id, environment, account, network, lottery, date, label, revision, kind, state, text,
                                 image, alt, due_at, planned_at)
               VALUES (gen_random_uuid(), 'practice', 'paper', 'paper', 'us_powerball', '2024-11-02', '', 1, 'create',
                       'planned', 'words', 'cards/ab/ab.png', 'alt words', %s, %s)""",
            [SEEN_AT, SEEN_AT],
        )
    prepare(url, "practice")

    async def story():
        async with Ledger(url, "test", "practice") as ledger, ledger.reading() as conn:
            post = await sending.due(conn, "paper", SEEN_AT)
            assert (post.image, post.alt, post.card, post.card_url) == ("cards/ab/ab.png", "alt words", None, "")
            found = (await accounts.listed(conn))["paper"]
            assert found == accounts.Standing("paper", "paper", None, None, None, "", ends_at=None)

    run(story())
    with psycopg.connect(servers.database_url, autocommit=True) as conn:
        drop(conn, "before")


def test_what_two_sources_say_in_one_breath_is_kept_of_both(open_ledger, known):
    async def story():
        async with open_ledger() as ledger:
            other = {**VALUES, "bonus": (3,)}
            words = [said("us_texas"), said("us_ny_data", other)]
            (change,) = (await record(ledger, known.lotteries["us_powerball"], words, SEEN_AT)).changes
            assert change.draw.status is Status.HELD
            assert await count(ledger, "observation") == 2

    run(story())


def test_a_draw_that_one_page_shows_twice_and_not_the_same_is_believed_in_neither(open_ledger, known):
    async def story():
        async with open_ledger() as ledger:
            lottery = known.lotteries["us_powerball"]
            other = {**VALUES, "bonus": (3,)}
            twice = [said("us_texas"), said("us_texas", other), said("us_texas", other)]
            done = await record(ledger, lottery, [*twice, said("us_ny_data", other)], SEEN_AT)
            assert done.objections == ("The source shows this draw twice, and not the same.",)
            assert done.changes == ()

    run(story())


def test_a_page_read_slowly_does_not_unsay_what_was_read_after_it(open_ledger, known):
    """A backfill that fetched before the watch may well come to the pen after it."""

    async def story():
        async with open_ledger() as ledger:
            lottery = known.lotteries["us_powerball"]
            other = {**VALUES, "bonus": (3,)}
            newer = [said(source, other, at=SEEN_AT + timedelta(minutes=1)) for source in ("us_texas", "us_ny_data")]
            await record(ledger, lottery, newer, SEEN_AT)
            assert (await record(ledger, lottery, [said("us_texas")], SEEN_AT)).changes == ()
            assert await count(ledger, "observation") == 2

    run(story())


def test_two_who_read_the_same_page_at_once_keep_it_once(open_ledger, known):
    async def story():
        async with open_ledger() as ledger:
            lottery = known.lotteries["us_powerball"]
            await asyncio.gather(*(record(ledger, lottery, [said("us_texas")], SEEN_AT) for _ in range(4)))
            assert await count(ledger, "observation") == 1

    run(story())


def test_a_pool_that_sources_no_longer_tell_stays_published(open_ledger, known):
    async def story():
        async with open_ledger() as ledger:
            lottery = known.lotteries["us_powerball"]
            without = {"main": VALUES["main"], "bonus": VALUES["bonus"]}
            for values in (VALUES, without):
                for source in ("us_texas", "us_ny_data"):
                    await record(ledger, lottery, [said(source, values)], SEEN_AT)
            async with ledger.reading() as conn:
                draw = await queries.draw(conn, POWERBALL)
            assert (draw.revision, draw.numbers) == (1, VALUES)
            assert "result_corrected" not in await told(ledger)

    run(story())


def test_what_is_said_of_a_day_to_come_opens_no_draw(open_ledger, known):
    """A mistyped year would else stand on the board as the newest draw, for years."""

    async def story():
        async with open_ledger() as ledger:
            lottery = known.lotteries["us_powerball"]
            await record(ledger, lottery, [said("us_texas"), said("us_ny_data")], SEEN_AT)
            for day in (date(2042, 11, 1), date(2042, 11, 2)):  # a day of the calendar, and one that is none
                done = await record(ledger, lottery, [said("us_texas", key=replace(POWERBALL, date=day))], SEEN_AT)
                assert done.objections
                assert done.changes == ()
            async with ledger.reading() as conn:
                (newest,) = await queries.latest(conn, [lottery.id])
            assert newest.key == POWERBALL

    run(story())


def test_a_corrected_draw_does_not_show_the_cards_of_its_old_values(open_ledger, known):
    async def story():
        async with open_ledger() as ledger:
            lottery = known.lotteries["us_powerball"]
            for values in (VALUES, {**VALUES, "bonus": (3,)}):
                for source in ("us_texas", "us_ny_data"):
                    await record(ledger, lottery, [said(source, values)], SEEN_AT)
                if values == VALUES:
                    await cards.ready(ledger, an_event(), [a_card()], SEEN_AT)
            async with ledger.reading() as conn:
                assert await cards.of(conn, [POWERBALL]) == {}

    run(story())


def test_whatever_a_page_holds_how_it_went_can_be_noted(open_ledger):
    async def story():
        async with open_ledger() as ledger, ledger.reading() as conn:
            note = "“Power\0ball \ud800” is not a line"
            await fetches.add(conn, fetches.Fetch("us_texas", "https://x", SEEN_AT, "changed", etag="\0", note=note))
            kept = (await fetches.newest(conn, ["us_texas"]))["us_texas"]
            assert kept.note == "“Power\N{REPLACEMENT CHARACTER}ball ?” is not a line"

    run(story())


def test_the_draws_of_a_rhythm_stand_at_the_times_their_source_tells(open_ledger, known):
    async def story():
        async with open_ledger() as ledger:
            keno = known.lotteries["cz_keno"]
            night = datetime(2023, 8, 28, 22, 10, tzinfo=UTC)
            seen = [
                said("cz_sazka", {"main": tuple(range(n, n + 12))}, DrawKey(keno.id, date(2023, 8, 29), serial), night)
                for n, serial in ((1, "2032785"), (2, "2032784"))
            ]
            times = [datetime(2023, 8, 28, 22, minute, tzinfo=UTC) for minute in (5, 0)]
            seen = [replace(one, drawn_at=at) for one, at in zip(seen, times, strict=True)]
            changes = (await record(ledger, keno, seen, night)).changes
            assert [(one.draw.key.label, one.draw.drawn_at) for one in changes] == [
                ("2032784", times[1]),
                ("2032785", times[0]),
            ]
            async with ledger.reading() as conn:
                heard = await queries.heard_since(conn, "cz_sazka", date(2023, 8, 28))
            assert {one.drawn_at for one in heard} == {*times}

    run(story())
