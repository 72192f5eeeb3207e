"""Mail: a notice as a letter to a mailbox."""

from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from lotto.alerts.notice import Notice
from lotto.alerts.target import NotDelivered
from lotto.door import Door
from lotto.mail import NotTaken, Server


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
        try:
            await self.server.hand_in(self.door, self.letter(notice), self.sender, self.to)
        except NotTaken as error:
            raise NotDelivered(str(error)) from error.__cause__

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
