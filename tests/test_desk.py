"""The operator's desk: it tells how the house is, starts nothing, and a person's word on a post is final."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
import redis as redis_sync

from conftest import run
from lotto.draws.draw import Draw, Status
from lotto.engines import Engines
from lotto.events import Event, Type
from lotto.house import ENROLLED, wall_clock
from lotto.ledger import accounts, dead, decisions, fetches, outbox, posts, sending
from lotto.ledger.connection import LedgerError, prepare
from lotto.ledger.settling import settle
from lotto.relay.service import Relay
from lotto.streams.connect import connect
from test_cli import one_sentence
from test_ledger import POWERBALL

NOW = datetime(2024, 11, 3, 4, tzinfo=UTC)


def event(n: int = 0, kind: Type = Type.IMAGE_READY) -> Event:
    key = replace(POWERBALL, date=POWERBALL.date + timedelta(days=n))
    return Event(kind, Draw(key, Status.CONFIRMED, NOW, 1, 0, {"main": (1, 2, 3, 4, 5)}), wall_clock())


@pytest.fixture
def posted(open_ledger) -> Callable[..., list[posts.Post]]:
    """Plans a post for each day and brings it to that state; returns them, the first planned first."""

    def made(*states: posts.State, worker_for: timedelta = timedelta(hours=-1)) -> list[posts.Post]:
        async def story() -> list[posts.Post]:
            async with open_ledger() as ledger:
                for n, state in enumerate(states):
                    plan = posts.Plan("ours", "paper", "create", "words")
                    await posts.plan(ledger, event(n), [plan], NOW + timedelta(seconds=n))
                    async with ledger.reading() as conn:
                        post = (await posts.listed(conn, 1))[0]
                        now = wall_clock()
                        fence = await accounts.claim(conn, "ours", "one", now, now + worker_for)
                        assert fence is not None
                        if state != "planned":
                            assert await sending.begin(conn, post, fence, wall_clock())
                        if state == "sent":
                            assert await sending.sent(conn, post, fence, "r1", "https://net.example/1", NOW)
                        elif state not in ("planned", "sending"):
                            assert await sending.put_back(conn, post, fence, state, "It did not answer.", now)
                async with ledger.reading() as conn:
                    return list(reversed(await posts.listed(conn, 50)))

        return run(story())

    return made


@pytest.fixture
def said(open_ledger, redis_url) -> Callable[[int], None]:
    """Has a relay say so many results, which nobody hears."""

    def told(count: int) -> None:
        async def story() -> None:
            redis = connect(redis_url, "test")
            async with open_ledger() as ledger:
                for n in range(count):
                    async with ledger.transaction() as conn:
                        await outbox.say(conn, event(n, Type.NEW_RESULT))
                relay = Relay(ledger, redis, ENROLLED, wall_clock)
                await relay.reconcile()
                await relay.carry()
            await redis.aclose()

        run(story())

    return told


# How the house is


def test_what_waits_for_a_service_that_is_away_is_told_by_name(lotto, said):
    said(3)
    code, out, _ = lotto("status")
    assert code == 1
    assert "3 results wait for imaker, the oldest for" in out
    assert "is it running?" in out
    code, out, _ = lotto("status", "--json")
    told = json.loads(out)
    assert code == 1
    assert any("3 results wait for imaker" in one for one in told["concerns"])
    assert told["groups"][0] | {"oldest_seconds": 0} == {
        "stream": "new_result",
        "group": "imaker",
        "lag": 3,
        "pending": 0,
        "oldest_seconds": 0,
        "oldest_pending_seconds": None,
        "heard_seconds": None,
    }


def test_a_queue_that_is_away_is_told_and_the_ledger_is_shown_all_the_same(lotto, posted, monkeypatch):
    posted("sent")
    monkeypatch.setenv("LOTTO_REDIS_URL", "redis://:s3cret@127.0.0.1:1")
    code, out, err = lotto("status")
    assert code == 1
    assert out.startswith("The queue does not answer (")
    assert "ours" in out
    assert "s3cret" not in out + err


def test_a_ledger_that_is_away_is_told_in_a_sentence(lotto, monkeypatch):
    monkeypatch.setenv("LOTTO_DATABASE_URL", "postgresql://lotto:s3cret@127.0.0.1:1/none")
    code, out, err = lotto("status")
    assert code == 1
    assert out.startswith("PostgreSQL cannot be reached: ")
    assert (out.count("\n"), err) == (1, "")
    assert "s3cret" not in out
    assert json.loads(lotto("status", "--json")[1])["verdict"].startswith("PostgreSQL cannot be reached: ")


def test_a_ledger_of_another_version_is_told_before_anything_else(lotto, database_url):
    with psycopg.connect(database_url) as conn:
        conn.execute("UPDATE alembic_version SET version_num = '0000'")
    code, out, _ = lotto("status")
    assert code == 1
    assert out.startswith("The ledger's schema is 0000 and this Lotto needs ")


def test_looking_leaves_no_trace(lotto, redis_url, open_ledger):
    lotto("status")
    with redis_sync.from_url(redis_url) as client:
        assert client.dbsize() == 0

    async def write() -> None:
        async with open_ledger() as ledger, ledger.glance() as conn:
            await accounts.enrol(conn, "ours", "paper")

    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        run(write())


@pytest.mark.parametrize("below", ["", "demo"])
def test_whoever_looks_joins_the_house_that_runs(lotto, monkeypatch, below):
    monkeypatch.delenv("LOTTO_DATABASE_URL")
    monkeypatch.delenv("LOTTO_REDIS_URL")
    with TemporaryDirectory(prefix="lotto-desk-") as folder:
        Path(folder).chmod(0o755)  # the engines may run under another account, which must get in
        monkeypatch.setenv("LOTTO_DATA_DIR", folder)
        code, _, err = lotto("status")
        assert (code, one_sentence(err)) == (1, True)
        assert f"No house runs in {folder}" in err
        assert list(Path(folder).iterdir()) == []
        with Engines(Path(folder) / below / "engines") as engines:
            assert engines.database_url
            prepare(engines.database_url, "practice")
            assert "No relay is running" in lotto("status")[1]
            assert lotto("posts") == (0, "There are no posts.\n", "")
            assert lotto("dead", "list") == (0, "There are no dead letters.\n", "")
            assert lotto("verify")[1].startswith("0 results hold")
            assert "no published result" in lotto("card", "us_powerball", "--out", "x.png")[2]


# What was published, and a person's word on it


def test_posts_are_listed_by_account_and_state(lotto, posted):
    sent, unknown, held, planned = posted("sent", "unknown", "held", "planned")
    _, out, _ = lotto("posts")
    assert all(str(one.id)[:8] in out for one in (sent, unknown, held, planned))
    assert "https://net.example/1" in out
    for words, shown in (
        (["--unknown"], {unknown, held}),
        (["--state", "sent"], {sent}),
        (["--account", "ours", "--limit", "1"], {planned}),
        (["--account", "nobody"], set()),
    ):
        found = json.loads(lotto("posts", "--json", *words)[1])
        assert {one["id"] for one in found} == {str(one.id) for one in shown}
    assert "There is no state “gone”" in lotto("posts", "--state", "gone")[2]


@pytest.mark.parametrize(
    ("words", "state", "url"),
    [
        (["--sent", "--url", "https://net.example/7"], "sent", "https://net.example/7"),
        (["--not-sent"], "planned", None),
        (["--drop"], "failed", None),
    ],
)
@pytest.mark.parametrize("before", ["unknown", "held", "sending"])
def test_a_person_settles_a_post_in_doubt_once_and_it_is_kept_who_did(
    lotto, posted, open_ledger, before, words, state, url
):
    (post,) = posted(before)
    settling = ("posts", "settle", str(post.id)[:6], *words, "--by", "Ana", "--reason", "I looked.")
    code, out, _ = lotto(*settling)
    assert (code, "settled by Ana" in out) == (0, True)

    async def now() -> tuple[posts.Post, list[decisions.Decision]]:
        async with open_ledger() as ledger, ledger.reading() as conn:
            return await posts.of(conn, post.id), await decisions.about(conn, f"post/{post.id}")

    settled, (kept,) = run(now())
    assert (settled.state, settled.url) == (state, url)
    assert (kept.made_by, kept.reason, kept.before["state"], kept.after["state"]) == ("Ana", "I looked.", before, state)
    code, _, err = lotto(*settling)
    assert (code, one_sentence(err)) == (1, True)
    assert f"is {state}: only what is unknown or held" in err


def test_a_post_that_a_living_worker_sends_is_left_to_it(lotto, posted):
    (post,) = posted("sending", worker_for=timedelta(minutes=1))
    code, _, err = lotto("posts", "settle", str(post.id), "--not-sent", "--by", "Ana")
    assert (code, one_sentence(err)) == (1, True)
    assert "is being sent by worker one at this moment" in err


def test_what_a_worker_finds_out_later_does_not_undo_what_a_person_decided(posted, open_ledger):
    (post,) = posted("unknown", worker_for=timedelta(minutes=1))

    async def story() -> None:
        async with open_ledger() as ledger:
            async with ledger.reading() as conn:
                now = wall_clock()
                fence = await accounts.claim(conn, "ours", "one", now, now + timedelta(minutes=1))
                assert fence is not None
                assert await sending.put_back(conn, post, fence, "unknown", "Before, its word counts.", now)
            async with ledger.transaction() as conn:
                await settle(conn, post.id, "sent", by="Ana", reason="", url=None, now=now)
            async with ledger.reading() as conn:
                assert not await sending.put_back(conn, post, fence, "unknown", "Looking back took too long.", now)
                assert not await sending.begin(conn, post, fence, wall_clock())
                assert (await posts.of(conn, post.id)).state == "sent"

    run(story())


def test_decisions_are_never_changed(posted, open_ledger, database_url):
    (post,) = posted("held")

    async def story() -> None:
        async with open_ledger() as ledger, ledger.transaction() as conn:
            await settle(conn, post.id, "drop", by="Ana", reason="", url=None, now=wall_clock())

    run(story())
    for change in ("UPDATE decision SET made_by = 'Eva'", "DELETE FROM decision", "TRUNCATE decision"):
        with psycopg.connect(database_url) as conn, pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            conn.execute(change)
    with pytest.raises(LedgerError, match="only what is unknown or held"):
        run(story())


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["abc", "--sent", "--by", "Ana"], "too short to name a post"),
        (["ffff", "--sent", "--by", "Ana"], "No post's id begins with “ffff”"),
        (["ffff", "--by", "Ana"], "Say what you found"),
        (["ffff", "--sent", "--drop", "--by", "Ana"], "Say what you found"),
        (["ffff", "--drop", "--url", "https://x.example", "--by", "Ana"], "goes with --sent"),
        (["ffff", "--sent", "--url", "javascript:alert(1)", "--by", "Ana"], "--url is the address"),
        (["ffff", "--sent", "--by", " "], "--by wants a name"),
    ],
)
def test_a_word_that_is_not_clear_is_refused(lotto, words, sentence):
    code, _, err = lotto("posts", "settle", *words)
    assert (code, one_sentence(err)) == (1, True)
    assert sentence in err


# Dead letters


def test_all_letters_of_one_service_are_replayed_and_still_listed(lotto, open_ledger):
    async def bury() -> None:
        async with open_ledger() as ledger, ledger.transaction() as conn:
            for n, consumer in enumerate(("imaker", "imaker", "publisher")):
                await dead.bury(
                    conn,
                    consumer=consumer,
                    stream="new_result",
                    event_id=f"e{n}",
                    envelope=b"not ours",
                    reason="The font is missing.",
                    deliveries=8,
                    now=NOW,
                )

    run(bury())
    assert "imaker gave up on 2 events" in lotto("status")[1]
    assert lotto("dead", "replay", "--all", "imaker") == (0, "2 letters of imaker will be heard again.\n", "")
    waiting = json.loads(lotto("dead", "list", "--json")[1])
    assert [(one["consumer"], one["draw"]) for one in waiting] == [("publisher", "unreadable")]
    every = json.loads(lotto("dead", "list", "--all", "--json")[1])
    assert [one["replayed_at"] is None for one in every] == [False, False, True]
    assert "Replayed" in lotto("dead", "list", "--all")[1]
    assert "There is no dead letter of imaker waiting" in lotto("dead", "replay", "--all", "imaker")[2]
    assert "Say which" in lotto("dead", "replay")[2]


def test_every_source_is_told_with_its_state_and_one_with_its_names_and_its_last_asks(lotto, open_ledger):
    """In a practice ledger those of its world; at a moment when nothing was asked yet but once, in vain."""

    async def asked() -> None:
        async with open_ledger() as ledger, ledger.reading() as conn:
            at = wall_clock() - timedelta(minutes=90)
            went = {"Powerball": fetches.Asked(at, "blocked", note="It answered 403.")}
            await fetches.ask(conn, "us_texas", went)
            await fetches.add(
                conn, fetches.Fetch("us_texas", "https://tx.example/", at, "blocked", note="It answered 403.")
            )

    run(asked())
    code, said, _ = lotto("sources")
    assert code == 0
    rows = {line.split()[0]: line.split() for line in said.splitlines() if line.startswith(" ")}
    assert rows["us_texas"][1:4] == ["blocked", "90", "min"]
    assert rows["us_ny_data"][1] == "well"
    assert "us_lottery_net" not in rows
    assert "4 sources: 1 blocked, 3 well." in said
    code, said, _ = lotto("sources", "us_texas")
    assert "It is blocked for 90 min: It answered 403." in said
    assert "https://tx.example/" in said
    assert "Powerball" in said
    _, said, _ = lotto("sources", "--trouble", "--json")
    assert [one["source"] for one in json.loads(said)["sources"]] == ["us_texas"]
    for name, words in (("xx", "There is no source “xx”"), ("us_lottery_net", "is not in the practice world")):
        code, _, err = lotto("sources", name)
        assert (code, one_sentence(err), words in err) == (1, True, True)
