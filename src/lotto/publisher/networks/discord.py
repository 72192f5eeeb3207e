"""Discord by a bot: a message in a channel, with a nonce, and looked for before it is sent again.

Discord drops a second message of the same nonce for some minutes (`enforce_nonce`); what is in doubt is looked for in
the channel first, so the minutes do not matter.
Source: Discord API v10, “Create Message”, “Get Channel Messages”, “Rate Limits”.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from lotto.door import Door
from lotto.publisher.asking import Api
from lotto.publisher.dialects.discord import CAROUSEL, message, objection
from lotto.publisher.networks.network import (
    AtServer,
    Guard,
    Images,
    Network,
    OutOfSight,
    Outside,
    Posted,
    Sheet,
)
from lotto.publisher.timing import Rate

PAGES = 20
"""Pages of a hundred messages that are looked through for a post, at the most."""


class DiscordFacts(AtServer, kw_only=True):
    """`channel` is the channel's id, a number; `server` another one than Discord's for practice."""

    channel: str
    server: str = "https://discord.com"

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from super().faults()
        if not self.channel.isdigit():
            yield (
                "channel",
                f"“{self.channel}” is not a channel's id; it is a number (Developer Mode, Copy Channel ID).",
            )

    def open(self, name: str, secrets: Mapping[str, str], outside: Outside) -> "Discord":
        return Discord(self.server, self.channel, secrets["bot_token"], outside.door)


class Discord(Network):
    """A channel in which a bot of ours may write and read the history."""

    guard = Guard.LOOK_BACK
    rates = (Rate(5, timedelta(seconds=5)),)
    """As Discord's headers tell for a channel: docs.discord.com, “Rate Limits”, publishes no number, since it may
    change; a 429 tells what holds then."""
    lag = 10.0
    longest = 2_000
    images = Images(bytes=10_000_000)
    carousel = CAROUSEL
    alt_text = True
    credentials: ClassVar[Mapping[str, str]] = {
        "bot_token": "The bot's token (Developer Portal, Bot, Reset Token); it may view the channel, send messages, "
        "attach files and read the message history."
    }
    edits = True
    facts = DiscordFacts

    def __init__(self, server: str, channel: str, token: str, door: Door) -> None:
        self._channel = channel
        self._api = Api(door, f"{server.rstrip('/')}/api/v10", {"Authorization": f"Bot {token}"}, objection, (token,))

    async def check(self) -> str:
        me = await self._api.get("users/@me")
        channel = await self._api.get(f"channels/{self._channel}")
        await self._api.get(f"channels/{self._channel}/messages", {"limit": "1"})
        return f"{me['username']} sees #{channel['name']} and its history."

    async def post(self, sheet: Sheet) -> Posted:
        return await self._send(sheet, {})

    async def follow_up(self, remote_id: str, sheet: Sheet) -> Posted:
        answers = {"message_id": remote_id, "fail_if_not_exists": False}
        return await self._send(sheet, {"message_reference": answers})

    async def edit(self, remote_id: str, sheet: Sheet) -> Posted:
        """The new picture takes the old one's place."""
        body = message(sheet, {"attachments": []})
        return self._posted(await self._api.call("PATCH", f"channels/{self._channel}/messages/{remote_id}", body))

    async def remove(self, remote_id: str, sheet: Sheet) -> Posted:
        await self._api.delete(f"channels/{self._channel}/messages/{remote_id}")
        return Posted(remote_id)

    async def find(self, sheet: Sheet) -> Posted | None:
        me = (await self._api.get("users/@me"))["id"]
        query = {"limit": "100"}
        for _ in range(PAGES):
            page = await self._api.get(f"channels/{self._channel}/messages", query)
            for one in page:
                if one["author"]["id"] == me and one["content"].split() == sheet.text.split():
                    return self._posted(one)
            if not page or datetime.fromisoformat(page[-1]["timestamp"]) < sheet.since:
                return None
            query["before"] = page[-1]["id"]
        raise OutOfSight(PAGES * 100)

    async def _send(self, sheet: Sheet, more: Mapping[str, Any]) -> Posted:
        nonce = hashlib.sha256(sheet.key.encode()).hexdigest()[:25]
        body = message(sheet, {"nonce": nonce, "enforce_nonce": True, **more})
        return self._posted(await self._api.call("POST", f"channels/{self._channel}/messages", body))

    def _posted(self, told: Mapping[str, Any]) -> Posted:
        guild = told.get("guild_id") or "@me"
        return Posted(told["id"], f"https://discord.com/channels/{guild}/{told['channel_id']}/{told['id']}")
