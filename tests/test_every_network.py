"""Every network that cannot run here, under its own rules: what it takes, how it counts, and how it fails."""

import asyncio
import hashlib
import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import structlog
from PIL import Image

from conftest import run
from lotto.door import Door
from lotto.events import Card
from lotto.house import LOOPBACK, wall_clock
from lotto.imaker.png import encode
from lotto.publisher import networks
from lotto.publisher.networks.network import (
    Barred,
    Guard,
    Network,
    OutOfSight,
    Posted,
    Refused,
    Sheet,
    TryLater,
    Unknown,
)
from lotto.publisher.networks.x import signature
from lotto.publisher.timing import Rate
from lotto.replay.networks import Trouble
from lotto.replay.rules.rules import says
from lotto.shelf import standing
from practiced import ACCOUNTS, Practiced, practiced

PNG = encode(Image.new("RGB", (120, 63)))
JPEG = b"\xff\xd8\xff\xe0 a picture \xff\xd9"
ALT = "Powerball: 1, 2, 3"
ADDRESS = "https://lotto.example/cards/ab/ab.png"

PICTURES_ONLY = ("instagram", "pinterest")
"""Networks that show no post without a picture."""

UNBOUNDED = ("reddit", "wordpress")
"""Networks whose own limit is far above ours."""

ANSWERS_APART = ("facebook", "instagram", "linkedin", "reddit", "threads")
"""Networks at which an answer is listed elsewhere than posts are."""

EVERY = pytest.mark.parametrize("name", sorted(ACCOUNTS))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practiced]:
    with practiced(tmp_path_factory.mktemp("practiced")) as found:
        yield found


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network that is given time to make a picture ready needs none here."""
    sleep = asyncio.sleep

    async def hardly(seconds: float, result: Any = None) -> Any:
        return await sleep(min(seconds, 0.01), result)

    monkeypatch.setattr(asyncio, "sleep", hardly)


async def telling(story: Callable[[Door], Any]) -> Any:
    allow = [f"{host}:*" for host in LOOPBACK]
    nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # none of them speaks TLS
    async with Door(user_agent="Lotto/test", clock=wall_clock, allow=allow, closed=True, trust=lambda: nobody) as door:
        return await story(door)


def sheet(network: Network, text: str = "", *, picture: bool = True, image: bytes = b"", answers: str = "") -> Sheet:
    """A sheet as the publisher would give it to that network."""
    media = "image/png" if network.images and "image/png" in network.images.media else "image/jpeg"
    whole = image or (PNG if media == "image/png" else JPEG)
    by_address = network.images is not None and network.images.by_address
    card = Card("og", "en", "g", "cards/ab/ab.png", hashlib.sha256(whole).hexdigest(), media, 120, 63, 9, ALT)
    return Sheet(
        str(uuid4()),
        text or f"Powerball, {uuid4()}\n1 · 2 · 3\nhttps://lotto.example/en/us_powerball/2026-11-21",
        whole if picture and not by_address else None,
        media if picture and not by_address else "",
        ALT if picture else "",
        "en",
        card if picture else None,
        ADDRESS if picture else "",
        planned_at=wall_clock(),
        since=wall_clock() - timedelta(days=1),
        answers=answers,
    )


def filled(network: Network, piece: str, length: int) -> str:
    """A text of exactly that length as the network counts it: short lines of pieces, then pieces, then letters."""
    text = "Powerball"
    for more in ("\n" + piece * 20, piece, "x"):
        while network.length(text + more) <= length:
            text += more
    return text


@EVERY
def test_a_post_is_seen_once_with_its_picture_and_its_words(world: Practiced, name: str) -> None:
    rules = world.fresh(name)
    before = len(rules.posts)

    async def story(door: Door) -> tuple[Network, Sheet, Posted]:
        network = world.open(name, door)
        ours = sheet(network)
        return network, ours, await network.post(ours)

    network, ours, posted = run(telling(story))
    (seen,) = rules.posts[before:]
    assert posted.remote_id == seen.id
    assert posted.url is None or posted.url.startswith("https://")
    assert ours.text.splitlines()[0] in seen.text or name == "wordpress"
    assert seen.image == (ADDRESS if network.images and network.images.by_address else ours.card and ours.card.sha256)
    assert seen.alt == (ALT if network.alt_text else "")
    assert rules.journal.read_text().count(seen.id) == 1


@pytest.mark.parametrize("name", [one for one in sorted(ACCOUNTS) if standing(networks, Network)[one].carousel > 1])
def test_a_carousel_is_one_post_with_every_picture_and_its_words(world: Practiced, name: str) -> None:
    rules = world.fresh(name)
    before = len(rules.posts)

    async def story(door: Door) -> list[str]:
        network = world.open(name, door)
        ours = sheet(network)
        behind = [
            replace(ours, image=PNG + bytes([page]), alt=f"page {page}") for page in range(2, network.carousel + 1)
        ]
        await network.post(replace(ours, further=behind))
        return [hashlib.sha256(one.image or b"").hexdigest() for one in (ours, *behind)]

    hashes = run(telling(story))
    (seen,) = rules.posts[before:]
    assert seen.image.split() == hashes
    assert seen.alt.splitlines() == [ALT, *(f"page {page}" for page in range(2, len(hashes) + 1))]


@EVERY
def test_the_longest_text_is_taken_and_one_more_is_refused(world: Practiced, name: str) -> None:
    rules = world.fresh(name)

    async def story(door: Door) -> None:
        network = world.open(name, door)
        text = filled(network, "word ", network.longest)
        assert network.length(text) == network.longest
        await network.post(sheet(network, text))
        if name not in UNBOUNDED:
            # Slack says the same of a text that is too long as of a picture that is not ready.
            with pytest.raises(TryLater if name == "slack" else Refused):
                await network.post(sheet(network, text + "x"))

    before = len(rules.posts)
    run(telling(story))
    assert len(rules.posts) == before + 1


SCRIPTS = ("👨‍👩‍👧‍👦", "🇩🇴 ", "👍🏽 ", "مرحبا ", "שלום ", "नमस्ते ", "한국어 ", "宝くじ", "e\u0301\u0323 ")
"""A family, a flag, a skin tone, two scripts from right to left, one with joined letters, and marks on letters."""


@EVERY
def test_emoji_and_other_scripts_are_counted_so_that_a_full_text_is_taken(world: Practiced, name: str) -> None:
    rules = world.fresh(name)

    async def story(door: Door) -> None:
        network = world.open(name, door)
        for piece in SCRIPTS:
            await network.post(sheet(network, filled(network, piece, min(network.longest, 3_000))))

    before = len(rules.posts)
    run(telling(story))
    assert len(rules.posts) == before + len(SCRIPTS)


@EVERY
def test_the_biggest_picture_is_taken(world: Practiced, name: str) -> None:
    rules = world.fresh(name)

    async def story(door: Door) -> None:
        network = world.open(name, door)
        assert network.images
        start = PNG if "image/png" in network.images.media else JPEG
        biggest = start + bytes(network.images.bytes - len(start))
        rules.pictures = lambda address: biggest if address == ADDRESS else None
        await network.post(sheet(network, image=biggest))

    run(telling(story))
    assert rules.posts[-1].image


@EVERY
def test_a_missing_picture_costs_a_post_only_its_picture_where_posts_may_be_without(
    world: Practiced, name: str
) -> None:
    rules = world.fresh(name)

    async def story(door: Door) -> None:
        network = world.open(name, door)
        await network.post(sheet(network, picture=False))

    before = len(rules.posts)
    if name in PICTURES_ONLY:
        with pytest.raises(Refused, match="without a picture"):
            run(telling(story))
        assert len(rules.posts) == before
    else:
        run(telling(story))
        (seen,) = rules.posts[before:]
        assert (seen.image, seen.alt) == ("", "")


@EVERY
def test_a_token_that_has_ended_bars_the_account_and_posts_nothing(world: Practiced, name: str) -> None:
    rules = world.fresh(name)
    rules.troubles = {Trouble.REVOKED: 1.0}

    async def story(door: Door) -> None:
        network = world.open(name, door)
        with pytest.raises(Barred):
            await network.post(sheet(network))
        rules.troubles = {}
        with pytest.raises(Barred):
            await network.post(sheet(network))
        with pytest.raises(Barred):
            await network.check()

    before = len(rules.posts)
    run(telling(story))
    assert len(rules.posts) == before


@EVERY
@pytest.mark.parametrize("trouble", [Trouble.LOST, Trouble.ERROR])
def test_a_lost_answer_is_settled_by_looking_and_what_cannot_look_is_in_doubt(
    world: Practiced, name: str, trouble: Trouble
) -> None:
    rules = world.fresh(name)
    rules.troubles = {trouble: 1.0}

    async def story(door: Door) -> None:
        network = world.open(name, door)
        ours = sheet(network)
        with pytest.raises(Unknown):
            await network.post(ours)
        rules.troubles = {}
        assert len(rules.posts) == before + 1
        if network.guard is Guard.NONE:
            assert not network.looks
            return
        found = await network.find(ours)
        assert found is not None
        assert found.remote_id == rules.posts[-1].id
        assert await network.find(sheet(network)) is None

    before = len(rules.posts)
    run(telling(story))
    assert len(rules.posts) == before + 1


@pytest.mark.parametrize("name", ANSWERS_APART)
def test_an_answer_in_doubt_is_looked_for_where_answers_are(world: Practiced, name: str) -> None:
    rules = world.fresh(name)

    async def story(door: Door) -> None:
        network = world.open(name, door)
        first = await network.post(sheet(network))
        rules.troubles = {Trouble.LOST: 1.0}
        ours = sheet(network, answers=first.remote_id)
        with pytest.raises(Unknown):
            await network.follow_up(first.remote_id, ours)
        rules.troubles = {}
        found = await network.find(ours)
        assert found is not None
        assert rules.posts[-1].answers == first.remote_id
        assert await network.find(sheet(network, answers=first.remote_id)) is None

    run(telling(story))


@pytest.mark.parametrize(("name", "page"), [("mastodon", 40), ("discord", 100)])
def test_what_lies_behind_all_that_is_looked_through_is_for_a_person_to_see(
    world: Practiced, monkeypatch: pytest.MonkeyPatch, name: str, page: int
) -> None:
    world.fresh(name)
    monkeypatch.setattr(f"lotto.publisher.networks.{name}.PAGES", 1)

    async def story(door: Door) -> None:
        network = world.open(name, door)
        ours = sheet(network, "ours")
        first = await network.post(ours)
        for n in range(page - 1):
            await network.post(sheet(network, f"another {n}"))
        assert await network.find(ours) == first
        await network.post(sheet(network, "one more"))
        with pytest.raises(OutOfSight, match=f"the newest {page} there"):
            await network.find(ours)

    run(telling(story))


@EVERY
def test_a_network_that_asks_us_to_slow_down_is_asked_again_when_it_says(world: Practiced, name: str) -> None:
    rules = world.fresh(name)
    rules.troubles = {Trouble.BUSY: 1.0}

    async def story(door: Door) -> None:
        network = world.open(name, door)
        with pytest.raises(TryLater) as told:
            await network.post(sheet(network))
        unsaid = name in ("facebook", "instagram", "threads", "linkedin", "wordpress")
        assert told.value.seconds == 60.0 if unsaid else 0.7 < told.value.seconds <= 2.0, "some tell a whole second"

    before = len(rules.posts)
    run(telling(story))
    assert len(rules.posts) == before


@EVERY
def test_a_correction_follows_and_a_void_draw_is_taken_down_twice_without_harm(world: Practiced, name: str) -> None:
    rules = world.fresh(name)

    async def story(door: Door) -> None:
        network = world.open(name, door)
        first = await network.post(sheet(network))
        correction = sheet(network, "Corrected: Powerball, 4 5 6")
        if network.edits:
            for _ in range(2):
                assert (await network.edit(first.remote_id, correction)).remote_id == first.remote_id
            assert "4 5 6" in rules.posts[-1].text or name == "wordpress"
        else:
            await network.follow_up(first.remote_id, correction)
            assert "4 5 6" in rules.posts[-1].text
        if network.removes:
            for _ in range(2):
                await network.remove(first.remote_id, sheet(network))
            assert rules.standing(first.remote_id) is None

    run(telling(story))


@EVERY
def test_the_account_is_told_apart_from_one_that_is_not_let_in(world: Practiced, name: str) -> None:
    world.fresh(name)

    async def story(door: Door) -> None:
        assert (await world.open(name, door).check()).endswith((".", "!"))
        for secret in ACCOUNTS[name][1]:
            if name == "linkedin" and secret != "access_token":
                continue  # these two only tell when the token ends
            wrong = "https://discord.example/api/webhooks/5/wrong" if secret == "webhook" else "wrong"
            with pytest.raises(Barred):
                await world.open(name, door, **{secret: wrong}).check()

    run(telling(story))


@pytest.mark.parametrize(
    ("name", "more"), [("threads", {}), ("linkedin", {"refresh_token": "practice-refresh"}), ("linkedin", {})]
)
def test_a_token_is_renewed_where_the_network_has_a_way_for_it(
    world: Practiced, name: str, more: dict[str, str]
) -> None:
    world.fresh(name)
    new = run(telling(lambda door: world.open(name, door, **more).renew()))
    can = name == "threads" or bool(more)
    assert new.get("access_token") == ("renewed" if can else None)


CANARY = "canary-4f1d0b8f"


@EVERY
def test_no_secret_stands_in_an_error_a_log_or_a_dump(
    world: Practiced, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """The control: the secrets did go out, and a server that repeats them in its refusal repeats them to us alone."""
    rules = world.fresh(name)
    secrets = {key: f"{CANARY}-{key}" for key in ACCOUNTS[name][1]}
    if "webhook" in secrets:
        secrets["webhook"] = f"https://discord.example/api/webhooks/5/{CANARY}"
    said: list[str] = []

    async def story(door: Door) -> None:
        network = world.open(name, door, **secrets)
        for call in (network.check, lambda: network.post(sheet(network)), lambda: network.find(sheet(network))):
            try:
                await call()
            except (TryLater, Refused, Unknown, NotImplementedError) as error:
                said.extend([str(error), repr(error)])
        said.append(repr(network))
        said.extend(repr(one) for one in vars(network).values() if type(one).__name__ in ("Api", "Door", "Token"))

    with structlog.testing.capture_logs() as logs:
        run(telling(story))
    whole = "\n".join([*said, repr(logs), *capfd.readouterr()])
    assert said
    assert CANARY not in whole
    assert CANARY not in rules.journal.read_text() if rules.journal.exists() else True


def test_a_secret_that_a_server_repeats_is_left_out_of_what_is_said(
    world: Practiced, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = world.fresh("mastodon")
    monkeypatch.setattr(type(rules), "denied", lambda _: says({"error": "The token practice-4711 is not known"}, 401))

    async def story(door: Door) -> str:
        with pytest.raises(Barred) as told:
            await world.open("mastodon", door, access_token="practice-4711").check()
        return str(told.value)

    assert run(telling(story)) == "Mastodon does not take the credentials (any more): The token … is not known"


def test_a_listing_that_lags_shows_a_post_after_its_lag_and_not_before(world: Practiced) -> None:
    rules = world.fresh("x")
    rules.lag = (3600.0, 3600.0)
    rules.troubles = {Trouble.LOST: 1.0}

    async def story(door: Door) -> None:
        network = world.open("x", door)
        ours = sheet(network)
        with pytest.raises(Unknown):
            await network.post(ours)
        rules.troubles = {}
        assert await network.find(ours) is None
        with pytest.raises(Unknown, match="stands already"):
            await network.post(ours)

    run(telling(story))


def test_words_that_linkedin_has_already_are_our_own_post_and_stand_once(world: Practiced) -> None:
    rules = world.fresh("linkedin")

    async def story(door: Door) -> None:
        network = world.open("linkedin", door)
        ours = sheet(network, "Powerball (Saturday) #1 *2* [3] {4} <5> ~6~ @7 _8_ |9|")
        first = await network.post(ours)
        assert await network.post(ours) == first
        assert await network.find(ours) == first
        assert rules.posts[-1].text == ours.text

    run(telling(story))


@pytest.mark.parametrize("name", ["mastodon", "discord"])
def test_a_key_of_ours_keeps_a_repeat_from_standing_twice(world: Practiced, name: str) -> None:
    """The control is another key."""
    rules = world.fresh(name)

    async def story(door: Door) -> None:
        network = world.open(name, door)
        ours = sheet(network)
        assert await network.post(ours) == await network.post(ours)
        await network.post(sheet(network, ours.text))

    before = len(rules.posts)
    run(telling(story))
    assert len(rules.posts) == before + 2


def test_limits_that_a_server_tells_take_the_place_of_ours(world: Practiced) -> None:
    rules = world.fresh("mastodon")
    rules.longest, rules.picture = 5_000, 99  # type: ignore[attr-defined]

    async def story(door: Door) -> Network:
        network = world.open("mastodon", door)
        assert network.longest == 500
        await network.learn()
        return network

    try:
        network = run(telling(story))
    finally:
        rules.longest, rules.picture = 500, 16_777_216  # type: ignore[attr-defined]
    assert network.longest == 5_000
    assert network.images
    assert (network.images.bytes, network.images.media) == (99, {"image/png", "image/jpeg"})


@pytest.mark.parametrize(("name", "most"), [("instagram", 50), ("threads", 250)])
def test_how_often_an_account_may_publish_is_learned_from_the_server(world: Practiced, name: str, most: int) -> None:
    world.fresh(name)

    async def story(door: Door) -> None:
        network = world.open(name, door)
        network.rates = ()
        await network.learn()
        assert network.rates == (Rate(most, timedelta(days=1)),)

    run(telling(story))


@pytest.mark.parametrize("name", ["facebook", "instagram", "threads", "linkedin"])
def test_a_token_that_ends_is_told_in_advance(world: Practiced, name: str) -> None:
    rules = world.fresh(name)
    ends = wall_clock().replace(microsecond=0) + timedelta(days=5)

    async def story(door: Door) -> None:
        network = world.open(name, door)
        assert await network.expires() is None
        rules.ends = int(ends.timestamp())  # type: ignore[attr-defined]
        assert await network.expires() == ends

    try:
        run(telling(story))
    finally:
        rules.ends = 0  # type: ignore[attr-defined]


def test_a_signature_is_that_of_x_s_own_example() -> None:
    """The example of “Creating a signature” in X's documentation, its form's field as one of the query."""
    secrets = {
        "consumer_key": "xvz1evFS4wEEPTGEFPHBog",
        "consumer_secret": "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
        "access_token": "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
        "access_token_secret": "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
    }
    said = urlencode({"include_entities": "true", "status": "Hello Ladies + Gentlemen, a signed OAuth request!"})
    header = signature(
        "POST",
        f"https://api.twitter.com/1.1/statuses/update.json?{said}",
        secrets,
        datetime.fromtimestamp(1318622958, UTC),
        "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg",
    )
    assert 'oauth_signature="hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D"' in header
