"""The pace of an account: never faster than its network's published limits, nor than the account's own."""

from datetime import datetime

from lotto.ledger import sending
from lotto.ledger.connection import Connection
from lotto.publisher import timing
from lotto.publisher.accounts import Account


async def is_free(conn: Connection, account: Account, now: datetime) -> bool:
    """Whether the account may call its network with a post now."""
    rates = account.rates
    if not rates:
        return True
    since = now - max(one.span for one in rates)
    told = await sending.begun(conn, account.name, since, max(one.most for one in rates))
    return timing.free_at(rates, told, now) <= now
