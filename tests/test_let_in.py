"""An account that its network does not let in any more, and one whose credentials end soon."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from lotto.door import Answer
from lotto.house import wall_clock
from lotto.ledger import accounts
from lotto.publisher import sender
from lotto.publisher.asking import BREATH, patience
from lotto.publisher.networks.network import Barred, Guard, Refused, SlowDown, TryLater, Unknown
from test_publisher import KEY, Journal, desk, event, working

assert desk


@pytest.mark.parametrize("guard", list(Guard))
def test_an_account_that_is_not_let_in_rests_with_its_reason_and_posts_when_it_wakes(desk, guard):
    """The control is an ordinary refusal, which is the end of one post."""

    async def story(ledger, store, publisher):
        network = Journal(guard, ("before", Barred("The token was revoked.")))
        ours = publisher(network)
        await ours.handle(event(cards=False))
        reason = await until_it_rests(ours, ledger)
        assert reason == "The token was revoked."
        assert network.visible == []
        (post,) = await working(publisher(network), ledger, lambda found: True)
        assert (post.state, post.note) == ("planned", "The token was revoked.")
        async with ledger.reading() as conn:
            await accounts.rest(conn, "ours", "journal", "")
            await conn.execute("UPDATE post SET due_at = %s", [wall_clock()])
        (post,) = await working(publisher(network), ledger, lambda found: found[0].state == "sent")
        assert len(network.visible) == 1

    desk(story)


async def until_it_rests(ours, ledger) -> str:
    task = asyncio.ensure_future(ours.run())
    try:
        async with asyncio.timeout(15):
            while True:
                async with ledger.reading() as conn:
                    reason = (await accounts.listed(conn))["ours"].resting
                if reason:
                    return reason
                await asyncio.sleep(0.02)
    finally:
        task.cancel()
        await asyncio.wait([task])


def test_a_look_back_that_is_not_let_in_leaves_the_post_in_doubt_and_rests_the_account(desk, monkeypatch):
    monkeypatch.setattr(sender, "SETTLE", timedelta())

    class Shut(Journal):
        async def find(self, sheet):
            raise Barred("The token was revoked.")

    async def story(ledger, store, publisher):
        network = Shut(Guard.LOOK_BACK, ("after", Unknown("lost")))
        ours = publisher(network)
        await ours.handle(event(cards=False))
        assert await until_it_rests(ours, ledger) == "The token was revoked."
        (post,) = await working(publisher(network), ledger, lambda found: True)
        assert (post.state, len(network.visible)) == ("unknown", 1)

    desk(story)


def test_when_credentials_end_is_kept_and_limits_are_learned(desk):
    end = wall_clock().replace(microsecond=0) + timedelta(days=5)

    class Ending(Journal):
        async def learn(self):
            self.longest = 5_000

        async def expires(self):
            return end

    async def story(ledger, store, publisher):
        network = Ending(Guard.NONE)
        ours = publisher(network)
        await ours.handle(event(cards=False))
        await working(ours, ledger, lambda found: found[0].state == "sent")
        assert network.longest == 5_000
        async with ledger.reading() as conn:
            assert (await accounts.listed(conn))["ours"].ends_at == end

    desk(story)


@pytest.mark.parametrize("error", [Refused("There is no such page."), KeyError("configuration")])
def test_a_network_that_does_not_tell_its_limits_is_posted_to_all_the_same(desk, error):
    class Silent(Journal):
        async def learn(self):
            raise error

    async def story(ledger, store, publisher):
        network = Silent(Guard.NONE)
        ours = publisher(network)
        await ours.handle(event(cards=False))
        await working(ours, ledger, lambda found: found[0].state == "sent")

    desk(story)


NOW = wall_clock().replace(microsecond=0)


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({}, b"", BREATH),
        ({"retry-after": "7"}, b"", 7),
        ({"retry-after": "0"}, b"", 1),
        ({"ratelimit-reset": str(int(NOW.timestamp()) + 90)}, b"", 90),
        ({"x-rate-limit-reset": str(int(NOW.timestamp()) + 90)}, b"", 90),
        ({"x-ratelimit-reset": (NOW + timedelta(seconds=90)).isoformat()}, b"", 90),
        ({"x-ratelimit-reset": "103"}, b"", 103),
        ({"x-ratelimit-reset-after": "2.5", "x-ratelimit-reset": "9999999999"}, b"", 2.5),
        ({"x-ratelimit-reset": "soon"}, b"", BREATH),
        ({}, b'{"retry_after": 1.337, "global": false}', 1.337),
        ({}, b'{"ok": false, "parameters": {"retry_after": 35}}', 35),
        ({"x-ratelimit-reset": "9999999999"}, b"", 86_400),
        (
            {
                "x-rate-limit-reset": str(int(NOW.timestamp()) + 9),
                "x-user-limit-24hour-remaining": "0",
                "x-user-limit-24hour-reset": str(int(NOW.timestamp()) + 4_000),
            },
            b"",
            4_000,
        ),
    ],
    ids=[
        "nothing", "seconds", "at once", "bluesky", "x", "mastodon", "reddit", "discord", "unreadable",
        "discord in its body", "telegram in its body", "nonsense", "a day of x",
    ],
)  # fmt: skip
def test_a_server_is_asked_again_when_it_says_in_whatever_way_it_says_it(headers, body, seconds):
    answer = Answer("https://a.example/", 429, body, headers, NOW, NOW)
    assert patience(answer) == pytest.approx(seconds)


@pytest.mark.parametrize("kind", [SlowDown, TryLater])
def test_a_network_that_asks_to_slow_down_is_offered_no_other_post_until_then(desk, kind):
    """The control is a post that alone must wait: the others go out meanwhile."""

    class Slow(Journal):
        asked = 0

        async def post(self, sheet):
            self.asked += 1
            if len(self.visible) == 2 and self.asked == 3:
                raise kind("Too many posts.", 3600.0)
            return await super().post(sheet)

    async def story(ledger, store, publisher):
        network = Slow(Guard.NONE)
        ours = publisher(network)
        for n in range(6):
            await ours.handle(event(cards=False, key=replace(KEY, date=KEY.date + timedelta(days=n))))
        done, looks = (2 if kind is SlowDown else 5), 0

        def settled(found) -> bool:
            """It has been as it should be for a while, in which another post would have gone out."""
            nonlocal looks
            looks += sum(one.state == "sent" for one in found) >= done and network.asked > 2
            return looks > 15

        await working(ours, ledger, settled)
        assert (len(network.visible), network.asked) == (done, done + 1)

    desk(story)
