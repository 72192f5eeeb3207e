"""E-mail: a newsletter, one letter to each who asked for it and confirmed that.

A letter whose answer was lost is not sent again: who misses one finds the result on the site, and who gets two
unsubscribes.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from typing import ClassVar

from lotto.mail import BadMail, InDoubt, Nobody, NoEntry, NotTaken, Server, mailbox
from lotto.publisher import letter
from lotto.publisher.dialects.subscribed import Gone, Receiver, Subscribed
from lotto.publisher.networks.network import Barred, Facts, Images, Outside, Refused, Sheet, TryLater, Unknown

BREATH = 60.0
"""Seconds before a server is asked again that did not take a letter for now."""


class EmailFacts(Facts, kw_only=True):
    """`sender` is the mailbox that letters come from, `title` the name beside it."""

    sender: str
    title: str = "Lotto"

    def faults(self) -> Iterator[tuple[str, str]]:
        try:
            mailbox(self.sender)
        except BadMail as error:
            yield "sender", f"“{self.sender}” cannot be the sender: {error}."
        if not self.title.isprintable():
            yield "title", "The title is one line of text."

    def open(self, name: str, secrets: Mapping[str, str], outside: Outside) -> "Email":
        return Email(Address(self.title, addr_spec=self.sender), self.lang, secrets["smtp_url"], outside)


class Email(Subscribed):
    """A newsletter."""

    ours_alone = True
    longest = 20_000
    images = Images(bytes=1_000_000, media=frozenset({"image/png", "image/jpeg"}))
    alt_text = True
    credentials: ClassVar[Mapping[str, str]] = {
        "smtp_url": "The mail server that takes the letters: smtps://user:password@mail.example:465 or smtp://….",
    }
    facts = EmailFacts

    def __init__(self, sender: Address, lang: str, smtp: str, outside: Outside) -> None:
        super().__init__(outside.readers)
        self._sender = sender
        self._lang = lang
        self._smtp = smtp
        self._outside = outside

    async def check(self) -> str:
        """Sees that the mail server lets us in."""
        server = self._server()
        try:
            await server.greet(self._outside.door, self._sender.addr_spec)
        except NoEntry as error:
            raise Barred(str(error)) from error
        except NotTaken as error:
            raise (Refused(str(error)) if error.lasting else TryLater(str(error), BREATH)) from error
        return f"{server.host} takes letters from {self._sender.addr_spec}."

    async def deliver(self, receiver: Receiver, sheet: Sheet) -> None:
        await self._hand_in(receiver, letter.result(self._sender, self._outside.site, receiver, sheet, self._lang))

    async def invite(self, receiver: Receiver, now: datetime) -> None:
        """Sends the letter that asks whether it was he who subscribed; raises as `deliver` does."""
        await self._hand_in(receiver, letter.confirmation(self._sender, self._outside.site, receiver, now))

    async def _hand_in(self, receiver: Receiver, written: EmailMessage) -> None:
        try:
            await self._server().hand_in(self._outside.door, written, self._sender.addr_spec, receiver.address["email"])
        except InDoubt as error:
            raise Unknown(str(error)) from error
        except NoEntry as error:
            raise Barred(str(error)) from error
        except Nobody as error:
            raise Gone(str(error)) from error
        except NotTaken as error:
            raise (Refused(str(error)) if error.lasting else TryLater(str(error), BREATH)) from error

    def _server(self) -> Server:
        try:
            return Server.read(self._smtp)
        except BadMail as error:
            raise Refused(f"The smtp_url cannot be used: {error}.") from None
