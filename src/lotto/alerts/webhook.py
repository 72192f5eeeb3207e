"""A webhook: a notice as JSON, signed as Standard Webhooks says."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from lotto.alerts.notice import Notice
from lotto.alerts.target import BadTarget, NotDelivered, Unwanted
from lotto.door import Door
from lotto.webhooks import address
from lotto.webhooks.post import Gone, NotTaken, post


@dataclass(frozen=True)
class Webhook:
    """The webhook at `url`, which may hold a secret and is told to nobody."""

    url: str = field(repr=False)
    key: bytes = field(repr=False)
    door: Door = field(repr=False)
    clock: Callable[[], datetime] = field(repr=False)

    @classmethod
    def read(cls, url: str, key: bytes, door: Door, clock: Callable[[], datetime]) -> "Webhook":
        """The webhook at that address; raises BadTarget."""
        try:
            return cls(address.of_ours(url), key, door, clock)
        except address.BadAddress as error:
            raise BadTarget(str(error)) from None

    @property
    def name(self) -> str:
        """Host and a mark of the whole address, which is not told."""
        return f"webhook {address.host_of(self.url)} #{sha256(self.url.encode()).hexdigest()[:8]}"

    async def bring(self, notice: Notice) -> None:
        """Posts it; anything but a 2xx is not delivered."""
        body = json.dumps(notice.body(), ensure_ascii=False, separators=(",", ":")).encode()
        try:
            await post(self.door, self.url, [self.key], f"msg_{notice.id.hex}", self.clock(), body)
        except Gone as error:
            raise Unwanted(str(error)) from error
        except NotTaken as error:
            raise NotDelivered(str(error), error.wait) from error
