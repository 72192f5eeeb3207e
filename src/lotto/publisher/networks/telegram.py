"""Telegram: a bot's message in a channel. It takes no key and shows a bot nothing: what is in doubt waits for a person.

A picture has no field for its words there, and its caption is shorter than a message; every text fits a caption.
Source: Bot API, `sendPhoto`, `sendMessage`, `editMessageCaption`, “Making requests”.
"""

import contextlib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, ClassVar

import msgspec

from lotto.door import Answer, Door
from lotto.publisher.asking import Api, Body, File, as_json, as_parts, refusal
from lotto.publisher.counting import utf16
from lotto.publisher.networks.network import (
    AtServer,
    Barred,
    Guard,
    Images,
    Network,
    Outside,
    Posted,
    Refused,
    Sheet,
)
from lotto.publisher.timing import Rate

_OUT = ("chat not found", "not enough rights", "need administrator rights", "CHAT_WRITE_FORBIDDEN")
"""Words of refusals that hold for every message."""


class TelegramFacts(AtServer, kw_only=True):
    """`channel` is the channel's name, @…, or its number, -100…; `server` another one than Telegram's for practice."""

    channel: str
    server: str = "https://api.telegram.org"

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from super().faults()
        if not self.channel.startswith(("@", "-100")):
            yield (
                "channel",
                f"“{self.channel}” is not a channel; write its name like @lotto or its number like -100123.",
            )

    def open(self, name: str, secrets: Mapping[str, str], outside: Outside) -> "Telegram":
        return Telegram(self.server, self.channel, secrets["bot_token"], outside.door)


class Telegram(Network):
    """A channel in which a bot of ours may write."""

    guard = Guard.NONE
    rates = (Rate(1, timedelta(seconds=1)), Rate(20, timedelta(minutes=1)))
    """Source: core.telegram.org/bots/faq, “My bot is hitting limits”: one message a second in a chat, and 20 a minute
    in a group; whether a channel is one, it does not say."""
    longest = 1_024
    images = Images(bytes=10_000_000, media=frozenset({"image/png", "image/jpeg"}))
    credentials: ClassVar[Mapping[str, str]] = {
        "bot_token": "The bot's token as @BotFather gives it, 123456:ABC-DEF; the bot must be an admin of the channel."
    }
    edits = True
    facts = TelegramFacts

    def __init__(self, server: str, channel: str, token: str, door: Door) -> None:
        self._channel = channel
        self._api = Api(door, f"{server.rstrip('/')}/bot{token}", {}, _objection, (token,))

    @classmethod
    def length(cls, text: str) -> int:
        """Units of UTF-16."""
        return utf16(text)

    async def check(self) -> str:
        me = await self._ask("getMe", as_json({}), harmless=True)
        wish = as_json({"chat_id": self._channel, "user_id": me["id"]})
        member = await self._ask("getChatMember", wish, harmless=True)
        if member["status"] not in ("administrator", "creator"):
            raise Refused(f"@{me['username']} is no admin of {self._channel}; make it one that may post messages.")
        return f"@{me['username']} is an admin of {self._channel}."

    async def post(self, sheet: Sheet) -> Posted:
        return await self._send(sheet, {})

    async def follow_up(self, remote_id: str, sheet: Sheet) -> Posted:
        # The message may be gone; the correction is to be said all the same.
        answers = {"message_id": int(remote_id), "allow_sending_without_reply": True}
        return await self._send(sheet, {"reply_parameters": answers})

    async def edit(self, remote_id: str, sheet: Sheet) -> Posted:
        wish: dict[str, Any] = {"chat_id": self._channel, "message_id": int(remote_id)}
        try:
            if sheet.image is None:
                told = await self._ask("editMessageText", as_json({**wish, "text": sheet.text}))
            else:
                media = {"type": "photo", "media": "attach://photo", "caption": sheet.text}
                told = await self._ask("editMessageMedia", self._parts({**wish, "media": media}, sheet, sheet.image))
        except _Same:
            return self._posted(int(remote_id), None)
        return self._posted(told["message_id"], told["chat"].get("username"))

    async def remove(self, remote_id: str, sheet: Sheet) -> Posted:
        wish = as_json({"chat_id": self._channel, "message_id": int(remote_id)})
        with contextlib.suppress(_Gone):
            await self._ask("deleteMessage", wish, harmless=True)
        return Posted(remote_id)

    async def _send(self, sheet: Sheet, more: Mapping[str, Any]) -> Posted:
        wish = {"chat_id": self._channel, **more}
        if sheet.image is None:
            told = await self._ask("sendMessage", as_json({**wish, "text": sheet.text}))
        else:
            told = await self._ask("sendPhoto", self._parts({**wish, "caption": sheet.text}, sheet, sheet.image))
        return self._posted(told["message_id"], told["chat"].get("username"))

    def _parts(self, wish: Mapping[str, Any], sheet: Sheet, image: bytes) -> Body:
        told = {key: one if isinstance(one, str) else msgspec.json.encode(one).decode() for key, one in wish.items()}
        return as_parts(told, File("photo", sheet.file, image, sheet.media))

    async def _ask(self, method: str, body: Body, *, harmless: bool = False) -> Any:
        return (await self._api.call("POST", method, body, harmless=harmless))["result"]

    def _posted(self, message: int, username: str | None) -> Posted:
        name = username or (self._channel[1:] if self._channel.startswith("@") else "")
        place = name or f"c/{self._channel.removeprefix('-100')}"
        return Posted(str(message), f"https://t.me/{place}/{message}")


class _Same(Refused):
    """The message already says that."""


class _Gone(Refused):
    """The message is not there."""


def _objection(answer: Answer, told: Any) -> Exception | None:
    if answer.status == 200 and isinstance(told, dict) and told.get("ok"):
        return None
    words = str(told.get("description", "")) if isinstance(told, dict) else ""
    if answer.status in (401, 404):
        return Barred("Telegram does not know the bot token (any more): take the one that @BotFather shows.")
    if answer.status == 403 or any(word in words for word in _OUT):
        return Barred(f"Telegram does not let the bot into the channel: {words}")
    if "message is not modified" in words:
        return _Same(words)
    if "message to delete not found" in words:
        return _Gone(words)
    return refusal("Telegram", answer, words)
