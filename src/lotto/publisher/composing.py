"""Composing: what an account says of a draw, or of several at once, in its language and within its network's limit."""

from collections.abc import Mapping

import structlog
from structlog.typing import FilteringBoundLogger

from lotto.draws.draw import Draw
from lotto.draws.lottery import Lottery
from lotto.paths import draw_path
from lotto.publisher import wording
from lotto.publisher.accounts import Account
from lotto.publisher.gathering import Gathered
from lotto.publisher.template import BadTemplate
from lotto.publisher.timing import Complete, Daily

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


def digest(account: Account, lotteries: Mapping[str, Lottery], found: Gathered, site: str) -> str:
    """What it says of all that goes out together, and of what is missing among it."""
    network = account.network
    kind: wording.Kind = "late"
    if isinstance(account.when, Complete):
        kind = "day"
    elif isinstance(account.when, Daily):
        kind = "daily"
    return wording.digest(
        lotteries,
        found.draws,
        account.lang,
        f"{site}/{account.lang}/",
        network.longest,
        network.length,
        kind=kind,
        day=found.day,
        missing=found.missing,
    )
