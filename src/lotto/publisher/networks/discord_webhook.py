"""Discord by a channel's webhook: no bot is needed, but nothing can be looked for; what is in doubt waits for a person.

Source: Discord API v10, “Execute Webhook”, “Edit Webhook Message”.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar
from urllib.parse import urlsplit

from lotto.door import Door
from lotto.publisher.asking import Api
from lotto.publisher.dialects.discord import CAROUSEL, message, objection
from lotto.publisher.networks.network import AtServer, Guard, Images, Network, Outside, Posted, Refused, Sheet
from lotto.publisher.timing import Rate


class DiscordWebhookFacts(AtServer, kw_only=True):
    """`server` is another one than Discord's for practice."""

    server: str = "https://discord.com"

    def open(self, name: str, secrets: Mapping[str, str], outside: Outside) -> "DiscordWebhook":
        return DiscordWebhook(self.server, secrets["webhook"], outside.door)


class DiscordWebhook(Network):
    """A channel's webhook; its address is the secret."""

    guard = Guard.NONE
    rates = (Rate(5, timedelta(seconds=2)), Rate(30, timedelta(minutes=1)))
    """As Discord's headers tell for a webhook: docs.discord.com, “Rate Limits”, publishes no number, since it may
    change; a 429 tells what holds then."""
    longest = 2_000
    images = Images(bytes=10_000_000)
    carousel = CAROUSEL
    alt_text = True
    credentials: ClassVar[Mapping[str, str]] = {
        "webhook": "The webhook's address, https://discord.com/api/webhooks/… (channel settings, Integrations)."
    }
    edits = True
    facts = DiscordWebhookFacts

    def __init__(self, server: str, webhook: str, door: Door) -> None:
        self._api = Api(door, server, {}, objection, (webhook, webhook.rpartition("/")[2]))
        self._webhook = webhook

    async def check(self) -> str:
        told = await self._api.get(self._path())
        return f"The webhook {told['name']} posts in the channel {told['channel_id']}."

    async def post(self, sheet: Sheet) -> Posted:
        return self._posted(await self._api.call("POST", self._path(), message(sheet, {}), query={"wait": "true"}))

    async def follow_up(self, remote_id: str, sheet: Sheet) -> Posted:
        """A message of its own: a webhook answers no message."""
        return await self.post(sheet)

    async def edit(self, remote_id: str, sheet: Sheet) -> Posted:
        """The new picture takes the old one's place."""
        body = message(sheet, {"attachments": []})
        return self._posted(await self._api.call("PATCH", f"{self._path()}/messages/{remote_id}", body, harmless=True))

    async def remove(self, remote_id: str, sheet: Sheet) -> Posted:
        await self._api.delete(f"{self._path()}/messages/{remote_id}")
        return Posted(remote_id)

    def _path(self) -> str:
        """Where the webhook stands at the server; raises Refused for what is no webhook of Discord's."""
        _, _, rest = urlsplit(self._webhook).path.partition("/webhooks/")
        number, _, token = rest.partition("/")
        if not number.isdigit() or not token or "/" in token:
            raise Refused("This is no webhook of Discord's; its address ends in /api/webhooks/, a number and a token.")
        return f"api/v10/webhooks/{number}/{token}"

    def _posted(self, told: Mapping[str, str]) -> Posted:
        return Posted(told["id"])
