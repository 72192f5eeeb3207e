"""The sender: takes one post of an account a step further, whatever its network does; every way out is a state.

How a post stands is written before the network is called and after; what lies in between is settled by the network's
own guard, by looking, or by a person.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from structlog.typing import FilteringBoundLogger

from lotto.draws.draw import Status
from lotto.draws.lottery import Lottery
from lotto.events import Card
from lotto.ledger import accounts, posts, sending
from lotto.ledger.connection import Connection, Ledger
from lotto.ledger.posts import Post, Shown
from lotto.publisher import composing
from lotto.publisher.accounts import Account
from lotto.publisher.gathering import Gathered
from lotto.publisher.networks.network import (
    Barred,
    Guard,
    Network,
    Posted,
    Refused,
    Sheet,
    SlowDown,
    TryLater,
    Unknown,
)
from lotto.publisher.sheets import Sheets
from lotto.publisher.surely import surely
from lotto.store import Store, StoreError

log: FilteringBoundLogger = structlog.get_logger()

LEASE = timedelta(seconds=60)
"""How long an account stays ours without a sign of life; a network's call begins with one and is given up sooner."""

PATIENCE = 30.0
"""Seconds a network has for one answer; after that it is in doubt."""

LONGEST_WAIT = timedelta(minutes=10)
"""Between two tries of a post that a network surely did not take, at the most; there is no last try."""

SETTLE = timedelta(seconds=15)
"""Before a post in doubt is looked for again."""

WAIT = timedelta(seconds=30)
"""Before a post is taken up again that cannot go out now: its draw is disputed, or the store is away."""


class Sender:
    """Sends posts; `public_url` is the address of our site."""

    def __init__(
        self,
        ledger: Ledger,
        store: Store,
        lotteries: Mapping[str, Lottery],
        clock: Callable[[], datetime],
        public_url: str,
    ) -> None:
        self._ledger = ledger
        self._store = store
        self._lotteries = lotteries
        self.sheets = Sheets(ledger, store, lotteries)
        self._clock = clock
        self._public_url = public_url
        self._pauses: dict[str, datetime] = {}
        """Until when each account's network wants to be left alone."""

    def pauses(self, account: Account) -> bool:
        """Whether the account's network wants to be left alone still."""
        until = self._pauses.get(account.name)
        return until is not None and self._clock() < until

    def _heed(self, account: Account, error: TryLater) -> None:
        """Leaves the account's network alone for as long as it asks: other posts would fare no better than this one."""
        if isinstance(error, SlowDown):
            self._pauses[account.name] = self._clock() + timedelta(seconds=error.seconds)

    async def digest(self, account: Account, found: Gathered, board: Sequence[Card], fence: int) -> None:
        """Sends all that goes out together as one post with these pictures; it stands in the ledger before the network
        is called."""
        text = composing.digest(account, self._lotteries, found, self._public_url)
        shown = [Shown(card, composing.card_url(self._store, self._public_url, card)) for card in board]
        carrier, *others = found.posts
        digest = await sending.fold(self._ledger, carrier, others, text, shown, fence, self._clock())
        if digest is None:
            return
        try:
            sheet = await self.sheets.of(account, digest)
        except StoreError as error:
            await self._put_back(digest, fence, "planned", str(error), WAIT)
        else:
            await self._call(account, digest, sheet, None, fence)

    async def send(self, account: Account, post: Post, fence: int) -> None:
        """Takes one post a step further; every way out of here is a state in the ledger."""
        bound = _line(post)
        try:
            sheet = await self.sheets.of(account, post)
        except StoreError as error:
            bound.warning("the store is away, the post waits", why=str(error))
            await self._put_back(post, fence, post.state, str(error), WAIT)
            return
        if post.state == "unknown" and not await self._settled(account, post, sheet, fence):
            return
        if not await self._still_true(account, post, fence):
            return
        async with self._ledger.reading() as conn:
            before = await self.sheets.before(conn, post)
            if not await accounts.hold(conn, account.name, fence, self._clock() + LEASE):
                return
        if await self._write(lambda conn: sending.begin(conn, post, fence, self._clock())):
            await self._call(account, post, sheet, before, fence)

    async def _still_true(self, account: Account, post: Post, fence: int) -> bool:
        """Whether every draw that the post tells stands as it tells it; else the post goes another way."""
        async with self._ledger.reading() as conn:
            told = await sending.told(conn, post)
            answered = await posts.of(conn, post.answers) if post.answers is not None else None
        corrected = any(draw.revision > revision for revision, draw in told)
        disputed = next((draw for _, draw in told if draw.status is Status.HELD), None)
        void = any(draw.status is Status.VOID for _, draw in told)
        if void and not corrected and answered is not None and answered.state == "failed":
            await self._put_back(post, fence, "failed", "The post that it is about never went out.", timedelta())
            return False
        if not corrected and disputed is None:
            return True
        if post.tells == 1:
            if corrected:
                note = "It was corrected before it surely went out."
                await self._put_back(post, fence, "failed", note, timedelta())
            elif disputed is not None:
                note = f"The draw is {disputed.status}: {disputed.reason}"
                await self._put_back(post, fence, post.state, note, WAIT)
        elif post.state == "unknown" and account.network.guard is Guard.KEY:
            note = "This digest may have gone out, and a draw in it stands otherwise by now: a person must look."
            await self._put_back(post, fence, "held", note, timedelta())
        else:
            await self._put_back(post, fence, "planned", "A draw of this digest stands otherwise by now.", timedelta())
        return False

    async def _moved(self, post: Post) -> bool:
        """Whether a draw of that post stands at a later revision by now."""
        async with self._ledger.reading() as conn:
            return any(draw.revision > revision for revision, draw in await sending.told(conn, post))

    async def _call(self, account: Account, post: Post, sheet: Sheet, before: Post | None, fence: int) -> None:
        """Calls the network with a post that is marked as sending, and writes what came of it."""
        network = account.network
        bound = _line(post)
        doubt = max(SETTLE, timedelta(seconds=network.lag))
        try:
            async with asyncio.timeout(PATIENCE):
                if post.kind == "remove":
                    posted = await _removed(network, before, sheet)
                elif before is None or before.remote_id is None:
                    posted = await network.post(sheet)
                elif post.kind == "edit" and not before.in_digest:
                    posted = await network.edit(before.remote_id, sheet)
                else:
                    posted = await network.follow_up(before.remote_id, sheet)
        except TryLater as error:
            self._heed(account, error)
            wait = min(timedelta(seconds=2.0 ** min(post.attempts, 30)), LONGEST_WAIT)
            await self._put_back(post, fence, "planned", str(error), max(wait, timedelta(seconds=error.seconds)))
        except Barred as error:
            await self._barred(account, post, fence, "planned", str(error))
        except Refused as error:
            await self._put_back(post, fence, "failed", str(error), timedelta())
        except (Unknown, TimeoutError) as error:
            await self._put_back(post, fence, "unknown", str(error) or "The network did not answer.", doubt)
        except Exception as error:  # noqa: BLE001 - a network of a plugin may do anything; nothing may be lost by it
            bound.exception("network broke its contract")
            await self._put_back(post, fence, "unknown", f"{type(error).__name__}: {error}", doubt)
        else:
            await self._stands(post, fence, posted)

    async def _settled(self, account: Account, post: Post, sheet: Sheet, fence: int) -> bool:
        """Settles a post in doubt: True when it may safely be sent, since it surely is not there or a key guards it."""
        network = account.network
        if post.kind == "remove":
            return True  # what is gone already counts as taken away
        # What must not be said any more is not said to learn whether it was; it is looked for.
        moved = post.tells == 1 and await self._moved(post)
        if moved and network.guard is Guard.KEY and not network.looks:
            note = "It may have gone out, and its draw stands otherwise by now: a person must look."
            await self._put_back(post, fence, "held", note, timedelta())
            return False
        # In doubt though this ledger never tried it: another life of it may have, a restore ago, under another key.
        ours = post.attempts > 0
        known = ours and (network.remembers is None or self._clock() - post.planned_at < network.remembers)
        if network.guard is Guard.KEY and not moved and (known or not (network.looks or network.ours_alone)):
            return True
        if network.guard is Guard.NONE or (network.ours_alone and not ours):
            await self._put_back(post, fence, "held", "It may have gone out: a person must look.", timedelta())
            return False
        try:
            async with asyncio.timeout(PATIENCE):
                found = await network.find(sheet)
        except (TryLater, Unknown, TimeoutError) as error:
            if isinstance(error, TryLater):
                self._heed(account, error)
            await self._put_back(post, fence, "unknown", str(error) or "Looking back took too long.", SETTLE)
            return False
        except Barred as error:
            await self._barred(account, post, fence, "unknown", str(error))
            return False
        except Refused as error:
            await self._put_back(post, fence, "held", str(error), timedelta())
            return False
        except Exception as error:  # noqa: BLE001 - as above
            _line(post).exception("network broke its contract")
            await self._put_back(post, fence, "unknown", f"{type(error).__name__}: {error}", SETTLE)
            return False
        if found is not None:
            await self._stands(post, fence, found)
            return False
        return True

    async def _barred(self, account: Account, post: Post, fence: int, state: posts.State, why: str) -> None:
        """Puts the account to rest, so that one sentence is said once and every post waits until it is heard."""
        await self._put_back(post, fence, state, why, WAIT)
        async with self._ledger.reading() as conn:
            await accounts.rest(conn, account.name, account.network.name, why)
        log.error("account rests", account=account.name, why=why)

    async def _stands(self, post: Post, fence: int, posted: Posted) -> None:
        now = self._clock()
        if await self._write(lambda conn: sending.sent(conn, post, fence, posted.remote_id, posted.url, now)):
            _line(post).info("posted", url=posted.url)
        else:
            _line(post).warning("posted, and another had settled it meanwhile", url=posted.url)

    async def _put_back(self, post: Post, fence: int, state: posts.State, note: str, wait: timedelta) -> None:
        due_at = self._clock() + wait
        if post.tells > 1 and state == "planned":
            kept = await self._write(lambda conn: sending.unfold(conn, post, fence, note, due_at))
        else:
            kept = await self._write(lambda conn: sending.put_back(conn, post, fence, state, note, due_at))
        if kept and state != "planned":
            _line(post).warning("not posted", state=state, why=note)
        else:
            _line(post).info("put off" if kept else "left to who settled it meanwhile", why=note)

    async def _write(self, write: Callable[[Connection], Awaitable[bool]]) -> bool:
        """Writes how it stands with a post."""

        async def written() -> bool:
            async with self._ledger.reading() as conn:
                return await write(conn)

        return await surely(written, "posts")


async def _removed(network: Network, before: Post | None, sheet: Sheet) -> Posted:
    if before is None or before.remote_id is None:
        raise Refused("Where that post stands is not known here: a person must take it down.")
    return await network.remove(before.remote_id, sheet)


def _line(post: Post) -> FilteringBoundLogger:
    """A log line about that post; a digest's tells how many results it tells."""
    event_id = str(post.event_id) if post.event_id else None
    tells = post.tells if post.tells > 1 else None
    return log.bind(
        event_id=event_id, draw=str(post.key), account=post.account, kind=post.kind, post=str(post.id), tells=tells
    )
