"""Nostr: a signed note sent to several relays, guarded by its id.

The id is the hash of author, time, tags and text (NIP-01). All of these are kept with the post, so every try is the
same note to every relay; only the signature differs. A picture is shown by its public address (NIP-92), since relays
keep no files. A correction is a reply (NIP-10), a removal a request that relays may ignore (NIP-09).
"""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlsplit

import msgspec
from nostr_sdk import Event, EventBuilder, EventId, Keys, Kind, NostrSdkError, Tag, Timestamp

from lotto.door import Door, DoorError, NotSent, Unclear, Websocket
from lotto.publisher.asking import BREATH
from lotto.publisher.networks.network import (
    Facts,
    Guard,
    Images,
    Network,
    Outside,
    Posted,
    Refused,
    Sheet,
    TryLater,
    Unknown,
)

PATIENCE = 20.0
"""Seconds one relay has, from the connection to its answer."""

Failure = TryLater | Refused | Unknown


class NostrFacts(Facts, kw_only=True):
    """`relays` are addresses like wss://relay.example.org."""

    relays: list[str]

    @property
    def servers(self) -> Sequence[str]:
        return self.relays

    def faults(self) -> Iterator[tuple[str, str]]:
        if not self.relays:
            yield "relays", "There is no relay; name one or more."
        for relay in self.relays:
            if urlsplit(relay).scheme not in ("ws", "wss") or not urlsplit(relay).hostname:
                yield "relays", f"“{relay}” is not a relay; write it like wss://relay.example.org."

    def open(self, name: str, secrets: Mapping[str, str], outside: Outside) -> "Nostr":
        return Nostr(self.relays, secrets["secret_key"], outside.door)


class Nostr(Network):
    """A key's notes at some relays; a note stands when one of them has taken it."""

    guard = Guard.KEY
    longest = 3_500  # relays that limit a note take 4,096 bytes and more; the address of the picture comes on top
    images = Images(bytes=10_000_000, by_address=True)
    alt_text = True
    credentials: ClassVar[Mapping[str, str]] = {
        "secret_key": "The secret key that notes are signed with, as nsec1… or 64 hexadecimal digits.",
    }
    facts = NostrFacts

    def __init__(self, relays: Sequence[str], secret_key: str, door: Door) -> None:
        self._relays = relays
        self._secret_key = secret_key
        self._door = door

    async def check(self) -> str:
        author = self._keys().public_key()
        asked = ["REQ", "lotto", {"authors": [author.to_hex()], "limit": 1}]
        failures = [one for one in await self._everywhere(asked, "lotto") if one]
        if failures:
            raise failures[0]
        return (
            f"{author.to_bech32()} can reach {len(self._relays)} relays; whether they take its notes, shows the first."
        )

    async def post(self, sheet: Sheet) -> Posted:
        return await self._send(self._note(1, sheet, _picture(sheet)))

    async def find(self, sheet: Sheet) -> Posted | None:
        """Looks at every relay: after a restore the same words were planned anew, at another second."""
        author = self._keys().public_key().to_hex()
        wanted = {"authors": [author], "kinds": [1], "since": int(sheet.since.timestamp()), "limit": 500}
        shown = await asyncio.gather(*(self._notes(relay, wanted) for relay in self._relays))
        found = next((note for notes in shown for note in notes if note["content"] == _text(sheet)), None)
        return _posted(EventId.parse(found["id"])) if found else None

    async def follow_up(self, remote_id: str, sheet: Sheet) -> Posted:
        # No relay is hinted at: the operator may list others before the next try, and the id must stay.
        answers = [["e", remote_id, "", "root"], ["p", self._keys().public_key().to_hex()]]
        return await self._send(self._note(1, sheet, answers + _picture(sheet)))

    async def remove(self, remote_id: str, sheet: Sheet) -> Posted:
        return await self._send(self._note(5, sheet, [["e", remote_id], ["k", "1"]]))

    def _keys(self) -> Keys:
        try:
            return Keys.parse(self._secret_key)
        except NostrSdkError:
            raise Refused(
                "This is no secret key of Nostr; it begins with nsec1, or has 64 hexadecimal digits."
            ) from None

    def _note(self, kind: int, sheet: Sheet, tags: list[list[str]]) -> Event:
        note = EventBuilder(Kind(kind), _text(sheet) if kind == 1 else sheet.text).tags(
            [Tag.parse(tag) for tag in tags]
        )
        return note.custom_created_at(Timestamp.from_secs(int(sheet.planned_at.timestamp()))).finalize(self._keys())

    async def _send(self, note: Event) -> Posted:
        outcomes = await self._everywhere(["EVENT", msgspec.json.decode(note.as_json())], note.id().to_hex())
        failures = [one for one in outcomes if one]
        if len(failures) < len(self._relays):
            return _posted(note.id())
        for kind in (Unknown, TryLater):
            for one in failures:
                if isinstance(one, kind):
                    raise one
        raise failures[0]

    async def _everywhere(self, message: list[Any], subject: str) -> list[Failure | None]:
        """How every relay took it: None where it said yes."""
        return await asyncio.gather(*(self._tell(relay, message, subject) for relay in self._relays))

    async def _tell(self, relay: str, message: list[Any], subject: str) -> Failure | None:
        try:
            async with asyncio.timeout(PATIENCE), self._door.websocket(relay) as socket:
                await socket.send(msgspec.json.encode(message).decode())
                return await _answer(socket, relay, subject)
        except NotSent as error:
            return TryLater(str(error), BREATH)
        except (Unclear, TimeoutError) as error:
            return Unknown(str(error) or f"{relay} did not answer.")
        except DoorError as error:
            return Refused(str(error))

    async def _notes(self, relay: str, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What that relay shows of us; raises Unknown where it does not tell."""
        notes: list[dict[str, Any]] = []
        try:
            async with asyncio.timeout(PATIENCE), self._door.websocket(relay) as socket:
                await socket.send(msgspec.json.encode(["REQ", "look", wanted]).decode())
                while True:
                    match msgspec.json.decode(await socket.receive(), type=list[Any]):
                        case ["EVENT", "look", dict(note)]:
                            notes.append(note)
                        case ["EOSE", "look"]:
                            return notes
                        case ["CLOSED", "look", str(why)]:
                            raise Unknown(f"{relay} does not show our notes: {why}")
        except (DoorError, TimeoutError, msgspec.MsgspecError, ValueError) as error:
            raise Unknown(f"{relay} does not show our notes: {error}") from error


async def _answer(socket: Websocket, relay: str, subject: str) -> Failure | None:
    """What a relay says of that note or question; notices and greetings are passed over.

    Some relays name no note when they refuse one; ours is the only one that was sent over this websocket.
    """
    while True:
        try:
            word, *rest = msgspec.json.decode(await socket.receive(), type=list[Any])
        except (msgspec.MsgspecError, ValueError):
            return Unknown(f"{relay} answered with what is not Nostr.")
        match [word, *rest]:
            case ["OK", about, bool(taken), str(why)] if about in (subject, ""):
                return None if taken or why.startswith("duplicate:") else _refusal(relay, why)
            case ["EOSE", about] if about == subject:
                return None
            case ["CLOSED", about, str(why)] if about == subject:
                return _refusal(relay, why)


def _refusal(relay: str, why: str) -> Failure:
    """A refusal for good begins with a word and a colon (NIP-01); anything else is trouble of the relay's own."""
    if re.match(r"(?!rate-limited:|error:)[a-z-]+:", why):
        return Refused(f"{relay} refused: {why}")
    return TryLater(f"{relay} did not take it: {why or 'it gives no reason'}", BREATH)


def _posted(note: EventId) -> Posted:
    return Posted(note.to_hex(), f"nostr:{note.to_bech32()}")


def _text(sheet: Sheet) -> str:
    """What the note says: the post's words, and the picture's address for readers who do not know tags."""
    return f"{sheet.text}\n{sheet.card_url}" if sheet.card_url else sheet.text


def _picture(sheet: Sheet) -> list[list[str]]:
    card = sheet.card
    if card is None or not sheet.card_url:
        return []
    told = [f"url {sheet.card_url}", f"m {card.media}", f"x {card.sha256}", f"dim {card.width}x{card.height}"]
    return [["imeta", *told, f"alt {sheet.alt}"]]
