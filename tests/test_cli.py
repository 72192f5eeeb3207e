"""The command line: what it prints, and that whatever goes wrong is one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from conftest import drop, run
from lotto import wire
from lotto.draws.draw import Draw, DrawKey, Status
from lotto.events import Event, Type
from lotto.ledger import dead, outbox
from lotto.ledger.record import record
from seaweed import SECRET
from test_ledger import POWERBALL, SEEN_AT, said

OWN = Path(__file__).parent / "sources"


@pytest.fixture
def with_a_draw(open_ledger, known):
    """Leaves one confirmed draw in the ledger."""

    async def story():
        async with open_ledger() as ledger:
            for source in ("us_texas", "us_ny_data"):
                await record(ledger, known.lotteries["us_powerball"], [said(source)], SEEN_AT)

    run(story())


def one_sentence(err: str) -> bool:
    return err.startswith("lotto: ") and err.count("\n") == 1 and "Traceback" not in err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("run", "cook"),
            "There is no service “cook”; the services are scraper, relay, imaker, publisher, alerts, api, web.",
        ),
        (("run", "web"), "LOTTO_API_URL is not set"),
        (("read", __file__), "Say where the page is from"),
        (("read", __file__, "--source", "xx"), "There is no source “xx”; the sources are"),
        (("read", __file__, "--url", "https://nowhere.example/x"), "nowhere.example"),
        (("read", __file__, "--source", "us_texas", "--at", "yesterday"), "“yesterday” is not an instant"),
        (("read", __file__, "--source", "us_texas", "--at", "2024-01-01T10:00"), "has no zone"),
        (("scrape", "xx_nothing"), "There is no lottery “xx_nothing”; the catalogue has"),
        (("backfill", "xx_nothing"), "There is no lottery “xx_nothing”"),
        (("card", "xx_nothing", "--out", "x.png"), "There is no lottery “xx_nothing”"),
        (("card", "us_powerball/2024-13-45", "--out", "x.png"), "is not a draw; write lottery/YYYY-MM-DD"),
        (("card", "us_powerball/1999-01-01", "--out", "x.png"), "no published result of us_powerball/1999-01-01"),
        (("card", "us_powerball", "--format", "poster", "--out", "x.png"), "There is no format “poster”"),
        (("card", "us_powerball", "--lang", "xx", "--out", "x.png"), "There is no language “xx”"),
        (("check", "us_powerball", "1", "2", "+", "3"), "It takes 5 of main, and these are 2."),
        (("check", "us_powerball", "1", "+", "2", "+", "3"), "has 3 parts; a line of this game is main + Powerball."),
        (("check", "us_powerball", "1", "--from", "today"), "“today” is not a day; write it like 2024-11-02."),
        (("dead", "replay", "7"), "There is no dead letter 7 waiting"),
    ],
)
def test_what_is_asked_wrongly_is_refused_in_one_sentence(lotto, words, sentence):
    code, out, err = lotto(*words)
    assert code == 1
    assert sentence in err
    assert one_sentence(err)
    assert out == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [("LOTTO_PORT", "many"), ("LOTTO_PORT", "70000"), ("LOTTO_ALLOW", "not json"), ("LOTTO_LOG", "loud")],
)
def test_a_setting_that_cannot_be_used_is_named(lotto, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    code, _, err = lotto("verify")
    assert code == 1
    assert name in err
    assert one_sentence(err)


@pytest.mark.parametrize("name", ["LOTTO_DATABASE_URL", "LOTTO_REDIS_URL"])
def test_a_service_alone_says_which_address_it_lacks(lotto, monkeypatch, name):
    monkeypatch.delenv(name)
    code, _, err = lotto("run", "imaker")
    assert (code, one_sentence(err)) == (1, True)
    assert f"{name} is not set" in err


def test_a_ledger_that_cannot_be_reached_is_told_without_its_password(lotto, monkeypatch):
    monkeypatch.setenv("LOTTO_DATABASE_URL", "postgresql://lotto:s3cret@127.0.0.1:1/none")
    code, _, err = lotto("migrate")
    assert code == 1
    assert "Traceback" not in err
    assert "s3cret" not in err


def test_a_draw_s_card_is_drawn_as_a_file_with_its_words(lotto, with_a_draw, tmp_path):
    file = tmp_path / "card.png"
    code, out, err = lotto("card", "us_powerball", "--format", "square", "--lang", "es", "--out", str(file))
    assert (code, err) == (0, "")
    assert file.read_bytes().startswith(b"\x89PNG")
    assert "1080 × 1080" in out
    assert "10, 45, 48, 58, 61" in out


def test_cards_of_the_next_draw_and_of_a_collection_s_day_are_files_as_their_ending_says(lotto, with_a_draw, tmp_path):
    coming, board = tmp_path / "next.jpg", tmp_path / "board.webp"
    code, out, err = lotto("card", "us_powerball", "--kind", "next", "--look", "paper", "--out", str(coming))
    assert (code, err) == (0, "")
    assert coming.read_bytes().startswith(b"\xff\xd8")
    assert "Powerball, next draw: " in out
    code, out, err = lotto("card", "powerball/2024-11-02", "--kind", "digest", "--lang", "ar", "--out", str(board))
    assert (code, err) == (0, "")
    assert board.read_bytes()[8:12] == b"WEBP"
    assert "10, 45, 48, 58, 61" in out
    code, _, err = lotto("card", "us_powerball", "--kind", "prizes", "--out", str(tmp_path / "card.gif"))
    assert code == 1
    assert "must end in .png, .jpg or .webp" in err


def test_a_line_is_checked_against_every_draw(lotto, with_a_draw):
    code, out, _ = lotto("check", "us_powerball", "10", "45", "48", "58", "1", "+", "2")
    assert code == 0
    assert " ".join(out.split()).startswith("Draw Line Tier Lines Each 2024-11-02 10 45 48 58 1 + 2 4+1 1 $50,000")
    assert "1 draws looked at; 1 won." in out
    assert "0 won." in lotto("check", "us_powerball", "1 2 3 4 5 + 6", "7 8 9 11 12 + 13")[1]


def test_dead_letters_are_listed_with_their_reason_and_replayed(lotto, open_ledger):
    event = Event(Type.NEW_RESULT, Draw(POWERBALL, Status.CONFIRMED, SEEN_AT, 1), SEEN_AT)

    async def bury():
        async with open_ledger() as ledger, ledger.transaction() as conn:
            await outbox.say(conn, event)
            await outbox.said(conn, {event.id: "1-1"}, SEEN_AT)
            await dead.bury(
                conn,
                consumer="imaker",
                stream="new_result",
                event_id=str(event.id),
                envelope=wire.encode(event),
                reason="The font is missing.",
                deliveries=8,
                now=SEEN_AT,
            )

    async def depth() -> int:
        async with open_ledger() as ledger, ledger.reading() as conn:
            return await outbox.depth(conn)

    assert "There are no dead letters." in lotto("dead", "list")[1]
    run(bury())
    code, out, _ = lotto("dead", "list")
    assert code == 0
    assert "us_powerball/2024-11-02" in out.replace("\n", "")
    assert "The font is missing." in " ".join(out.split())
    assert lotto("dead", "replay", "1")[0] == 0
    assert run(depth()) == 1
    assert lotto("dead", "replay", "1")[0] == 1


def test_doctor_finds_a_well_house_well_and_a_broken_one_broken(lotto, monkeypatch, tmp_path):
    code, out, _ = lotto("doctor")
    assert code == 0
    assert out.count("✓") == 10
    assert "a folder here, cards served by the API" in out
    monkeypatch.setenv("LOTTO_STORE_PUBLIC_URL", "https://cards.example/x")
    assert "a folder here, cards read at https://cards.example/x" in lotto("doctor")[1]
    (tmp_path / "catalogue" / "lotteries").mkdir(parents=True)
    (tmp_path / "catalogue" / "lotteries" / "bad.toml").write_text("name = \n")
    monkeypatch.setenv("LOTTO_CATALOGUE_DIR", str(tmp_path / "catalogue"))
    code, out, _ = lotto("doctor")
    assert code == 1
    assert "✗" in out
    assert "bad.toml" in out


def test_doctor_tries_the_bucket_and_tells_no_secret(lotto, monkeypatch, bucket):
    monkeypatch.setenv("LOTTO_STORE_URL", bucket.url("doctor"))
    code, out, _ = lotto("doctor")
    assert code == 0
    assert f"{bucket.url('doctor')}, cards served by the API" in out
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another secret")
    code, out, err = lotto("doctor")
    assert code == 1
    assert "the bucket does not take our secret; correct AWS_SECRET_ACCESS_KEY." in out
    assert not any(secret in out + err for secret in ("another secret", SECRET))


@pytest.mark.parametrize(
    "url", ["cards.example", "ftp://cards.example", "https://key:secret@cards.example", "https://"]
)
def test_an_address_of_cards_that_no_browser_can_use_is_refused(lotto, monkeypatch, url):
    monkeypatch.setenv("LOTTO_STORE_PUBLIC_URL", url)
    code, _, err = lotto("doctor")
    assert code == 1
    assert one_sentence(err)
    assert "LOTTO_STORE_PUBLIC_URL cannot be used: " in err
    assert "write it like https://cards.example/prefix" in err
    assert "secret" not in err


def test_a_backup_is_restored_into_an_empty_ledger_and_into_no_other(
    lotto, with_a_draw, servers, monkeypatch, tmp_path
):
    monkeypatch.setenv("LOTTO_PRACTICE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("LOTTO_PRACTICE_CLOCK", str(clock_file(servers)))
    folder = tmp_path / "backups"
    folder.mkdir()
    code, out, err = lotto("backup", str(folder))
    assert (code, err) == (0, "")
    (archive,) = folder.glob("lotto-*Z.zip")
    assert str(archive) in out
    assert "1 cards and pages of the store are not in it: keep the store as well." in out
    code, _, err = lotto("restore", str(archive))
    assert code == 1
    assert one_sentence(err)
    assert "This ledger is not empty" in err
    with psycopg.connect(servers.database_url, autocommit=True) as conn:
        conn.execute("CREATE DATABASE restored_by_hand")
    try:
        monkeypatch.setenv("LOTTO_DATABASE_URL", servers.database("restored_by_hand"))
        code, out, err = lotto("restore", str(archive))
        assert (code, err) == (0, "")
        assert "1 results hold; the last hash is " in out
        assert "1 of 1 cards and pages are missing in the store." in out
        assert lotto("verify", "--chain")[0] == 0
        monkeypatch.delenv("LOTTO_PRACTICE_URL")
        code, _, err = lotto("restore", str(archive))
        assert code == 1
        assert one_sentence(err)
        assert "The archive is practice and this house is live: they never mix." in err
    finally:
        with psycopg.connect(servers.database_url, autocommit=True) as conn:
            drop(conn, "restored_by_hand")


def test_migrate_makes_an_empty_database_a_ledger_once_and_again(lotto, servers, monkeypatch, database_url):
    assert lotto("migrate")[0] == 1, "a practice ledger is no live one"
    monkeypatch.setenv("LOTTO_PRACTICE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("LOTTO_PRACTICE_CLOCK", str(clock_file(servers)))
    assert lotto("migrate")[0] == 0
    assert lotto("migrate")[0] == 0


def clock_file(servers) -> Path:
    path = Path(servers.engines.directory) / "world.json"
    path.write_text('{"at": "2023-08-15T12:00:00+00:00", "monotonic": 0}')
    return path


def test_the_command_itself_starts_and_lists_its_commands():
    done = subprocess.run(
        [sys.executable, "-m", "lotto", "--help"], capture_output=True, text=True, check=True, env={**os.environ}
    )
    for name in ("demo", "up", "run", "read", "scrape", "backfill", "card", "verify", "doctor", "dead"):
        assert name in done.stdout


def test_the_key_of_a_draw_is_read_back_as_it_is_written():
    assert DrawKey.parse(str(POWERBALL)) == POWERBALL


def test_what_would_go_out_is_shown_with_its_count_and_picture_and_nothing_goes_out(lotto, with_a_draw, tmp_path):
    (tmp_path / "accounts.toml").write_text('[accounts.wire]\nnetwork = "x"\nquiet = "00:00-23:59"\n')
    code, out, err = lotto("post", "us_powerball/2024-11-02", "--dry-run", "--out", str(tmp_path / "seen"))
    assert (code, err) == (0, "")
    assert "wire (x), us_powerball/2024-11-02: 106 of 280 as x counts" in out
    assert "  | 10, 45, 48, 58, 61, Powerball 2" in out
    assert "Alt text: Powerball, Saturday 2 November 2024: 10, 45" in out
    assert "wire has no credentials yet; `lotto account add wire` asks for them." in out
    assert (tmp_path / "seen" / "wire.png").read_bytes().startswith(b"\x89PNG")
    assert "There are no posts." in lotto("posts")[1]
    code, _, err = lotto("post")
    assert (code, one_sentence(err), "--dry-run" in err) == (1, True, True)


def test_publishing_is_stopped_and_started_by_name_and_reason(lotto, with_a_draw):
    assert "Publishing goes on." in lotto("publish")[1]
    assert lotto("publish", "stop", "--by", "Ana", "--reason", "a wrong number")[0] == 0
    assert "Publishing is stopped by Ana since" in lotto("publish")[1]
    code, _, err = lotto("publish", "stop", "--by", "Ben", "--reason", "me too")
    assert (code, one_sentence(err)) == (1, True)
    assert "stopped already, by Ana: a wrong number" in err
    assert lotto("publish", "start", "--by", "Ben", "--reason", "it was right")[0] == 0
    assert "nothing is to be started" in lotto("publish", "start", "--by", "Ben", "--reason", "again")[2]
