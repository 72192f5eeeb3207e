"""A card that is asked for by its address: what the address says, and the wish it comes to."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from lotto.api.problems import missing
from lotto.api.room import Room
from lotto.draws.draw import Draw, DrawKey
from lotto.events import Among, Event, Wish
from lotto.ledger import queries, subjects, wishes
from lotto.ledger.connection import Connection

ADDRESS = re.compile(
    r"(?P<kind>result|prizes|next|digest)/(?P<look>[\w-]{1,40})/(?P<format>[a-z]{1,20})/(?P<lang>[a-z]{2,3})/"
    r"(?P<about>[a-z0-9_]{1,60})(?:/(?P<date>\d{4}-\d\d-\d\d)(?:/(?P<label>[^/]{1,60}))?)?(?:\.(?P<page>[1-9]\d?))?\.png"
)
FORM = "KIND/LOOK/FORMAT/LANG/LOTTERY[/DATE[/LABEL]][.PAGE].png"


@dataclass(frozen=True)
class Wished:
    """What an address says. `about` is a lottery, of a digest a collection; without a date it is the newest draw."""

    kind: str
    look: str
    format: str
    lang: str
    about: str
    day: date | None
    label: str
    page: int
    """Of a digest that fills several cards, from 1 on."""

    @classmethod
    def read(cls, address: str) -> Self:
        """What that address says; raises ValueError with a sentence."""
        found = ADDRESS.fullmatch(address)
        if found is None:
            raise ValueError(f"A card's address is {FORM}.")
        try:
            day = date.fromisoformat(found["date"]) if found["date"] else None
        except ValueError:
            raise ValueError(f"There is no day {found['date']}.") from None
        if found["kind"] == "next" and day:
            raise ValueError("The next draw has no date to be asked for by; leave it out.")
        if found["kind"] == "digest" and (day is None or found["label"]):
            raise ValueError("A digest is of one day: its address ends in COLLECTION/DATE.png.")
        kind, look, form, lang, about = found.group("kind", "look", "format", "lang", "about")
        return cls(kind, look, form, lang, about, day, found["label"] or "", int(found["page"] or 1))

    async def wish(self, conn: Connection, room: Room, versions: dict[str, str]) -> Event:
        """The `card_wanted` of this card as things stand; raises a 404 where the ledger has nothing to show on it."""
        if self.look not in versions:
            raise missing(f"There is no look “{self.look}”; there are {', '.join(versions)}.")
        version = versions[self.look]
        if self.kind == "digest":
            collection = room.collection(self.about)
            draws = await subjects.of_day(conn, collection.lotteries, self.day) if self.day else []
            if not draws:
                raise missing(f"There is no published result of {collection.name} of {self.day}.")
            wish = Wish(self.kind, self.look, self.format, self.lang, version, collection.name, tuple(draws))
            return Event(Among.CARD_WANTED, draws[0], room.wall(), wish=wish)
        draw = await self._draw(conn, room)
        wish = Wish(self.kind, self.look, self.format, self.lang, version)
        return Event(Among.CARD_WANTED, draw, room.wall(), wish=wish)

    async def _draw(self, conn: Connection, room: Room) -> Draw:
        lottery = room.lottery(self.about)
        if self.kind == "next":
            found = await subjects.coming(conn, lottery, room.clock())
            if found is None:
                raise missing(f"The calendar of {lottery.id} knows no draw within the coming two months.")
            return found
        if self.day:
            found = await queries.draw(conn, DrawKey(lottery.id, self.day, self.label))
        else:
            found = next(iter(await queries.newest_published(conn, [lottery.id], 1)), None)
        if found is None or not found.numbers:
            raise missing(f"There is no published result of {self.about} {self.day or ''}".rstrip() + ".")
        return found


async def standing(room: Room, asked: Wished) -> tuple[Event, wishes.Answer | None]:
    """The wish as things stand, and what has become of it."""
    async with room.ledger.reading() as conn:
        event = await asked.wish(conn, room, await wishes.looks(conn))
        return event, await wishes.answered(conn, event.id)
