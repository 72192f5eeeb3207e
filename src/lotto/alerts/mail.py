"""Mail: a notice as a letter, handed to a mail server through the door."""

import asyncio
import re
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from lotto.alerts.notice import Notice, clean
from lotto.alerts.target import BadTarget, NotDelivered
from lotto.door import Door, DoorError
from lotto.webhooks.address import is_near

PATIENCE = 30.0
"""Seconds for the whole of handing it in."""

_PORTS = {"smtp": 587, "smtps": 465}
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?", re.ASCII
)


@dataclass(frozen=True)
class Server:
    """Where mail is handed in. Passwords go over TLS alone."""

    host: str
    port: int
    user: str = field(repr=False)
    password: str = field(repr=False)
    tls: bool
    """From the first byte on; else it is begun with STARTTLS."""

    @property
    def plain(self) -> bool:
        """Whether a letter may go there in the clear: to a server of ours that wants no password."""
        return is_near(self.host) and not self.user

    @classmethod
    def read(cls, url: str) -> "Server":
        """Reads `smtps://user:password@host:465` or `smtp://host:587`; raises BadTarget."""
        wrong = BadTarget("it is written like smtps://user:password@mail.example:465 or smtp://localhost:25")
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise wrong from None
        if parts.scheme not in _PORTS or not host or parts.path not in ("", "/") or parts.query or parts.fragment:
            raise wrong
        if (parts.username is None) != (parts.password is None):
            raise wrong
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(host, port or _PORTS[parts.scheme], user, password, parts.scheme == "smtps")


@dataclass(frozen=True)
class Mail:
    """The mailbox `to`."""

    to: str
    sender: str
    server: Server
    door: Door = field(repr=False)

    @property
    def name(self) -> str:
        """The mailbox."""
        return f"mail {self.to}"

    async def bring(self, notice: Notice) -> None:
        """Hands it to the server; it has arrived when the server has taken it."""
        letter = self.letter(notice)
        server = self.server
        try:
            async with asyncio.timeout(PATIENCE):
                plug, trusted = await self.door.plug(server.host, server.port)
                client = SMTP(
                    hostname=server.host,
                    sock=plug,
                    use_tls=server.tls,
                    start_tls=not server.tls and not server.plain,
                    tls_context=trusted,
                    username=server.user or None,
                    password=server.password or None,
                    local_hostname=self.sender.rsplit("@", 1)[1],
                    timeout=PATIENCE,
                )
                async with client:  # the plug is closed by it, however it ends
                    await client.send_message(letter, sender=self.sender, recipients=[self.to])
        except DoorError as error:
            raise NotDelivered(str(error)) from error
        except SMTPResponseException as error:
            raise NotDelivered(f"{server.host} answered {error.code}: {clean(self._unsaid(error.message))}") from error
        except TimeoutError as error:
            raise NotDelivered(f"{server.host} did not take it in {PATIENCE:g} s.") from error
        except (SMTPException, OSError) as error:
            why = clean(self._unsaid(str(error))).rstrip(".") or "the connection broke"
            raise NotDelivered(f"{server.host} did not take it ({why}).") from error

    def letter(self, notice: Notice) -> EmailMessage:
        """The letter; sent again, it has the same Message-ID."""
        letter = EmailMessage()
        letter["From"] = Address("Lotto", addr_spec=self.sender)
        letter["To"] = self.to
        letter["Subject"] = notice.subject()
        letter["Date"] = format_datetime(notice.made_at)
        letter["Message-ID"] = f"<{notice.id}@{self.sender.rsplit('@', 1)[1]}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(notice.text())
        return letter

    def _unsaid(self, text: str) -> str:
        """What a server said, without the credentials should it repeat them."""
        for secret in filter(None, (self.server.password, self.server.user)):
            text = text.replace(secret, "…")
        return text


def mailbox(text: str) -> str:
    """A plain address of a mailbox; raises BadTarget."""
    if _ADDRESS.fullmatch(text) is None or ".." in text:
        raise BadTarget("a mailbox is written like ops@example.org")
    try:
        Address(addr_spec=text)
    except (ValueError, IndexError, MessageError):
        raise BadTarget("a mailbox is written like ops@example.org") from None
    return text
