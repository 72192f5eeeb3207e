"""The wall: what went out to the networks, as it went out."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from lotto.paths import draw_path
from lotto.web.addresses import outward
from lotto.web.answers import PostAnswer
from lotto.web.moments import moment_utc
from lotto.words import Words

TOLD = ("sent", "unknown", "held", "failed")
"""States that a visitor may see: what is only planned has not happened, what is folded is told by its digest."""


@dataclass(frozen=True)
class Post:
    """One post."""

    key: str
    anchor: str
    """What its address ends in, where the post stands on this very page."""
    version: str
    lottery: str
    path: str
    """Below a language: the page of the draw, or the board for a digest of many."""
    digest: bool
    network: str
    account: str
    kind: str
    state: str
    text: str
    image: str
    alt: str
    url: str
    sent_at: dt.datetime | None
    when: str


def wall(words: Words, posts: Iterable[PostAnswer], now: dt.datetime) -> tuple[Post, ...]:
    """The posts in the order given."""
    return tuple(_post(words, post, now.date()) for post in posts if post.state in TOLD)


def _post(words: Words, post: PostAnswer, today: dt.date) -> Post:
    digest = post.tells > 1
    if digest:
        kind = words.say("page.wall.digest", count=post.tells)
    else:
        kind = "" if post.kind == "create" else words.say(f"page.wall.kind.{post.kind}")
    return Post(
        key=f"{post.account}|{post.key}|{post.revision}|{post.kind}",
        anchor=urlsplit(outward(post.url)).fragment,
        version=f"{post.state}|{post.url}|{post.image}",
        lottery=post.lottery,
        path="" if digest else draw_path(post.key),
        digest=digest,
        network=post.network,
        account="" if post.account == post.network else post.account,
        kind=kind,
        state="" if post.state == "sent" else words.say(f"page.wall.state.{post.state}"),
        text=post.text,
        image=outward(post.image),
        alt=post.alt,
        url=outward(post.url),
        sent_at=post.sent_at,
        when=moment_utc(words, post.sent_at, today) if post.sent_at else "",
    )
