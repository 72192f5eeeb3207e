"""Our accounts: which network each is at, which draws it posts, in which words, and when."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from lotto.draws.draw import Draw, Status
from lotto.publisher.networks.network import Network
from lotto.publisher.template import Template
from lotto.publisher.timing import Complete, Daily, Quiet, Rate


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
    minimum_jackpot: Mapping[str, Decimal] = field(default_factory=dict)
    """By currency, in its main unit: what a jackpot must be at the least. Empty: any, also one that nobody tells."""
    look: str = ""
    """Of the card it shows; empty for the site's."""
    template: Template | None = None
    """Its words; None for ours."""
    when: Daily | Complete | None = None
    """None: at once."""
    quiet: Quiet | None = None
    rate: Rate | None = None
    """Its own, in the place of those of its network."""
    title: str = ""
    """What the pictures of its digests are headed with; empty for what its words say."""

    @property
    def rates(self) -> Sequence[Rate]:
        """All that it keeps to."""
        return [self.rate] if self.rate else self.network.rates

    def follows(self, draw: Draw) -> bool:
        """Whether this account tells how it stands with that draw, once it has told it."""
        return draw.status in self.statuses and (not self.lotteries or draw.key.lottery in self.lotteries)

    def wants(self, draw: Draw) -> bool:
        """Whether this account is to tell that draw at all."""
        return self.follows(draw) and self._is_large(draw)

    def _is_large(self, draw: Draw) -> bool:
        if not self.minimum_jackpot:
            return True
        least = self.minimum_jackpot.get(draw.jackpot.currency) if draw.jackpot else None
        return draw.jackpot is not None and least is not None and draw.jackpot.amount >= least
