"""Backup and restore: a ledger comes back whole or not at all, and what the world knows is not told to it twice."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import psycopg
import pytest
from psycopg import sql

from conftest import Servers, drop, run
from lotto import backup
from lotto.backup import BadArchive
from lotto.draws.draw import Draw, DrawKey, Status
from lotto.events import Card, Event, Type
from lotto.ledger import (
    alerts,
    cards,
    chain,
    dead,
    deliveries,
    fetches,
    keys,
    outbox,
    posts,
    schema,
    settling,
    tables,
    webhooks,
)
from lotto.ledger.connection import Ledger, LedgerError, prepare
from lotto.ledger.migrating import changing
from lotto.ledger.record import record
from lotto.ledger.webhooks import Wants
from lotto.store import Store, address
from lotto.store.key import digest_of
from test_ledger import SEEN_AT, VALUES, said

RESTORED_AT = datetime(2024, 11, 5, 12, tzinfo=UTC)
PICTURE = b"\x89PNG picture"
PAGE = b"a page as it was read"
CARD, RAW = address("cards", PICTURE, "png"), address("raw", PAGE, "page")


def quiet(_: str, done: int, total: int) -> None:
    """Listens to nobody's progress, but sees that it is one."""
    assert done <= total


@pytest.fixture
def database(servers: Servers) -> Iterator[Callable[[str], str]]:
    """Makes another database: `template1` is quite empty, `pattern` a ledger without rows."""
    made = []

    def make(like: str) -> str:
        name = f"db_{uuid4().hex}"
        made.append(name)
        with psycopg.connect(servers.database_url, autocommit=True) as conn:
            conn.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
        return servers.database(name)

    yield make
    with psycopg.connect(servers.database_url, autocommit=True) as conn:
        for name in made:
            drop(conn, name)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open((tmp_path / "store").as_uri())


LATER = """CREATE TABLE "a credential" (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account text NOT NULL REFERENCES account (name),
    secret bytea NOT NULL, known_at timestamptz, size integer GENERATED ALWAYS AS (length(secret)) STORED)"""
"""What a later migration might make."""


@pytest.fixture
def full(open_ledger, known, store: Store, database_url: str) -> str:
    """A ledger with something in every table, one of a later migration included."""

    async def story() -> None:
        await store.put(CARD, PICTURE, "image/png")
        await store.put(RAW, PAGE, "text/html")
        async with open_ledger() as ledger:
            lottery = known.lotteries["us_powerball"]
            days = [key for _, key in lottery.draws(SEEN_AT - timedelta(days=14), SEEN_AT)]
            for n, key in enumerate(days):
                for source in ("us_texas", "us_ny_data"):
                    one = said(source, VALUES | {"bonus": (n + 1,)}, key, serial="a\tb\\n\nc \N{GAME DIE}")
                    await record(ledger, lottery, [replace(one, page=digest_of(RAW))], SEEN_AT)
            draw = Draw(days[-1], Status.CONFIRMED, SEEN_AT, 1, 0, VALUES)
            made = [Card("og", "en", "g", CARD, digest_of(CARD), "image/png", 1200, 630, 9, "alt words")]
            await cards.ready(ledger, Event(Type.NEW_RESULT, draw, SEEN_AT), made, SEEN_AT)
            first = posts.Plan("ours", "paper", "create", "text", made[0])
            await posts.plan(ledger, Event(Type.IMAGE_READY, draw, SEEN_AT), [first], SEEN_AT)
            answer = replace(first, kind="follow_up", answers=posts.post_id("ours", draw.key, 1, "create"))
            await posts.plan(ledger, Event(Type.IMAGE_READY, replace(draw, revision=2), SEEN_AT), [answer], SEEN_AT)
            async with ledger.transaction() as conn:
                await fetches.add(conn, fetches.Fetch("us_texas", "https://x.example", SEEN_AT, "failed", note="\\."))
                await dead.bury(
                    conn,
                    consumer="imaker",
                    stream="new_result",
                    event_id="x",
                    envelope=b"{}",
                    reason="no",
                    deliveries=5,
                    now=SEEN_AT,
                )
                await fetches.ask(conn, "us_texas", {"Powerball": fetches.Asked(SEEN_AT, "read")})
                await keys.add(conn, keys.Key("ana", "lotto_ab", ["read"], 100, SEEN_AT), bytes(32))
                await alerts.begin(conn, "dead", "imaker", "imaker gave up on 1 event.", SEEN_AT, SEEN_AT)
                await alerts.tell(conn, [("dead", "imaker")], uuid4(), {"type": "alerts.changed"}, ["box"], SEEN_AT)
                settled = posts.post_id("ours", draw.key, 1, "create")
                await conn.execute("UPDATE post SET state = 'unknown' WHERE id = %s", [settled])
                await settling.settle(conn, settled, "sent", by="Ana", reason="seen", url=None, now=SEEN_AT)
                await outbox.said(conn, {Event(Type.IMAGE_READY, draw, SEEN_AT).id: "1-1"}, SEEN_AT)
                hook = webhooks.Webhook(uuid4(), "ana", "https://x.example", "", Wants(), b"s", None, 0, SEEN_AT)
                await webhooks.add(conn, hook)
                test = await deliveries.plan_test(conn, hook.id, SEEN_AT)
                await deliveries.note(
                    conn, test, deliveries.Try(SEEN_AT, 5, 204, "It answered 204."), "delivered", SEEN_AT
                )
                await conn.execute("INSERT INTO look VALUES ('g', 'a version', %s)", [SEEN_AT])
                await conn.execute("INSERT INTO wish VALUES (%s, '[]', 'no', %s)", [uuid4(), SEEN_AT])
                reader = uuid4()
                await conn.execute(
                    """INSERT INTO subscriber (id, environment, account, mark, address, lang, asked_at, confirmed_at)
                       SELECT %s, environment, 'ours', 'm', '\\x0001', 'en', %s, %s FROM instance""",
                    [reader, SEEN_AT, SEEN_AT],
                )
                await conn.execute(
                    "INSERT INTO subscriber_message (post, subscriber, due_at, planned_at) VALUES (%s, %s, %s, %s)",
                    [settled, reader, SEEN_AT, SEEN_AT],
                )
                await conn.execute(LATER)
                await conn.execute(
                    """INSERT INTO "a credential" (account, secret) VALUES ('ours', '\\x00ff5c6e0a09')"""
                )

    run(story())
    return database_url


@pytest.fixture
def fresh(database: Callable[[str], str]) -> str:
    """A new ledger without rows, with the table of the later migration."""
    url = database("pattern")
    with psycopg.connect(url) as conn:
        conn.execute(LATER)
    return url


def rows(url: str) -> dict[str, list[Any]]:
    """Every row of every table."""
    with psycopg.connect(url) as conn:
        return {
            table.name: conn.execute(
                sql.SQL("SELECT to_jsonb(one) FROM {} AS one ORDER BY one::text").format(sql.Identifier(table.name))
            ).fetchall()
            for table in tables.tables(conn)
        }


def loaded(url: str, archive: Path, store: Store, at: datetime = RESTORED_AT) -> backup.Loaded:
    """A restore into the practice ledger at `url`."""
    return backup.load(url, archive, "practice", store, at, quiet)


def test_a_ledger_comes_back_as_it_was_and_goes_on(full: str, fresh: str, store: Store, tmp_path: Path, known) -> None:
    archive = tmp_path / "a.zip"
    saved = backup.save(full, archive, SEEN_AT, quiet)
    assert archive.stat().st_mode & 0o077 == 0
    done = loaded(fresh, archive, store)
    assert (done.missing, done.resting) == ((), ("ours",))
    before, after = rows(full), rows(fresh)
    assert all(before.values()), "a table without rows proves nothing"
    assert set(before) == set(after) == set(saved.tables)
    changed = {
        "post": {"state"},
        "outbox": {"position"},
        "instance": {"restored_at"},
        "account": {"resting"},
        "subscriber_message": {"state"},
    }
    for name in set(before) - set(changed):
        assert after[name] == before[name]
    for name, told in changed.items():
        for (old,), (new,) in zip(before[name], after[name], strict=True):
            assert {key for key in old if old[key] != new[key]} <= told

    async def go_on() -> None:
        async with Ledger(fresh, "test", "practice") as ledger:
            lottery = known.lotteries["us_powerball"]
            key = DrawKey("us_powerball", date(2024, 11, 4))
            at = datetime(2024, 11, 5, 5, tzinfo=UTC)
            words = [said(source, VALUES | {"bonus": (9,)}, key, at) for source in ("us_texas", "us_ny_data")]
            recorded = await record(ledger, lottery, words, at)
            assert len(recorded.changes) == 1, recorded
            async with ledger.reading() as conn:
                proof = await chain.verify(conn)
                assert (proof.count, proof.wrong) == (saved.results + 1, "")
                for table in ("observation", "page_fetch", "dead", '"a credential"'):
                    await conn.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 7000)")
                with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
                    await conn.execute("DELETE FROM observation")

    run(go_on())


def test_numbers_go_on_behind_the_last_that_was_given(full: str, fresh: str, store: Store, tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    saved = backup.save(full, archive, SEEN_AT, quiet)
    loaded(fresh, archive, store)
    assert len(saved.sequences) == 7
    with psycopg.connect(fresh) as conn:
        for name, last in saved.sequences.items():
            row = conn.execute("SELECT nextval(%s::regclass)", [sql.Identifier(name).as_string(conn)]).fetchone()
            assert row == (last + 1,)


def test_an_archive_holds_one_moment_whatever_is_written_meanwhile(
    full: str, fresh: str, store: Store, tmp_path: Path, known
) -> None:
    wrote = []

    async def write(n: int) -> None:
        async with Ledger(full, "test", "practice") as ledger:
            key = DrawKey("us_powerball", date(2024, 11, 4))
            at = datetime(2024, 11, 5, 5, tzinfo=UTC) + timedelta(minutes=n)
            one = said("us_texas", VALUES | {"bonus": (n + 1,)}, key, at)
            wrote.append(await record(ledger, known.lotteries["us_powerball"], [one], at))

    before = rows(full)
    backup.save(full, tmp_path / "a.zip", SEEN_AT, lambda *_: run(write(len(wrote))))
    assert len(wrote) > 5
    assert len(rows(full)["observation"]) > len(before["observation"])
    loaded(fresh, tmp_path / "a.zip", store)
    assert rows(fresh)["observation"] == before["observation"]
    assert rows(fresh)["result"] == before["result"]


def test_an_old_archive_is_brought_up_to_date(database: Callable[[str], str], store: Store, tmp_path: Path) -> None:
    old, new = database("template1"), database("template1")
    with changing(old) as change:
        change.to("0001")
        change.conn.execute("INSERT INTO instance VALUES (true, 'practice')")
    assert backup.save(old, tmp_path / "a.zip", SEEN_AT, quiet).schema == "0001"
    loaded(new, tmp_path / "a.zip", store)
    with psycopg.connect(new) as conn:
        assert schema.version_now(conn) == schema.HEAD
        assert conn.execute("SELECT environment, restored_at FROM instance").fetchone() == ("practice", RESTORED_AT)


def test_the_store_s_objects_come_back_with_the_ledger_or_are_missed(
    full: str, fresh: str, database: Callable[[str], str], store: Store, tmp_path: Path
) -> None:
    backup.save(full, tmp_path / "bare.zip", SEEN_AT, quiet)
    backup.save(full, tmp_path / "whole.zip", SEEN_AT, quiet, store)
    other = Store.open((tmp_path / "other").as_uri())
    assert loaded(fresh, tmp_path / "bare.zip", other).missing == (CARD, RAW)
    again = database("pattern")
    with psycopg.connect(again) as conn:
        conn.execute(LATER)
    assert loaded(again, tmp_path / "whole.zip", other).missing == ()
    assert (run(other.get(CARD)), run(other.get(RAW))) == (PICTURE, PAGE)


def cut(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-200])


def cut_in_half(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])


def something_else(archive: Path) -> None:
    archive.write_text("not an archive")


def changed(name: str, change: Callable[[bytes], bytes | None]) -> Callable[[Path], None]:
    """A hand that writes the archive anew with one file changed, or left out."""

    def hand(archive: Path) -> None:
        with ZipFile(archive) as old:
            files = {one: old.read(one) for one in old.namelist()}
        data = change(files.pop(name))
        with ZipFile(archive, "w") as new:
            for one, content in (files | ({name: data} if data is not None else {})).items():
                new.writestr(one, content)

    hand.__name__ = f"changed {name}"
    return hand


def flipped(archive: Path) -> None:
    """One bit of the results themselves is another."""
    with ZipFile(archive) as whole:
        info = whole.getinfo("tables/result.copy")
    data = bytearray(archive.read_bytes())
    data[info.header_offset + 100 + info.compress_size // 2] ^= 1
    archive.write_bytes(data)


MANIFEST = "manifest.json"
HEAD = f'"{schema.HEAD}"'.encode()


@pytest.mark.parametrize(
    ("hand", "error", "sentence"),
    [
        (cut, BadArchive, "is no whole archive: it was cut off, or is something else"),
        (cut_in_half, BadArchive, "is no whole archive"),
        (something_else, BadArchive, "is no whole archive"),
        (Path.unlink, BadArchive, "cannot be read: No such file"),
        (flipped, BadArchive, r"tables/result.copy in .* is damaged|is not what was saved"),
        (changed("tables/draw.copy", lambda _: None), BadArchive, "tables/draw.copy is missing in"),
        (changed("tables/draw.copy", lambda data: b"".join(data.splitlines(True)[1:])), BadArchive, "is not what was"),
        (changed("store.sha256", lambda data: data[:-3]), BadArchive, "store.sha256 in .* is not what was saved"),
        (changed(MANIFEST, lambda _: None), BadArchive, "is no archive of Lotto: it has no manifest.json"),
        (changed(MANIFEST, lambda data: data[:40]), BadArchive, "The manifest.json of .* cannot be read"),
        (changed(MANIFEST, lambda data: data.replace(b'"format": 1', b'"format": 9')), BadArchive, "is of format 9"),
        (changed(MANIFEST, lambda data: data.replace(b'"practice"', b'"live"')), LedgerError, "archive is live and"),
        (changed(MANIFEST, lambda data: data.replace(HEAD, b'"9999"')), LedgerError, "schema 9999 is not known"),
        (changed(MANIFEST, lambda data: data.replace(HEAD, b'"0001"')), LedgerError, "and the archive's is 0001"),
        (
            changed(MANIFEST, lambda data: data.replace(b'"results": ', b'"results": 1')),
            LedgerError,
            "does not end where",
        ),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_an_archive_that_is_not_as_it_was_fills_nothing(
    full: str, fresh: str, store: Store, tmp_path: Path, hand: Callable[[Path], None], error: type, sentence: str
) -> None:
    backup.save(full, tmp_path / "a.zip", SEEN_AT, quiet)
    hand(tmp_path / "a.zip")
    before = rows(fresh)
    with pytest.raises(error, match=sentence):
        loaded(fresh, tmp_path / "a.zip", store)
    assert rows(fresh) == before
    assert before["result"] == []


def test_a_ledger_that_has_rows_or_another_mark_is_left_as_it_is(
    full: str, database: Callable[[str], str], store: Store, tmp_path: Path
) -> None:
    backup.save(full, tmp_path / "a.zip", SEEN_AT, quiet)
    before = rows(full)
    with pytest.raises(LedgerError, match=r"This ledger is not empty \(there are rows in "):
        loaded(full, tmp_path / "a.zip", store)
    assert rows(full) == before
    live = database("template1")
    prepare(live, "live")
    with psycopg.connect(live) as conn:
        conn.execute(LATER)
    with pytest.raises(LedgerError, match="This ledger is live and the archive is practice: they never mix"):
        loaded(live, tmp_path / "a.zip", store)


def test_a_restore_that_is_stopped_leaves_nothing_and_can_be_begun_again(
    full: str, fresh: str, store: Store, tmp_path: Path
) -> None:
    backup.save(full, tmp_path / "a.zip", SEEN_AT, quiet)

    def stop(name: str, _: int, __: int) -> None:
        if name == "post":
            raise KeyboardInterrupt

    before = rows(fresh)
    with pytest.raises(KeyboardInterrupt):
        backup.load(fresh, tmp_path / "a.zip", "practice", store, RESTORED_AT, stop)
    assert rows(fresh) == before
    loaded(fresh, tmp_path / "a.zip", store)


def test_a_backup_that_is_stopped_leaves_no_archive_and_none_is_overwritten(full: str, tmp_path: Path) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    folder = tmp_path / "backups"
    with pytest.raises(KeyboardInterrupt):
        backup.save(full, folder / "a.zip", SEEN_AT, stop)
    assert list(folder.iterdir()) == []
    backup.save(full, folder / "a.zip", SEEN_AT, quiet)
    with pytest.raises(BadArchive, match="is there already: give the archive another name"):
        backup.save(full, folder / "a.zip", SEEN_AT, quiet)


def test_nothing_is_saved_of_a_database_without_a_ledger(database: Callable[[str], str], tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="There is no ledger in this database yet"):
        backup.save(database("template1"), tmp_path / "a.zip", SEEN_AT, quiet)
    assert list(tmp_path.glob("*.zip")) == []
