"""Web push: a notification in each browser whose reader asked for it, encrypted for it alone (RFC 8030, 8291, 8292).

A message of one post always has the same tag, so a browser that gets it twice shows it once.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import msgspec

from lotto import webpush
from lotto.door import Door
from lotto.keyfile import KeyFileError
from lotto.publisher.asking import ask
from lotto.publisher.dialects.subscribed import Gone, Receiver, Subscribed
from lotto.publisher.networks.network import Facts, Images, Outside, Refused, Sheet
from lotto.vapid import Vapid, text
from lotto.words import speak

LASTS = 86_400
"""Seconds for which a push service keeps a message for a browser that is not there: then it is no news any more."""


class WebpushFacts(Facts, kw_only=True):
    """`contact` is whom a push service writes to when something is wrong: `mailto:…` or `https://…`."""

    contact: str

    def faults(self) -> Iterator[tuple[str, str]]:
        if not self.contact.startswith(("mailto:", "https://")):
            yield "contact", f"“{self.contact}” is no contact; write it like mailto:ops@example.org."

    def open(self, name: str, secrets: Mapping[str, str], outside: Outside) -> "Webpush":
        return Webpush(self.contact, self.lang, outside)


class Webpush(Subscribed):
    """Browsers."""

    longest = 2_000
    images = Images(bytes=5_000_000, by_address=True)
    repeats = True
    facts = WebpushFacts

    def __init__(self, contact: str, lang: str, outside: Outside) -> None:
        super().__init__(outside.readers)
        self._contact = contact
        self._lang = lang
        self._outside = outside

    @classmethod
    def length(cls, text: str) -> int:
        """Bytes of UTF-8: what a message may have, is counted so."""
        return len(text.encode())

    async def check(self) -> str:
        return f"Browsers subscribe by the key {self._vapid().public}."

    async def deliver(self, receiver: Receiver, sheet: Sheet) -> None:
        address = receiver.address
        endpoint, now = address["endpoint"], self._outside.clock()
        try:
            body = webpush.encrypt(self._message(sheet), address["p256dh"], address["auth"])
        except webpush.BadKeys as error:
            raise Gone(f"The browser's keys cannot be used: {error}.") from None
        headers = {
            "Authorization": self._vapid().authorization(endpoint, self._contact, now),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(LASTS),
            "Topic": text(UUID(_tag(sheet)).bytes),
            "Urgency": "normal",
        }
        answer = await ask(self._door(), "POST", endpoint, headers=headers, content=body, harmless=True)
        if answer.status in (404, 410):
            raise Gone("The browser is not subscribed any more.")
        if not 200 <= answer.status < 300:
            raise Refused(f"The push service refused with {answer.status}.")

    def _message(self, sheet: Sheet) -> bytes:
        """What the service worker is given: title, body, where a tap leads, and what makes a repeat the same.

        Beside them, how to say what the reader's own lines won: they stand on his device, and are compared there.
        """
        title, *lines = sheet.text.split("\n")
        links = [line for line in lines if line.startswith(("http://", "https://"))]
        shown: dict[str, Any] = {
            "title": title,
            "body": "\n".join(line for line in lines if line not in links),
            "url": links[-1] if links else f"{self._outside.site}/{self._lang}/",
            "tag": _tag(sheet),
            "lang": self._lang,
            "mine": speak(self._lang).sentences("page.mine"),
        }
        if sheet.card_url:
            shown["image"] = sheet.card_url
        return msgspec.json.encode(shown)

    def _door(self) -> Door:
        """The way to an address that a stranger named: never to what the operator allows us."""
        return self._outside.theirs or self._outside.door

    def _vapid(self) -> Vapid:
        if self._outside.vapid is None:
            raise Refused("There is no key to push with here.")
        try:
            return self._outside.vapid()
        except KeyFileError as error:
            raise Refused(str(error)) from None


def _tag(sheet: Sheet) -> str:
    """What a notification is known by: a correction takes the place of what it corrects."""
    return sheet.answers or sheet.key
