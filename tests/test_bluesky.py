"""Bluesky: what was posted once stands once, at a real personal data server and by the rules we practise with."""

import asyncio
import hashlib
import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from PIL import Image

from conftest import run
from lotto.door import Door
from lotto.events import Card
from lotto.house import LOOPBACK, wall_clock
from lotto.imaker.png import encode
from lotto.publisher.networks.bluesky import ALPHABET, Bluesky, rkey
from lotto.publisher.networks.network import Barred, Refused, Sheet, Unknown
from practiced import practiced
from servers import Home, losing_wire, pds

PNG = encode(Image.new("RGB", (120, 63)))
CARD = Card("og", "en", "g", "cards/ab/ab.png", hashlib.sha256(PNG).hexdigest(), "image/png", 120, 63, 9, "words")


@pytest.fixture(scope="module", params=["practice", "pds"])
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("bluesky")
    if request.param == "pds":
        with pds(folder) as found:
            yield found
    else:
        with practiced(folder) as world:
            yield Home(f"{world.address}/bluesky", "lotto.test", "practice", world.rules["bluesky"].did)  # type: ignore[attr-defined]


async def telling(story: Callable[[Door], Any]) -> Any:
    allow = [f"{host}:*" for host in LOOPBACK]
    nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    async with Door(user_agent="Lotto/test", clock=wall_clock, allow=allow, closed=True, trust=lambda: nobody) as door:
        return await story(door)


def sheet(text: str = "", *, picture: bool = True) -> Sheet:
    shown = (PNG, "image/png", "The numbers, in words", "en", CARD, "") if picture else ()
    text = text or f"Powerball {uuid4()}"
    return Sheet(str(uuid4()), text, *shown, planned_at=wall_clock(), since=wall_clock() - timedelta(days=1))


def bluesky(home: Home, door: Door, *, password: str = "", server: str = "") -> Bluesky:
    return Bluesky(server or home.address, home.handle, password or home.password, door)


def records(home: Home) -> list[dict[str, Any]]:
    """What the world sees, newest first."""
    session = {"identifier": home.handle, "password": home.password}
    base = f"{home.address}/xrpc/com.atproto"
    login = httpx2.post(f"{base}.server.createSession", json=session, trust_env=False).json()
    query = {"repo": home.did, "collection": "app.bsky.feed.post", "limit": "100"}
    headers = {"Authorization": f"Bearer {login['accessJwt']}"}
    answer = httpx2.get(f"{base}.repo.listRecords", params=query, headers=headers, trust_env=False)
    return list(answer.json()["records"])


def under(home: Home, text: str) -> list[dict[str, Any]]:
    return [one["value"] for one in records(home) if one["value"]["text"] == text]


def test_a_picture_its_words_and_links_are_shown(home: Home) -> None:
    ours = sheet("Powerball “1, 2, 3” 🎱\nhttps://lotto.example/en/us_powerball/2026-11-21")
    posted = run(telling(lambda door: bluesky(home, door).post(ours)))
    (seen,) = under(home, ours.text)
    assert posted.url == f"https://bsky.app/profile/{home.handle}/post/{rkey(ours)}"
    (image,) = seen["embed"]["images"]
    assert (image["alt"], image["aspectRatio"]) == ("The numbers, in words", {"width": 120, "height": 63})
    assert (image["image"]["mimeType"], image["image"]["size"]) == ("image/png", len(PNG))
    (facet,) = seen["facets"]
    start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
    assert ours.text.encode()[start:end] == b"https://lotto.example/en/us_powerball/2026-11-21"
    assert seen["langs"] == ["en"]


def test_a_repeat_stands_once_also_at_once_and_with_its_picture_lost(home: Home) -> None:
    """The control is another key."""
    ours = sheet()

    async def story(door: Door) -> set[str]:
        network = bluesky(home, door)
        many = await asyncio.gather(*(network.post(ours) for _ in range(8)))
        return {one.remote_id for one in [*many, await network.post(replace(ours, image=None, media="", card=None))]}

    assert len(run(telling(story))) == 1
    (seen,) = under(home, ours.text)
    assert "embed" in seen, "the first stands as it was"
    run(telling(lambda door: bluesky(home, door).post(sheet(ours.text))))
    assert len(under(home, ours.text)) == 2


def test_a_lost_answer_is_settled_by_sending_again_and_found_by_its_words(home: Home) -> None:
    ours = sheet()

    async def story(door: Door) -> None:
        port = int(home.address.removeprefix("http://").partition("/")[0].rpartition(":")[2])
        async with losing_wire(port, b"repo.putRecord") as wire:
            server = home.address.replace(f":{port}", f":{wire.port}")
            network = bluesky(home, door, server=server)
            with pytest.raises(Unknown):
                await network.post(ours)
            assert len(await asyncio.to_thread(under, home, ours.text)) == 1
            posted = await network.post(ours)
            assert await network.find(replace(ours, key="another life's")) == posted
            assert await network.find(sheet()) is None

    run(telling(story))
    assert len(under(home, ours.text)) == 1


@pytest.mark.parametrize("piece", ["x", "👨‍👩‍👧‍👦", "🇩🇴", "مرحبا ", "한국어 ", "नमस्ते ", "e\u0301", "宝"])
def test_a_full_text_is_taken_and_one_more_is_refused(home: Home, piece: str) -> None:
    text = f"{uuid4()} "
    while Bluesky.length(text + piece) <= 300:
        text += piece
    while Bluesky.length(text + "x") <= 300:
        text += "x"

    async def story(door: Door) -> None:
        network = bluesky(home, door)
        await network.post(sheet(text, picture=False))
        if piece == "x":
            with pytest.raises(Refused, match=r"300|grapheme"):
                await network.post(sheet(text + "x", picture=False))

    run(telling(story))
    assert len(under(home, text)) == 1


def test_a_correction_is_a_reply_and_what_is_taken_down_is_gone(home: Home) -> None:
    first, answer = sheet(), sheet()

    async def story(door: Door) -> None:
        network = bluesky(home, door)
        posted = await network.post(first)
        for _ in range(2):
            await network.follow_up(posted.remote_id, answer)
        for _ in range(2):
            await network.remove(posted.remote_id, sheet())

    run(telling(story))
    assert under(home, first.text) == []
    (seen,) = under(home, answer.text)
    assert seen["reply"]["root"] == seen["reply"]["parent"]


def test_a_wrong_password_bars_the_account_and_the_right_one_tells_who_we_are(home: Home) -> None:
    assert run(telling(lambda door: bluesky(home, door).check())) == f"@{home.handle} may post."
    with pytest.raises(Barred):
        run(telling(lambda door: bluesky(home, door, password="wrong").check()))


def test_keys_are_tids_that_grow_with_time_and_differ_within_a_second() -> None:
    at = wall_clock().replace(microsecond=0)
    keys = {rkey(replace(sheet(), planned_at=at)) for _ in range(1_000)}
    later = rkey(replace(sheet(), planned_at=at + timedelta(seconds=2)))
    assert len(keys) == 1_000
    assert all(len(key) == 13 and set(key) <= set(ALPHABET) and key[0] in ALPHABET[:16] and key < later for key in keys)
