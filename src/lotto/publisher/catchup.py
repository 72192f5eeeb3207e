"""Catch-up after an outage: results that are late are gathered and go out as one digest, not as a flood.

A result's age counts from the instant at which its values were decided, on the clock they were decided by. That is
what our own outages add to: whichever service was away, the instant travels with the draw. The time of the draw would
make late results of every source that is slow by habit; the time at which an event was said, or a picture was made,
is young again after an outage of whoever says or makes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lotto.draws.draw import Draw
from lotto.draws.lottery import Lottery
from lotto.ledger import posts
from lotto.ledger.connection import Connection
from lotto.ledger.posts import Post
from lotto.publisher.accounts import Account

GATHER = timedelta(seconds=60)
"""While more late results are on their way, those that are here wait for them; but no longer for the next than this."""


@dataclass(frozen=True)
class Late:
    """What is late at an account, the newest draw first."""

    posts: list[Post]
    draws: list[Draw]
    gathering: bool
    """Whether more of it is on its way, and this waits for that."""

    @property
    def flood(self) -> bool:
        """Whether it is to go out as a digest: one late result alone is a post like any other."""
        return not self.gathering and len(self.posts) > 1


async def late(
    conn: Connection,
    account: Account,
    lotteries: Mapping[str, Lottery],
    now: datetime,
    world: datetime,
    since: datetime,
) -> Late:
    """What is late at that account now.

    `world` is what time it is for the draws; `now` is the machinery's time, in which the account is ours since `since`.
    """
    if account.age_limit is None:
        return Late([], [], gathering=False)
    before = world - account.age_limit
    found = [one for one in await posts.late(conn, account.name, now, before) if one[1].key.lottery in lotteries]
    here = [post for post, _ in found]
    newest = max([since, *(post.planned_at for post in here)])
    gathering = bool(here) and now - newest < GATHER and await posts.on_their_way(conn, before)
    return Late(here, [draw for _, draw in found], gathering)
