"""Posts, as the API answers them."""

import datetime as dt
from dataclasses import dataclass

from lotto.draws.draw import DrawKey
from lotto.web.answers.lottery import Name


@dataclass(frozen=True, kw_only=True)
class PostAnswer:
    """What was published to a network."""

    account: str
    network: str
    lottery: Name
    date: dt.date
    label: str
    revision: int
    kind: str
    state: str
    url: str | None
    text: str
    image: str | None
    alt: str
    sent_at: dt.datetime | None
    tells: int = 1

    @property
    def key(self) -> DrawKey:
        """Names the draw it tells."""
        return DrawKey(self.lottery, self.date, self.label)
