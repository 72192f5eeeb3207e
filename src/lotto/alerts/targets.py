"""The targets that the operator names, read once at the start."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from lotto.alerts.mail import Mail
from lotto.alerts.target import BadTarget, Target
from lotto.alerts.webhook import Webhook
from lotto.door import Door
from lotto.mail import Server, mailbox
from lotto.webhooks import signature

T = TypeVar("T")


def read(
    entries: Sequence[str],
    door: Door,
    clock: Callable[[], datetime],
    *,
    secret: str | None = None,
    smtp: str | None = None,
    sender: str | None = None,
) -> list[Target]:
    """A target for each entry, `https://…` or `mailto:…`; raises BadTarget with a whole sentence and no secret."""
    found: list[Target] = []
    for place, entry in enumerate(dict.fromkeys(entries), 1):
        scheme, _, rest = entry.partition(":")
        if scheme == "mailto":
            if smtp is None:
                raise BadTarget("LOTTO_SMTP_URL is not set, and LOTTO_ALERTS names a mailbox: say where mail goes out.")
            server = _of("LOTTO_SMTP_URL", Server.read, smtp)
            from_ = sender or server.user
            if "@" not in from_:
                raise BadTarget("LOTTO_ALERTS_FROM is not set: say from whom the mail is, like lotto@example.org.")
            from_ = _of("LOTTO_ALERTS_FROM", mailbox, from_)
            found.append(Mail(_of(f"Entry {place} of LOTTO_ALERTS", mailbox, rest), from_, server, door))
        elif scheme in ("http", "https"):
            if secret is None:
                raise BadTarget(
                    "LOTTO_ALERTS_SECRET is not set, and LOTTO_ALERTS names a webhook, which is signed: make one with "
                    f'`echo "{signature.PREFIX}$(openssl rand -base64 32)"`.'
                )
            key = _of("LOTTO_ALERTS_SECRET", signature.key, secret)
            try:
                found.append(Webhook.read(entry, key, door, clock))
            except BadTarget as error:
                raise BadTarget(f"Entry {place} of LOTTO_ALERTS cannot be used: {error}.") from None
        else:
            raise BadTarget(f"Entry {place} of LOTTO_ALERTS is neither https://… nor mailto:….")
    return found


def _of(name: str, read: Callable[[str], T], text: str) -> T:
    try:
        return read(text)
    except ValueError as error:
        raise BadTarget(f"{name} cannot be used: {error}.") from None
