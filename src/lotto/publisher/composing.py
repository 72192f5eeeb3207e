"""Composing: what an account says of a draw, or of several at once, in its language and within its network's limit."""

from collections.abc import Mapping
from urllib.parse import urljoin

import structlog
from structlog.typing import FilteringBoundLogger

from lotto.draws.draw import Draw
from lotto.draws.lottery import Lottery
from lotto.events import Card
from lotto.paths import draw_path
from lotto.publisher import wording
from lotto.publisher.accounts import Account
from lotto.publisher.gathering import Gathered
from lotto.publisher.template import BadTemplate
from lotto.publisher.timing import Complete, Daily
from lotto.store import Store

log: FilteringBoundLogger = structlog.get_logger()


def text(account: Account, lottery: Lottery, draw: Draw, site: str) -> str:
    """What it says of that draw: by its template, or in our words where it has none or that cannot be used here.

    Raises ValueError when the network has no room for the numbers.
    """
    network, link = account.network, f"{site}/{account.lang}/{draw_path(draw.key)}"
    if account.template is not None:
        opening = wording.opening(account.lang, draw)
        try:
            return account.template.text(lottery, draw, account.lang, link, network.longest, network.length, opening)
        except BadTemplate as error:
            log.error("template not used", account=account.name, draw=str(draw.key), why=str(error))
    return wording.text(lottery, draw, account.lang, link, network.longest, network.length)


def card_url(store: Store, site: str, card: Card) -> str:
    """Where the world sees the card: at the store's public address, or at ours."""
    return urljoin(f"{site}/", store.public_url(card.key))


def title(account: Account, found: Gathered) -> str:
    """What all that goes out together is, in a line."""
    return wording.title(account.lang, _kind(account), len(found.draws), found.day)


def digest(account: Account, lotteries: Mapping[str, Lottery], found: Gathered, site: str) -> str:
    """What it says of all that goes out together, and of what is missing among it."""
    network = account.network
    return wording.digest(
        lotteries,
        found.draws,
        account.lang,
        f"{site}/{account.lang}/",
        network.longest,
        network.length,
        kind=_kind(account),
        day=found.day,
        missing=found.missing,
    )


def _kind(account: Account) -> wording.Kind:
    match account.when:
        case Complete():
            return "day"
        case Daily():
            return "daily"
    return "late"
