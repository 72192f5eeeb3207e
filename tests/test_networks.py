"""Networks, on their own real servers: what was posted once stands once, whatever is lost on the way."""

import asyncio
import hashlib
import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from nostr_sdk import Keys
from PIL import Image

from conftest import run
from lotto.door import Door
from lotto.events import Card
from lotto.house import LOOPBACK, wall_clock
from lotto.imaker.png import encode
from lotto.publisher.networks.matrix import Matrix
from lotto.publisher.networks.network import Posted, Refused, Sheet, TryLater, Unknown
from lotto.publisher.networks.nostr import Nostr
from servers import Homeserver, Relay, local_relay, losing_wire, relay
from stage import free_port

PICTURE = encode(Image.new("RGB", (120, 63)))
CARD = Card("og", "en", "g", "cards/ab/ab.png", hashlib.sha256(PICTURE).hexdigest(), "image/png", 120, 63, 9, "words")
CARD_URL = "https://lotto.example/cards/ab/ab.png"


async def telling(story: Callable[[Door], Any]) -> Any:
    """Tells a story that needs a way out, to servers of this machine."""
    allow = [f"{host}:*" for host in LOOPBACK]
    async with Door(user_agent="Lotto/test", clock=wall_clock, allow=allow, closed=True) as door:
        return await story(door)


def sheet(text: str = "Powerball", *, picture: bool = False, key: str = "", at: datetime | None = None) -> Sheet:
    shown = (PICTURE, "image/png", "The numbers, in words", "en", CARD, CARD_URL) if picture else ()
    return Sheet(
        key or str(uuid4()), text, *shown, planned_at=at or wall_clock(), since=wall_clock() - timedelta(days=1)
    )


def matrix(home: Homeserver, door: Door, *, token: str = "", port: int = 0, room: str = "") -> Matrix:
    address = f"http://127.0.0.1:{port}" if port else home.address
    return Matrix(address, room or home.room, token or home.token, door)


# Matrix


def test_matrix_shows_a_picture_with_its_text_and_its_words_as_one_message(home: Homeserver) -> None:
    ours = sheet("Powerball “1, 2, 3”\nsecond line", picture=True)

    posted = run(telling(lambda door: matrix(home, door).post(ours)))
    (event,) = home.under(ours.key)
    content = event["content"]
    assert (event["event_id"], event["sender"]) == (posted.remote_id, "@lotto:localhost")
    assert (content["msgtype"], content["body"]) == ("m.image", ours.text)
    assert content["filename"] == f"{ours.key}.png"
    assert content["info"] == {"mimetype": "image/png", "size": len(PICTURE), "w": 120, "h": 63}
    assert "The numbers, in words" in json.dumps(content["org.matrix.msc1767.alt_text"])
    media = content["url"].removeprefix("mxc://")
    assert home.raw("GET", f"/_matrix/client/v1/media/download/{media}", home.boss).content == PICTURE


def test_matrix_shows_a_post_without_a_picture_as_text(home: Homeserver) -> None:
    ours = sheet("numbers")
    run(telling(lambda door: matrix(home, door).post(ours)))
    assert [one["content"]["msgtype"] for one in home.under(ours.key)] == ["m.text"]


def test_matrix_keeps_a_repeated_post_once_also_at_once_and_over_a_restart(home: Homeserver) -> None:
    ours = sheet(picture=True)

    async def at_once(door: Door) -> set[str]:
        return {one.remote_id for one in await asyncio.gather(*(matrix(home, door).post(ours) for _ in range(8)))}

    first = run(telling(at_once))
    home.process.stop()
    home.process.start()
    again = run(telling(lambda door: matrix(home, door).post(ours)))
    assert first == {again.remote_id}
    assert len(home.under(ours.key)) == 1


def test_matrix_guards_a_device_so_another_device_would_post_a_second_time(home: Homeserver) -> None:
    """The control: what makes a repeat harmless is the key of a device, and not the text."""
    ours = sheet()
    other = home.login("lotto", "ANOTHER")
    renewed = home.login("lotto", "LOTTO")
    try:
        for token in (home.token, renewed, other):
            run(telling(lambda door, token=token: matrix(home, door, token=token).post(ours)))
        assert len(home.under(ours.key)) == 2
    finally:
        home.token = renewed


def test_matrix_finds_a_post_whose_key_the_server_has_forgotten(home: Homeserver) -> None:
    ours = sheet()
    posted = run(telling(lambda door: matrix(home, door).post(ours)))
    home.process.stop()
    with sqlite3.connect(home.folder / "home.sqlite3") as kept:  # as Synapse itself does after a day
        assert kept.execute("DELETE FROM event_txn_id_device_id").rowcount > 0
    kept.close()
    home.process.start()
    assert run(telling(lambda door: matrix(home, door).find(ours))) == posted
    assert run(telling(lambda door: matrix(home, door).find(sheet()))) is None
    again = run(telling(lambda door: matrix(home, door).post(ours)))
    assert again != posted, "the control: sent instead of looked for, it stands twice"


def test_matrix_edits_answers_and_removes(home: Homeserver) -> None:
    first, edited, answer, removal = sheet("old"), sheet("new", picture=True), sheet("answer"), sheet("")

    async def story(door: Door) -> Posted:
        ours = matrix(home, door)
        posted = await ours.post(first)
        for _ in range(2):
            assert (await ours.edit(posted.remote_id, edited)).url == posted.url
            await ours.follow_up(posted.remote_id, answer)
        return posted

    posted = run(telling(story))
    (event,) = home.under(edited.key)
    assert event["content"]["m.relates_to"] == {"rel_type": "m.replace", "event_id": posted.remote_id}
    assert event["content"]["m.new_content"]["body"] == "new"
    (event,) = home.under(answer.key)
    assert event["content"]["m.relates_to"] == {"m.in_reply_to": {"event_id": posted.remote_id}}
    run(telling(lambda door: matrix(home, door).remove(posted.remote_id, removal)))
    run(telling(lambda door: matrix(home, door).remove(posted.remote_id, removal)))
    assert home.under(first.key) == []


def test_matrix_settles_a_lost_answer_by_sending_again(home: Homeserver) -> None:
    ours = sheet(picture=True)

    async def story(door: Door) -> Posted:
        async with losing_wire(home.port, b"/send/m.room.message/") as wire:
            network = matrix(home, door, port=wire.port)
            with pytest.raises(Unknown, match="may have arrived"):
                await network.post(ours)
            assert (wire.lost, len(await asyncio.to_thread(home.under, ours.key))) == (1, 1)
            return await network.post(ours)

    posted = run(telling(story))
    assert [one["event_id"] for one in home.under(ours.key)] == [posted.remote_id]


def test_matrix_repeats_a_lost_upload_later(home: Homeserver) -> None:
    async def story(door: Door) -> None:
        async with losing_wire(home.port, b"/media/v3/upload") as wire:
            await matrix(home, door, port=wire.port).post(sheet(picture=True))

    with pytest.raises(TryLater):
        run(telling(story))


def test_matrix_refuses_a_wrong_token_and_a_room_it_is_not_in(home: Homeserver) -> None:
    def posting(**how: str) -> None:
        run(telling(lambda door: matrix(home, door, **how).post(sheet())))

    with pytest.raises(Refused, match="does not know the access token"):
        posting(token="wrong")
    with pytest.raises(Refused, match=r"403 M_FORBIDDEN"):
        posting(token=home.login("guest", "GUEST"))


def test_matrix_is_asked_later_when_it_says_so_or_is_away(home: Homeserver) -> None:
    bounds = "/_synapse/admin/v1/users/@lotto:localhost/override_ratelimit"
    slow = {"messages_per_second": 1, "burst_count": 1}
    assert home.raw("POST", bounds, home.boss, slow).status_code == 200

    async def hurry(door: Door) -> None:
        many = (matrix(home, door).post(sheet()) for _ in range(20))
        for outcome in await asyncio.gather(*many, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome

    try:
        with pytest.raises(TryLater, match="slow down") as told:
            run(telling(hurry))
        assert 0 < told.value.seconds <= 60
    finally:
        assert home.raw("DELETE", bounds, home.boss).status_code == 200
    with pytest.raises(TryLater, match="nothing was sent"):
        run(telling(lambda door: matrix(home, door, port=free_port()).post(sheet())))


def test_matrix_says_who_we_are_and_what_is_wrong(home: Homeserver) -> None:
    said = run(telling(lambda door: matrix(home, door).check()))
    assert said == "@lotto:localhost is in the room, on the device LOTTO."
    guest = home.login("guest", "GUEST")
    with pytest.raises(Refused, match="@guest:localhost is not in the room !"):
        run(telling(lambda door: matrix(home, door, token=guest).check()))
    with pytest.raises(Refused, match="log in again"):
        run(telling(lambda door: matrix(home, door, token="wrong").check()))


# Nostr


@asynccontextmanager
async def relays(far: Relay, which: str) -> AsyncIterator[str]:
    if which == "process":
        yield far.address
    else:
        async with local_relay() as here:
            yield here.address


def some_key() -> str:
    return str(Keys.generate().secret_key().to_bech32())


async def notes(door: Door, address: str, secret: str, kind: int = 1) -> list[dict[str, Any]]:
    """What that key's readers see at that relay."""
    author = Keys.parse(secret).public_key().to_hex()
    found = []
    async with door.websocket(address) as socket:
        await socket.send(json.dumps(["REQ", "look", {"authors": [author], "kinds": [kind]}]))
        while True:
            match json.loads(await socket.receive()):
                case ["EVENT", "look", event]:
                    found.append(event)
                case ["EOSE", "look"]:
                    return found


BOTH = pytest.mark.parametrize("which", ["process", "here"])


@BOTH
def test_nostr_shows_a_picture_by_its_address_with_its_words_at_the_time_it_was_planned(far: Relay, which: str) -> None:
    planned = wall_clock() - timedelta(minutes=10)
    ours, secret = sheet("Powerball “1, 2, 3”", picture=True, at=planned), some_key()

    async def story(door: Door) -> tuple[Posted, list[dict[str, Any]]]:
        async with relays(far, which) as address:
            posted = await Nostr([address], secret, door).post(ours)
            return posted, await notes(door, address, secret)

    posted, (note,) = run(telling(story))
    assert note["id"] == posted.remote_id
    assert note["created_at"] == int(planned.timestamp())
    assert note["content"] == f"Powerball “1, 2, 3”\n{CARD_URL}"
    assert note["tags"] == [
        ["imeta", f"url {CARD_URL}", "m image/png", f"x {CARD.sha256}", "dim 120x63", "alt The numbers, in words"]
    ]


@BOTH
def test_nostr_keeps_a_repeated_note_once_and_a_later_one_twice(far: Relay, which: str) -> None:
    """The control is the note planned a second later: the kept instant is what makes a repeat the same note."""
    secret, planned = some_key(), wall_clock()

    async def story(door: Door) -> list[int]:
        async with relays(far, which) as address:
            network = Nostr([address], secret, door)
            ours = sheet(at=planned)
            await asyncio.gather(*(network.post(ours) for _ in range(8)))
            await network.post(ours)
            counts = [len(await notes(door, address, secret))]
            await network.post(sheet(ours.text, key=ours.key, at=planned + timedelta(seconds=1)))
            return [*counts, len(await notes(door, address, secret))]

    assert run(telling(story)) == [1, 2]


def test_nostr_keeps_a_note_once_over_a_restart_of_its_relay(far: Relay) -> None:
    secret, ours = some_key(), sheet()
    run(telling(lambda door: Nostr([far.address], secret, door).post(ours)))
    assert far.process
    far.process.stop()
    far.process.start()
    run(telling(lambda door: Nostr([far.address], secret, door).post(ours)))
    assert len(run(telling(lambda door: notes(door, far.address, secret)))) == 1


@BOTH
def test_nostr_settles_a_lost_answer_by_sending_again(far: Relay, which: str) -> None:
    secret, ours = some_key(), sheet(picture=True)

    async def story(door: Door) -> int:
        async with relays(far, which) as address:
            port = int(address.rpartition(":")[2].strip("/"))
            async with losing_wire(port, b'["OK"') as wire:
                network = Nostr([f"ws://127.0.0.1:{wire.port}"], secret, door)
                with pytest.raises(Unknown, match="websocket broke off"):
                    await network.post(ours)
                assert (wire.lost, len(await notes(door, address, secret))) == (1, 1)
                await network.post(ours)
            return len(await notes(door, address, secret))

    assert run(telling(story)) == 1


@BOTH
def test_nostr_follows_a_note_up_and_asks_for_its_removal(far: Relay, which: str) -> None:
    secret = some_key()

    async def story(door: Door) -> tuple[Posted, list[Any], list[Any]]:
        async with relays(far, which) as address:
            network = Nostr([address], secret, door)
            first = await network.post(sheet("first"))
            answer = sheet("Corrected: second")
            for _ in range(2):
                await network.follow_up(first.remote_id, answer)
            seen = await notes(door, address, secret)
            await network.remove(first.remote_id, sheet(""))
            return first, seen, await notes(door, address, secret)

    first, before, after = run(telling(story))
    (answer,) = [one for one in before if one["content"].startswith("Corrected")]
    assert answer["tags"][0] == ["e", first.remote_id, "", "root"]
    assert len(before) == 2
    assert [one["content"] for one in after] == ["Corrected: second"]


def test_nostr_stands_when_one_relay_has_taken_it(far: Relay) -> None:
    secret = some_key()
    gone = f"ws://127.0.0.1:{free_port()}"

    async def story(door: Door) -> None:
        await Nostr([gone, far.address], secret, door).post(sheet())
        with pytest.raises(TryLater, match="could not be reached"):
            await Nostr([gone], secret, door).post(sheet())

    run(telling(story))


def test_nostr_is_in_doubt_when_no_relay_said_yes_and_one_may_have_taken_it(far: Relay) -> None:
    async def story(door: Door) -> None:
        port = int(far.address.rpartition(":")[2])
        async with losing_wire(port, b'["OK"') as wire:
            network = Nostr([f"ws://127.0.0.1:{free_port()}", f"ws://127.0.0.1:{wire.port}"], some_key(), door)
            with pytest.raises(Unknown):
                await network.post(sheet())

    run(telling(story))


def test_nostr_is_asked_later_when_a_relay_says_so(tmp_path: Path) -> None:
    with relay(tmp_path, notes_per_minute=1) as strict:
        run(telling(lambda door: Nostr([strict.address], some_key(), door).post(sheet())))
        with pytest.raises(TryLater, match="rate-limited"):
            run(telling(lambda door: Nostr([strict.address], some_key(), door).post(sheet())))


def test_nostr_refuses_what_is_no_key_and_passes_on_what_a_relay_refuses(far: Relay) -> None:
    with pytest.raises(Refused, match="no secret key of Nostr"):
        run(telling(lambda door: Nostr([far.address], "nsec1wrong", door).post(sheet())))
    with pytest.raises(Refused, match="refused: invalid"):
        run(telling(lambda door: Nostr([far.address], some_key(), door).post(sheet("x" * 5_000))))


@BOTH
def test_nostr_says_who_we_are_and_posts_nothing(far: Relay, which: str) -> None:
    secret = some_key()

    async def story(door: Door) -> tuple[str, int]:
        async with relays(far, which) as address:
            return await Nostr([address], secret, door).check(), len(await notes(door, address, secret))

    said, count = run(telling(story))
    assert said.startswith("npub1")
    assert count == 0


@BOTH
def test_a_note_of_another_life_is_found_by_its_words_though_it_was_planned_at_another_second(
    far: Relay, which: str
) -> None:
    """A ledger restored from a backup plans the lost hour's posts again, at other instants: other ids."""

    async def story(door: Door) -> None:
        async with relays(far, which) as address:
            secret = Keys.generate().secret_key().to_hex()
            nostr = Nostr([address], secret, door)
            lost = await nostr.post(sheet("Powerball 1 2 3", picture=True, at=wall_clock() - timedelta(hours=1)))
            again = sheet("Powerball 1 2 3", picture=True)
            assert await nostr.find(again) == lost
            assert await nostr.find(sheet("Powerball 1 2 4", picture=True)) is None
            await nostr.post(again)
            assert len(await notes(door, address, secret)) == 2, "nothing else would have kept it from standing twice"

    run(telling(story))
