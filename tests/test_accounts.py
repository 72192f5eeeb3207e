"""Accounts: what their file may say, what becomes of their credentials, and how they post on real servers."""

import asyncio
import io
import re
import stat
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from structlog.testing import capture_logs

from conftest import Clock, run
from lotto.catalogue import BadFile, Catalogue
from lotto.draws.draw import Status
from lotto.house import House, Practice, wall_clock
from lotto.imaker.renderer import FORMATS
from lotto.keyfile import KeyFileError
from lotto.ledger import accounts, posts, sending
from lotto.ledger.connection import Environment, Ledger
from lotto.publisher import accounts_file, networks, sender
from lotto.publisher.accounts import Account
from lotto.publisher.networks.mastodon import Mastodon
from lotto.publisher.networks.network import Guard, Images, Network, Unknown
from lotto.publisher.service import Publisher
from lotto.seal import Seal, SealError
from lotto.services import Services
from lotto.settings import BadSetting, Settings
from lotto.shelf import BadShelf, standing
from lotto.store import Store
from practiced import ACCOUNTS
from servers import Homeserver, Relay, losing_wire
from test_networks import notes, some_key, telling
from test_publisher import NUMBERS, PICTURE, Journal, ended, event, working

MATRIX = '[accounts.ops]\nnetwork = "matrix"\nserver = "https://matrix.example.org"\nroom = "!room:example.org"\n'


@pytest.fixture
def read(tmp_path: Path, known: Catalogue) -> Callable[[str], list[accounts_file.Entry]]:
    """Reads an accounts file of that text."""

    def done(text: str) -> list[accounts_file.Entry]:
        (tmp_path / "accounts.toml").write_text(text, encoding="utf-8")
        return accounts_file.read(tmp_path / "accounts.toml", known, accounts_file.Known(FORMATS))

    return done


# The shelf


def test_the_networks_stand_on_the_shelf_by_the_names_of_their_files() -> None:
    shelf = standing(networks, Network)
    here = {"email", "webpush", "handshare", "matrix", "nostr", "paper", "practice", "bluesky"}
    assert set(shelf) == here | set(ACCOUNTS)
    for name, network in shelf.items():
        assert network.name == name
        assert network.longest > 200
        assert all(sentence.endswith(".") for sentence in network.credentials.values())


def test_a_package_adds_a_network_by_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "carrier_pigeon.py").write_text(
        "from lotto.publisher.networks.network import Guard, Network\n"
        "class Pigeon(Network):\n    guard = Guard.NONE\n    longest = 40\n"
    )
    info = tmp_path / "pigeon-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: pigeon\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[lotto.networks]\ncarrier_pigeon = carrier_pigeon\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert standing(networks, Network)["carrier_pigeon"].name == "carrier_pigeon"
    (info / "entry_points.txt").write_text("[lotto.networks]\nmatrix = carrier_pigeon\n")
    with pytest.raises(BadShelf, match="give a module of that name"):
        standing(networks, Network)


# The accounts file


def test_an_account_says_what_it_posts_and_where(read: Callable[[str], list[accounts_file.Entry]]) -> None:
    text = (
        MATRIX + 'lotteries = ["us_powerball"]\ncollections = ["us_texas"]\nstatuses = ["confirmed"]\n'
        'lang = "es"\nformat = "square"\nage_limit = "6h"\n\n[accounts.wall]\nnetwork = "paper"\n'
    )
    ops, wall = read(text)
    assert (ops.name, ops.network.name, ops.facts.lang, ops.facts.format) == ("ops", "matrix", "es", "square")
    assert set(ops.lotteries) > {"us_powerball", "us_tx_lotto"}
    assert "us_ny_numbers" not in ops.lotteries
    assert (ops.statuses, ops.age_limit) == ((Status.CONFIRMED,), timedelta(hours=6))
    assert (wall.lotteries, wall.age_limit) == (frozenset(), None)
    assert wall.statuses == (Status.PROVISIONAL, Status.CONFIRMED)


NOSTR = '[accounts.n]\nnetwork = "nostr"\n'


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("[accounts.ops\n", 1, "This is not TOML"),
        ("[account.ops]\n", 1, "`account` is not known here; known are accounts."),
        ("[accounts.ops]\nlang = 'en'\n", 1, "`network` is missing here; add it."),
        (
            "\n[accounts.ops]\nnetwork = 'pigeon'\n",
            3,
            "There is no network “pigeon”; the networks are bluesky, discord,",
        ),
        (MATRIX.replace("room", "raum"), 4, "`raum` is not known here; known are "),
        (MATRIX.replace("https://matrix", "matrix"), 3, "“matrix.example.org” is not a server; write it like https://"),
        (MATRIX.replace("!room:", "#room:"), 4, "“#room:example.org” is not a room's id"),
        (MATRIX + "lotteries = [\n  'us_powerball',\n  'us_pawerball',\n]\n", 7, "cannot be “us_pawerball”; there are"),
        (MATRIX + "collections = ['x']\n", 5, "`collections` cannot be “x”"),
        (MATRIX + "statuses = ['held']\n", 5, "`statuses` cannot be “held”; there are partial, provisional"),
        (MATRIX + "lang = 'xx'\n", 5, "`lang` cannot be “xx”; there are ar, de, en, es, fr, pt, th."),
        (MATRIX + "format = 'poster'\n", 5, "`format` cannot be “poster”"),
        (MATRIX + "age_limit = '6 hours'\n", 5, "`age_limit` cannot be “6 hours”; write it like 90m, 6h or 2d."),
        (MATRIX + "age_limit = 6\n", 5, "`age_limit` must be a text, not a whole number."),
        (MATRIX + "access_token = 'x'\n", 5, "`access_token` is not known here"),
        (NOSTR, 1, "`relays` is missing here; add it."),
        (NOSTR + "relays = []\n", 3, "There is no relay; name one or more."),
        (NOSTR + "relays = ['https://relay.example']\n", 3, "is not a relay; write it like wss://relay.example.org."),
    ],
)
def test_a_bad_accounts_file_is_refused_with_its_line(
    read: Callable[[str], list[accounts_file.Entry]], text: str, line: int, says: str
) -> None:
    with pytest.raises(BadFile) as told:
        read(text)
    assert says in str(told.value)
    assert told.value.line == line


# The house


@pytest.fixture
def house(database_url: str, redis_url: str, tmp_path: Path) -> Callable[..., House]:
    """A practice house whose accounts file has that text."""

    def made(text: str, **settings: Any) -> House:
        (tmp_path / "accounts.toml").write_text(text, encoding="utf-8")
        own = Settings(data_dir=tmp_path, **settings)
        practice = Practice("http://127.0.0.1:1", Clock())
        return House(own, database_url=database_url, redis_url=redis_url, practice=practice)

    return made


def test_without_an_accounts_file_there_is_a_folder_of_paper(house: Callable[..., House]) -> None:
    ours = house("")
    (ours.settings.data_dir / "accounts.toml").unlink()
    assert [(one.name, one.network.name) for one in ours.accounts.entries()] == [("paper", "paper")]
    with pytest.raises(BadSetting, match=r"LOTTO_ACCOUNTS_FILE names .*nowhere.toml, and there is no such file"):
        house("", accounts_file=Path("/nowhere.toml")).accounts.entries()


@pytest.mark.parametrize("server", ["https://matrix.example.org", "http://10.0.0.1:8008", "https://localhost.example"])
def test_a_practice_ledger_is_told_to_no_server_elsewhere(house: Callable[..., House], server: str) -> None:
    text = MATRIX.replace("https://matrix.example.org", server)

    def admit(text: str, environment: Environment) -> None:
        ours = house(text)
        ours.accounts.admit(ours.accounts.entry("ops"), environment)

    with pytest.raises(BadSetting, match=r"The account ops is at .*, and this is a practice ledger"):
        admit(text, "practice")
    admit(text, "live")
    for near in ("http://127.0.0.1:8008", "http://localhost:8008", "http://[::1]:8008"):
        admit(text.replace(server, near), "practice")


def test_a_publisher_of_a_practice_house_does_not_start_with_accounts_elsewhere(house: Callable[..., House]) -> None:
    async def story(logs: list[Any]) -> str:
        task = asyncio.ensure_future(Services(house(MATRIX)).keep("publisher"))
        async with asyncio.timeout(30):
            while not (failed := [line for line in logs if line["log_level"] == "error"]):
                await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait([task])
        return str(failed[0]["why"])

    with capture_logs() as logs:
        assert "this is a practice ledger" in run(story(logs))


def test_pictures_shown_by_address_need_a_public_address(house: Callable[..., House]) -> None:
    text = NOSTR + 'relays = ["wss://relay.example.org"]\n'
    without, known = house(text), house(text, public_url="https://lotto.example")
    with pytest.raises(BadSetting, match="LOTTO_PUBLIC_URL is not set, and nostr"):
        without.accounts.admit(without.accounts.entry("n"), "live")
    known.accounts.admit(known.accounts.entry("n"), "live")


def test_cards_are_drawn_for_pages_and_accounts(house: Callable[..., House]) -> None:
    text = '[accounts.a]\nnetwork = "paper"\nlang = "es"\n[accounts.b]\nnetwork = "paper"\nformat = "square"\n'
    assert [(one.format, one.lang) for one in house(text).wanted()] == [("og", "en"), ("square", "en"), ("og", "es")]


# The seal


def test_a_seal_opens_what_it_closed_for_that_account_alone(tmp_path: Path) -> None:
    seal = Seal.made(tmp_path / "secret.key")
    sealed = seal.close("ops", {"access_token": "swordfish"})
    assert b"swordfish" not in sealed
    assert sealed != seal.close("ops", {"access_token": "swordfish"})
    assert Seal.read(tmp_path / "secret.key").open("ops", sealed, "try again") == {"access_token": "swordfish"}
    other = Seal.made(tmp_path / "other.key")
    broken = sealed[:-1] + bytes([sealed[-1] ^ 1])
    cases = ((seal, "spo", sealed), (other, "ops", sealed), (seal, "ops", broken), (seal, "ops", b""))
    for opener, name, what in cases:
        with pytest.raises(SealError, match="were not sealed with the key in"):
            opener.open(name, what, "try again")


def test_a_key_file_is_made_once_and_is_nobody_elses(tmp_path: Path) -> None:
    file = tmp_path / "new" / "secret.key"
    Seal.made(file)
    key = file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    Seal.made(file)
    assert (file.read_bytes(), list(file.parent.iterdir())) == (key, [file])
    file.chmod(0o640)
    with pytest.raises(KeyFileError, match="Others can read the key file"):
        Seal.read(file)
    with pytest.raises(KeyFileError, match="There is no key file"):
        Seal.read(tmp_path / "none.key")
    file.write_text("c2hvcnQ=")
    file.chmod(0o600)
    with pytest.raises(KeyFileError, match="holds no key of 32 bytes"):
        Seal.read(file)


# The command line


def test_credentials_are_asked_for_tried_kept_sealed_and_never_shown(
    lotto: Callable[..., tuple[int, str, str]],
    house: Callable[..., House],
    home: Homeserver,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours = house(MATRIX.replace("https://matrix.example.org", home.address).replace("!room:example.org", home.room))
    monkeypatch.setenv("LOTTO_OPS_ACCESS_TOKEN", "wrong")
    code, out, err = lotto("account", "list")
    assert "It has no access_token; `lotto account add ops` asks for it." in out
    code, out, err = lotto("account", "test", "ops")
    assert (code, err) == (1, "lotto: It has no access_token; `lotto account add ops` asks for it.\n")

    code, out, err = lotto("account", "add", "ops", "--from-env")
    assert (code, err.count("\n")) == (1, 1)
    assert err.startswith("lotto: matrix refuses the credentials of ops: The server does not know the access token")
    assert not ours.settings.secret_key.exists()

    monkeypatch.setattr("sys.stdin", io.StringIO(f"{home.token}\n"))
    code, out, err = lotto("account", "add", "ops")
    assert (code, out.splitlines()[0]) == (0, "@lotto:localhost is in the room, on the device LOTTO.")
    assert home.token not in out + err
    with psycopg.connect(database_url) as conn:
        (sealed,) = conn.execute("SELECT credentials FROM account").fetchone() or ()
    assert home.token.encode() not in sealed
    assert lotto("account", "test", "ops")[:2] == (0, "@lotto:localhost is in the room, on the device LOTTO.\n")
    assert "can post" in lotto("account", "list")[1]

    code, out, err = lotto("account", "rest", "ops", "--reason", "on holiday")
    assert "rests: on holiday" in lotto("account", "list")[1]
    assert lotto("account", "wake", "ops")[0] == 0
    assert "can post" in lotto("account", "list")[1]

    ours.settings.secret_key.unlink()
    assert "There is no key file" in lotto("account", "list")[1]
    assert lotto("account", "test", "ops")[2].startswith("lotto: There is no key file")


def test_credentials_are_kept_while_their_network_cannot_be_asked(
    lotto: Callable[..., tuple[int, str, str]], house: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> None:
    house(MATRIX.replace("https://matrix.example.org", "http://127.0.0.1:9"))
    monkeypatch.setattr("sys.stdin", io.StringIO("swordfish\n"))
    code, out, err = lotto("account", "add", "ops")
    assert code == 0
    assert out.startswith("Whether they work could not be asked:")
    assert "swordfish" not in out + err
    assert lotto("account", "test", "ops")[2].startswith("lotto: matrix gave no answer: ")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("add", "ops", "--from-env"), "The account ops is at matrix.example.org, and this is a practice ledger"),
        (("test", "nobody"), "There is no account “nobody” in "),
        (("add", "wall"), "The account wall needs no credentials: paper asks for none."),
        (("add", "n", "--from-env"), "LOTTO_N_SECRET_KEY is not set, and --from-env takes the secret_key from it."),
        (("add", "n"), "The account n needs its secret_key."),
    ],
)
def test_what_is_asked_wrongly_of_accounts_is_refused_in_one_sentence(
    lotto: Callable[..., tuple[int, str, str]],
    house: Callable[..., House],
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    sentence: str,
) -> None:
    house(MATRIX + '[accounts.wall]\nnetwork = "paper"\n' + NOSTR + 'relays = ["ws://127.0.0.1:9"]\n')
    monkeypatch.setenv("LOTTO_OPS_ACCESS_TOKEN", "swordfish")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    code, _, err = lotto("account", *words)
    assert code == 1
    assert err.startswith(f"lotto: {sentence}")
    assert err.count("\n") == 1


# Posting


async def publishing(ledger: Ledger, known: Catalogue, network: Network, folder: Path) -> Publisher:
    """A publisher for one account at that network, over a store that has the picture."""
    store = Store.open(f"file://{folder}/store")
    await store.put(event().cards[0].key, PICTURE, "image/png")
    ours = [Account("ours", network)]
    return Publisher(ledger, store, known.lotteries, ours, wall_clock, worker="one", public_url="https://lotto.example")


@pytest.fixture
def posting(house: Callable[..., House], monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[posts.Post]]:
    """Has the accounts of a file, with these credentials, hear events and work until that is true of their posts."""
    monkeypatch.setattr(sender, "SETTLE", timedelta())

    def done(text: str, secrets: dict[str, str], *events: Any, until: Callable[..., bool] = ended) -> list[posts.Post]:
        async def story() -> list[posts.Post]:
            ours = house(text, public_url="https://lotto.example")
            seal = Seal.made(ours.settings.secret_key)
            store = ours.store()
            await store.put(event().cards[0].key, PICTURE, "image/png")
            async with ours.ledger("test") as ledger, ours.networks_door("practice") as door:
                async with ledger.reading() as conn:
                    for entry in ours.accounts.entries():
                        if entry.network.credentials:
                            sealed = seal.close(entry.name, secrets)
                            await accounts.keep_credentials(conn, entry.name, entry.network.name, sealed)
                    opened = ours.accounts.open(
                        ours.accounts.entries(), await accounts.listed(conn), ours.accounts.outside(door)
                    )
                publisher = Publisher(
                    ledger,
                    store,
                    ours.catalogue.lotteries,
                    opened,
                    wall_clock,
                    worker="one",
                    public_url=ours.settings.address,
                )
                for one in events:
                    await publisher.handle(one)
                return await working(publisher, ledger, until)

        return run(story())

    return done


def at(home: Homeserver, port: int = 0) -> str:
    address = f"http://127.0.0.1:{port or home.port}"
    return MATRIX.replace("https://matrix.example.org", address).replace("!room:example.org", home.room)


def test_a_draw_whose_answer_was_lost_stands_once_in_the_room_and_its_correction_edits_it(
    posting: Callable[..., list[posts.Post]], home: Homeserver
) -> None:
    async def with_losses() -> tuple[list[posts.Post], int]:
        async with losing_wire(home.port, b"/send/m.room.message/", times=2) as wire:
            told = await asyncio.to_thread(posting, at(home, wire.port), {"access_token": home.token}, event())
            return told, wire.lost

    (post,), lost = run(with_losses())
    assert (post.state, post.attempts, lost) == ("sent", 3, 2)
    (shown,) = home.under(str(post.id))
    assert (shown["event_id"], shown["content"]["msgtype"]) == (post.remote_id, "m.image")
    corrected = event(2, numbers={**NUMBERS, "bonus": (9,)}, replaces=NUMBERS)
    both = posting(at(home), {"access_token": home.token}, corrected, until=lambda rows: len(rows) == 2 and ended(rows))
    (edit,) = [one for one in both if one.kind == "edit"]
    (shown,) = home.under(str(edit.id))
    assert shown["content"]["m.relates_to"]["event_id"] == post.remote_id
    assert "Powerball 9" in shown["content"]["m.new_content"]["body"]


def test_a_draw_stands_once_at_a_relay_with_the_card_s_address(
    posting: Callable[..., list[posts.Post]], far: Relay
) -> None:
    secret = some_key()

    async def with_losses() -> list[posts.Post]:
        async with losing_wire(int(far.address.rpartition(":")[2]), b'["OK"', times=2) as wire:
            text = NOSTR + f'relays = ["ws://127.0.0.1:{wire.port}"]\n'
            return await asyncio.to_thread(posting, text, {"secret_key": secret}, event())

    (post,) = run(with_losses())
    assert (post.state, post.attempts) == ("sent", 3)
    (note,) = run(telling(lambda door: notes(door, far.address, secret)))
    assert note["id"] == post.remote_id
    assert note["created_at"] == int(post.planned_at.timestamp())
    assert f"url https://lotto.example/{post.image}" in note["tags"][0]


def test_an_account_without_credentials_lets_its_posts_wait_and_others_go_on(
    posting: Callable[..., list[posts.Post]],
) -> None:
    text = MATRIX.replace("https://matrix.example.org", "http://127.0.0.1:9") + '[accounts.wall]\nnetwork = "paper"\n'
    found = posting(text, {}, event(), until=lambda rows: any(one.state == "sent" for one in rows))
    assert {one.account: (one.state, one.attempts) for one in found} == {"ops": ("planned", 0), "wall": ("sent", 1)}


def test_a_resting_account_posts_nothing_until_it_wakes(
    open_ledger: Callable[..., Any], known: Catalogue, tmp_path: Path
) -> None:
    async def story() -> None:
        async with open_ledger() as ledger:
            network = Journal(Guard.NONE)
            publisher = await publishing(ledger, known, network, tmp_path)
            await publisher.handle(event(cards=False))
            async with ledger.reading() as conn:
                await accounts.rest(conn, "ours", "journal", "on holiday")
                waiting = await posts.listed(conn, 1)
                fence = await accounts.claim(conn, "ours", "one", wall_clock(), wall_clock())
                assert await sending.due(conn, "ours", wall_clock()) is None
                assert not await sending.begin(conn, waiting[0], fence or 0, wall_clock()), (
                    "not even what was due a moment before"
                )
            with suppress(TimeoutError):
                await asyncio.wait_for(publisher.run(), 0.2)
            assert network.visible == []
            async with ledger.reading() as conn:
                await accounts.rest(conn, "ours", "journal", "")
            (post,) = await working(publisher, ledger, ended)
            assert (post.state, len(network.visible)) == ("sent", 1)

    run(story())


class Forgetful(Journal):
    """Takes our keys, and knows them for no time at all."""

    name = "forgetful"
    remembers = timedelta()


@pytest.mark.parametrize(("kind", "sent"), [(Forgetful, 1), (Journal, 2)])
def test_a_post_in_doubt_is_looked_for_once_its_key_may_be_forgotten(
    open_ledger: Callable[..., Any],
    known: Catalogue,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: type[Journal],
    sent: int,
) -> None:
    """The control is the network that is believed to remember: it is sent the post again."""
    monkeypatch.setattr(sender, "SETTLE", timedelta())

    async def story() -> None:
        async with open_ledger() as ledger:
            network = kind(Guard.KEY, ("after", Unknown("the answer was lost")))
            publisher = await publishing(ledger, known, network, tmp_path)
            await publisher.handle(event(cards=False))
            (post,) = await working(publisher, ledger, ended)
            assert (post.state, post.attempts) == ("sent", sent)

    run(story())


class Small(Journal):
    name = "small"
    images = Images(bytes=5)


class Blind(Journal):
    name = "blind"
    images = None


@pytest.mark.parametrize("kind", [Small, Blind])
def test_a_picture_a_network_does_not_take_is_left_out(
    open_ledger: Callable[..., Any], known: Catalogue, tmp_path: Path, kind: type[Journal]
) -> None:
    async def story() -> None:
        async with open_ledger() as ledger:
            network = kind(Guard.NONE)
            publisher = await publishing(ledger, known, network, tmp_path)
            await publisher.handle(event())
            (post,) = await working(publisher, ledger, ended)
            assert (post.state, network.visible[0].image) == ("sent", None)

    run(story())


def test_a_server_that_answers_otherwise_than_its_network_is_told_in_a_sentence(
    lotto: Callable[..., tuple[int, str, str]], house: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def otherwise(_: object) -> str:
        raise KeyError("configuration")

    house('[accounts.sky]\nnetwork = "mastodon"\nserver = "http://127.0.0.1:9"\n')
    monkeypatch.setattr(Mastodon, "check", otherwise)
    monkeypatch.setenv("LOTTO_SKY_ACCESS_TOKEN", "token")
    code, out, err = lotto("account", "add", "sky", "--from-env")
    assert (code, err) == (0, "")
    assert "http://127.0.0.1:9 answers, but not as mastodon does: is the address right?" in out.replace("\n", " ")


GUIDES = Path(__file__).parent.parent / "docs"


@pytest.mark.parametrize(
    "guide", ["connect-an-account.md", *sorted(f"networks/{one.name}" for one in (GUIDES / "networks").glob("*.md"))]
)
def test_the_accounts_that_a_guide_shows_can_stand_in_an_accounts_file(
    read: Callable[[str], list[accounts_file.Entry]], guide: str
) -> None:
    shown = re.findall(r"```toml\n(.*?)```", (GUIDES / guide).read_text(), re.DOTALL)
    assert shown
    for one in shown:
        (entry,) = read(one)
        assert guide == "connect-an-account.md" or entry.network.name.startswith(Path(guide).stem)


def test_every_network_has_its_place_in_the_guide() -> None:
    table = (GUIDES / "connect-an-account.md").read_text()
    assert all(f"[`{name}`](" in table for name in standing(networks, Network) if name != "practice")
