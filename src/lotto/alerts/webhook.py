"""A webhook: a notice as JSON, signed as Standard Webhooks says."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

from lotto.alerts import signature
from lotto.alerts.notice import Notice
from lotto.alerts.target import BadTarget, NotDelivered, Unwanted, is_near
from lotto.door import Door, DoorError, Limits

LIMITS = Limits(connect=5.0, read=15.0, total=20.0, body=64 * 1024, cut=True)
"""What a webhook answers is not read beyond the status."""

GONE = 410


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
            parts = urlsplit(url)
            host = parts.hostname
            _ = parts.port
        except ValueError:
            host = None
        if not host or "@" in parts.netloc or parts.fragment:
            raise BadTarget("the address of a webhook is written like https://host/path, without user and fragment")
        if parts.scheme != "https" and not is_near(host):
            raise BadTarget(f"the webhook at {host} is not https, and the way there is the internet")
        return cls(url, key, door, clock)

    @property
    def name(self) -> str:
        """Host and a mark of the whole address, which is not told."""
        return f"webhook {urlsplit(self.url).hostname} #{sha256(self.url.encode()).hexdigest()[:8]}"

    async def bring(self, notice: Notice) -> None:
        """Posts it; anything but a 2xx is not delivered."""
        body = json.dumps(notice.body(), ensure_ascii=False, separators=(",", ":")).encode()
        headers = signature.headers(self.key, f"msg_{notice.id.hex}", self.clock(), body)
        try:
            answer = await self.door.send(
                "POST",
                self.url,
                headers={"Content-Type": "application/json", **headers},
                content=body,
                limits=LIMITS,
            )
        except DoorError as error:
            raise NotDelivered(str(error)) from error
        if answer.status == GONE:
            raise Unwanted(f"It answered {GONE}: nobody is there any more.")
        if not 200 <= answer.status < 300:
            raise NotDelivered(f"It answered {answer.status}.", answer.retry_after)
