"""Mail: a letter is handed to a mail server through the door, and what became of it is sure or in doubt."""

import asyncio
import re
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from urllib.parse import unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from lotto.door import Door, DoorError
from lotto.sentence import clean
from lotto.webhooks.address import is_near

PATIENCE = 25.0
"""Seconds for the whole of handing it in."""

_PORTS = {"smtp": 587, "smtps": 465}
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?", re.ASCII
)


class BadMail(ValueError):
    """A mail server or a mailbox cannot be so; the message completes a sentence, without a secret."""


class NotTaken(Exception):
    """The server surely did not take it; a sentence without a secret. `lasting`: nor will it take it later."""

    def __init__(self, words: str, *, lasting: bool = False) -> None:
        super().__init__(words)
        self.lasting = lasting


class NoEntry(NotTaken):
    """The server does not let us in, or not as that sender: no letter of ours is taken until a person sees to it."""


class Nobody(NotTaken):
    """The server says of that mailbox that it is none."""


class InDoubt(NotTaken):
    """The server may have taken it: the connection broke, or time was up, before it said so."""


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
        """Reads `smtps://user:password@host:465` or `smtp://host:587`; raises BadMail."""
        wrong = BadMail("it is written like smtps://user:password@mail.example:465 or smtp://localhost:25")
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

    async def hand_in(self, door: Door, letter: EmailMessage, sender: str, to: str) -> None:
        """Hands the letter in for that mailbox; it has arrived when the server has taken it. Raises NotTaken."""
        said = False
        try:
            async with asyncio.timeout(PATIENCE):
                async with await self._client(door, sender) as client:  # the plug is closed by it, however it ends
                    await client.mail(sender)
                    await client.rcpt(to)
                    said = True
                    await client.data(letter.as_bytes(policy=WIRE))
        except Exception as error:
            raise self._missed(error, said) from error

    async def greet(self, door: Door, sender: str) -> None:
        """Sees that the server lets us in, and hands in nothing. Raises NotTaken."""
        try:
            async with asyncio.timeout(PATIENCE):
                async with await self._client(door, sender):
                    return
        except Exception as error:
            raise self._missed(error, said=False) from error

    async def _client(self, door: Door, sender: str) -> SMTP:
        plug, trusted = await door.plug(self.host, self.port)
        return SMTP(
            hostname=self.host,
            sock=plug,
            use_tls=self.tls,
            start_tls=not self.tls and not self.plain,
            tls_context=trusted,
            username=self.user or None,
            password=self.password or None,
            local_hostname=sender.rsplit("@", 1)[1],
            timeout=PATIENCE,
        )

    def _missed(self, error: Exception, said: bool) -> Exception:
        """What went wrong, as NotTaken; an error of ours as it is. A refusal is sure, whenever it comes."""
        if isinstance(error, DoorError):
            return NotTaken(str(error))
        if isinstance(error, SMTPResponseException):
            words = f"{self.host} answered {error.code}: {clean(self._unsaid(error.message))}"
            lasting = error.code >= 500
            if lasting and isinstance(error, SMTPAuthenticationError | SMTPSenderRefused):
                return NoEntry(words, lasting=True)
            # With 5.7 a server tells what it thinks of us, and not of the mailbox (RFC 3463).
            if lasting and isinstance(error, SMTPRecipientRefused) and not error.message.startswith("5.7."):
                return Nobody(words, lasting=True)
            return NotTaken(words, lasting=lasting)
        kind = InDoubt if said else NotTaken
        if isinstance(error, TimeoutError):
            return kind(f"{self.host} did not take it in {PATIENCE:g} s.")
        if isinstance(error, SMTPException | OSError):
            why = clean(self._unsaid(str(error))).rstrip(".") or "the connection broke"
            return kind(f"{self.host} did not take it ({why}).")
        return error

    def _unsaid(self, text: str) -> str:
        """What a server said, without the credentials should it repeat them."""
        for secret in filter(None, (self.password, self.user)):
            text = text.replace(secret, "…")
        return text


def mailbox(text: str) -> str:
    """A plain address of a mailbox; raises BadMail."""
    wrong = BadMail("a mailbox is written like ops@example.org")
    if _ADDRESS.fullmatch(text) is None or ".." in text:
        raise wrong
    try:
        Address(addr_spec=text)
    except (ValueError, IndexError, MessageError):
        raise wrong from None
    return text
