"""Our accounts: which network each is at, and which draws it posts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from lotto.draws.draw import Draw, Status
from lotto.publisher.networks.network import Network


@dataclass(frozen=True)
class Account:
    """An account and its routing; `lotteries` empty means every one."""

    name: str
    network: Network
    lang: str = "en"
    format: str = "og"
    lotteries: Collection[str] = ()
    statuses: Collection[Status] = (Status.PROVISIONAL, Status.CONFIRMED)
    age_limit: timedelta | None = None
    """How long after it was decided a result is still worth a post of its own; several older ones go out as one
    digest. None: each is posted, however late."""
    lacks: str = ""
    """What somebody must do before it can post, a sentence; its posts wait meanwhile. Empty when it can."""

    def wants(self, draw: Draw) -> bool:
        """Whether this account is to tell of that draw."""
        return draw.status in self.statuses and (not self.lotteries or draw.key.lottery in self.lotteries)
