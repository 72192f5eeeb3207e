"""The proof: no hand on the ledger, its end, its checkpoints or its pages goes unseen; and what is whole is told so."""

import asyncio
import hashlib
from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as some

from conftest import run
from lotto.keyfile import BYTES, KeyFileError
from lotto.ledger import chain
from lotto.proof.checkpoint import BadCheckpoint, Checkpoint
from lotto.proof.notary import Notary
from lotto.proof.note import BadKey, BadNote, Signer, Verifier
from stage import Stage

AT = datetime(2024, 11, 3, 4, 5, 6, tzinfo=UTC)
KEYS = some.binary(min_size=BYTES, max_size=BYTES)
LINES = some.text(some.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


# --- notes, checkpoints and keys ---


@given(KEYS, LINES)
def test_a_note_opens_with_its_key_and_says_what_was_signed(key, line):
    signer = Signer(key)
    verifier = Verifier.parse(str(signer.verifier))
    assert verifier == signer.verifier
    assert verifier.opened(signer.signed(f"{line}\n")) == f"{line}\n"


@given(KEYS, some.data())
def test_a_note_of_which_a_byte_was_changed_does_not_open(key, data):
    signer = Signer(key)
    text = "lotto ledger live\n7\n"
    note = bytearray(signer.signed(text))
    # All of the text; of the signature all but its last letters, some bits of which are padding.
    place = data.draw(some.sampled_from([*range(len(text)), *range(len(text) + 15, len(note) - 6)]))
    note[place] ^= 1 << data.draw(some.integers(0, 7))
    with pytest.raises(BadNote):
        signer.verifier.opened(bytes(note))


@given(KEYS, KEYS)
def test_a_note_of_another_key_does_not_open(key, other):
    if key != other:
        with pytest.raises(BadNote, match="It is not signed with the key lotto"):
            Signer(other).verifier.opened(Signer(key).signed("text\n"))


def test_a_note_has_the_form_of_the_standard():
    """https://c2sp.org/signed-note: text, empty line, em dash, name, and base64 of the key's hash and the signature."""
    seed = bytes(range(32))
    note = Signer(seed).signed("text\n")
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    named = hashlib.sha256(b"lotto\n\x01" + public.public_bytes_raw()).digest()[:4]
    head, encoded = note.decode().rstrip("\n").rsplit(" ", 1)
    assert head == "text\n\n— lotto"
    assert b64decode(encoded)[:4] == named
    public.verify(b64decode(encoded)[4:], b"text\n")


@pytest.mark.parametrize("text", ["", "lotto", "lotto+00000000+AAAA", "lotto+zz+zz", f"x+y+{'A' * 44}"])
def test_what_is_no_public_key_is_refused_in_a_sentence(text):
    with pytest.raises(BadKey, match=r"is no public key; it is written like lotto\+|A public key has 32 bytes"):
        Verifier.parse(text)


@given(some.sampled_from(["live", "practice"]), some.integers(0, 10**11), some.datetimes(timezones=some.just(UTC)))
def test_a_checkpoint_is_read_as_it_was_written(environment, count, made_at):
    one = Checkpoint(environment, count, "ab" * 32, made_at.replace(microsecond=0))
    assert Checkpoint.parse(one.text()) == one


@pytest.mark.parametrize(
    "text", ["", "lotto ledger live\n1\nab\n", "lotto ledger live\n01\nab\n2024-11-03T04:05:06Z\n"]
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(BadCheckpoint):
        Checkpoint.parse(text)


def test_a_key_is_made_once_and_private(tmp_path):
    file = tmp_path / "new" / "signing.key"
    first = Signer.made(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert Signer.made(file).verifier == first.verifier
    assert Signer.read(file).verifier == first.verifier
    file.chmod(0o644)
    with pytest.raises(KeyFileError, match="Others can read the key file"):
        Signer.made(file)


# --- a ledger with pages, signed twice ---


@pytest.fixture
def whole(servers, database_url, redis_url, tmp_path):
    """Two lotteries of the practice world, read by a scraper; signed after the first and at the end."""
    stage = Stage(servers.engines, database_url, tmp_path)

    async def story() -> None:
        house = stage.house()
        known = house.catalogue.lotteries
        async with house.scraper() as scraper, house.ledger("notary") as ledger:
            notary = Notary(ledger, house.store(), Signer.made(house.settings.signing_key), lambda: AT)
            await scraper.backfill([known["us_powerball"]])
            assert await notary.sign() is not None
            assert await notary.sign() is None
            await scraper.backfill([known["us_mega_millions"]])
            assert await notary.sign() is not None

    with stage.open():
        asyncio.run(story())
    return stage


def hand(stage: Stage, *statements: str) -> None:
    """Lays a hand on the ledger that is allowed everything."""
    with psycopg.connect(stage.database_url, autocommit=True) as conn:
        for table in ("result", "observation"):
            conn.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            conn.execute(statement)


def test_a_ledger_that_is_whole_is_proved_down_to_its_pages(lotto, whole):
    code, out, err = lotto("verify")
    assert (code, err) == (0, "")
    assert "results hold, one linked to the next. The last hash is " in out
    assert "Checkpoints that agree: 2, all signed with lotto+" in out
    assert "The newest is of 2024-11-03 04:05 UTC and covers " in out
    assert "published draws have their evidence." in out
    pages = len(list((whole.folder / "store" / "raw").rglob("*.page")))
    assert pages > 0
    assert f"{pages} pages lie in the store as they came; {pages} were read again and say the same." in out


def test_the_published_key_is_enough(lotto, whole):
    key = str(Signer.read(whole.folder / "signing.key").verifier)
    (whole.folder / "signing.key").unlink()
    code, _, err = lotto("verify", "--chain")
    assert code == 1
    assert "There are 2 checkpoints in the store, and here is no key to check them with" in err
    assert lotto("verify", "--chain", "--key", key)[0] == 0
    code, _, err = lotto("verify", "--chain", "--key", str(Signer(bytes(32)).verifier))
    assert code == 1
    assert "does not hold: It is not signed with the key" in err


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (["UPDATE result SET body = jsonb_set(body, '{numbers,bonus,0}', '7') WHERE seq = 1"], "result 1 ("),
        (
            [
                "DELETE FROM draw WHERE seq = (SELECT max(seq) FROM result)",
                "DELETE FROM result WHERE seq = (SELECT max(seq) FROM result)",
            ],
            "results were cut from its end",
        ),
        (
            ["DELETE FROM observation WHERE id = (SELECT min(id) FROM observation)"],
            "is named as evidence, and no observation of it says so.",
        ),
        (
            [
                """UPDATE observation SET body = jsonb_set(body, '{numbers,main,0}', '1')
                   WHERE id = (SELECT min(id) FROM observation)"""
            ],
            "is named as evidence, and no observation of it says so.",
        ),
    ],
)
def test_a_hand_on_the_ledger_is_found(lotto, whole, statements, words):
    hand(whole, *statements)
    code, _, err = lotto("verify")
    assert code == 1
    assert words in err


def test_a_chain_that_was_written_anew_is_found_by_what_was_signed(lotto, whole):
    """The control: the chain alone holds, since every hash was made again."""
    hand(whole)
    with psycopg.connect(whole.database_url, autocommit=True) as conn:
        conn.execute("UPDATE result SET body = jsonb_set(body, '{reason}', '\"trust me\"') WHERE seq = 1")
    run(_rehash(whole))
    code, _, err = lotto("verify")
    assert code == 1
    assert "is not the one that was signed on 2024-11-03 at 04:05 UTC: the ledger was written anew." in err
    for file in (whole.folder / "store" / "checkpoints").iterdir():
        file.unlink()
    assert "Nothing of it was signed yet" in lotto("verify", "--chain")[1]


async def _rehash(stage: Stage) -> None:
    async with stage.house().ledger("test") as ledger, ledger.transaction() as conn:
        previous = chain.GENESIS
        rows = await (await conn.execute("SELECT seq, environment, body FROM result ORDER BY seq")).fetchall()
        await conn.execute("UPDATE result SET hash = hash || 'x'")
        for row in rows:
            digest = chain.link(previous, row["seq"], row["environment"], row["body"])
            await conn.execute(
                "UPDATE result SET previous_hash = %s, hash = %s WHERE seq = %s", [previous, digest, row["seq"]]
            )
            previous = digest


def page_in(folder: Path) -> Path:
    return min((folder / "store" / "raw").rglob("*.page"))


def test_a_page_that_was_changed_or_lost_is_found(lotto, whole):
    page = page_in(whole.folder)
    body = page.read_bytes()
    page.write_bytes(body + b" ")
    assert "was changed in the store." in lotto("verify")[2]
    page.unlink()
    assert "is not in the store." in lotto("verify")[2]


def test_a_page_that_reads_otherwise_than_was_recorded_is_found(lotto, whole):
    hand(
        whole,
        """UPDATE observation SET body = jsonb_set(body, '{numbers,main}', '[1, 2, 3, 4, 5]')
           WHERE id = (SELECT min(id) FROM observation)""",
    )
    code, out, err = lotto("verify")
    assert code == 1
    assert "does not read as it did: us_" in out + err


def test_results_that_were_lost_by_restoring_are_told_and_no_fault(lotto, whole):
    hand(
        whole,
        "DELETE FROM draw WHERE seq = (SELECT max(seq) FROM result)",
        "DELETE FROM result WHERE seq = (SELECT max(seq) FROM result)",
        "UPDATE instance SET restored_at = '2024-11-04'",
    )
    code, out, _ = lotto("verify", "--chain")
    assert code == 0
    assert "Checkpoints of what was lost when this ledger was restored from a backup: 1." in out
