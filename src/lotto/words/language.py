"""A language: the catalogue of what we say in it, and its ways with dates, times, figures and money.

One TOML file beside this one is one language; nothing else is edited to add another. A file without the table `page`
is a language of cards alone.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_timezone_location
from babel.numbers import format_currency, format_decimal

from lotto.draws.draw import Act, Draw, Money, Numbers, Prize, Status, Value
from lotto.draws.lottery import Lottery
from lotto.draws.pool import Kind, Pool, Shape
from lotto.words.change import Change, changes
from lotto.words.play import PLAY, Play

Entry: TypeAlias = "str | Mapping[str, Entry]"
"""A sentence, or a table of entries."""

FILES = {file.name.removesuffix(".toml"): file for file in files(__package__).iterdir() if file.name.endswith(".toml")}

CARD_LANGUAGES: tuple[str, ...] = tuple(sorted(FILES))
"""Every language that cards and the texts that stand for them speak, by its code."""

DIGEST: str = sha256(
    "\0".join([*(FILES[lang].read_text(encoding="utf-8") for lang in CARD_LANGUAGES), repr(PLAY)]).encode()
).hexdigest()
"""SHA-256 of every word we say."""

WHOLE = "page"
"""The table that tells a whole language, which the site speaks, from one of cards alone."""

LANGUAGES: tuple[str, ...] = tuple(
    lang for lang in CARD_LANGUAGES if WHOLE in tomllib.loads(FILES[lang].read_text(encoding="utf-8"))
)
"""The languages that everything is said in: pages, feeds, posts, cards."""

PLURALS = frozenset({"zero", "one", "two", "few", "many", "other"})
"""CLDR's categories: a table of these is one sentence in its several numbers."""

HOUR = re.compile(r"(?P<half>am|pm)-(?P<hour>\d{1,2})")
"""The label of a draw that is called by its hour."""

FORMER_NAMES = {
    "Asia/Ho_Chi_Minh": "Asia/Saigon",
    "Asia/Kathmandu": "Asia/Katmandu",
    "Asia/Kolkata": "Asia/Calcutta",
    "Asia/Yangon": "Asia/Rangoon",
    "Europe/Kyiv": "Europe/Kiev",
}
"""Zones whose cities CLDR still keeps under the name that they had first."""


class Words:
    """One language. Made by `speak`; safe to share between threads."""

    def __init__(self, lang: str, catalogue: Mapping[str, Entry]) -> None:
        self.lang = lang
        self._catalogue = catalogue
        self._locale = Locale.parse(self.say("language.locale"))

    @property
    def name(self) -> str:
        """What the language calls itself."""
        return self.say("language.name")

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """Which way it is written."""
        return "rtl" if self._locale.text_direction == "rtl" else "ltr"

    # Sentences

    def say(self, key: str, **parts: object) -> str:
        """The sentence under a dotted key, with its parts filled in.

        Where the catalogue gives a sentence in several numbers, `parts["count"]` chooses; a count is written the
        language's way. Raises KeyError naming key and language when there is no such sentence or a part is missing.
        """
        entry = self._entry(key)
        count = parts.get("count")
        if not isinstance(entry, str):
            if not isinstance(count, int) or "other" not in entry:
                raise self._missing(key)
            entry = entry.get(self._locale.plural_form(count), entry["other"])
        return self._fill(key, entry, parts)

    def sentences(self, key: str) -> Mapping[str, Entry]:
        """The table of sentences under a dotted key as the catalogue holds it, for a script that fills them in."""
        entry = self._entry(key)
        if isinstance(entry, str):
            raise self._missing(key)
        return entry

    def _entry(self, key: str) -> Entry:
        entry: Entry = self._catalogue
        for word in key.split("."):
            if isinstance(entry, str) or word not in entry:
                raise self._missing(key)
            entry = entry[word]
        return entry

    def _fill(self, key: str, sentence: Entry, parts: Mapping[str, object]) -> str:
        if not isinstance(sentence, str):
            raise self._missing(key)
        count = parts.get("count")
        if isinstance(count, int):
            parts = {**parts, "count": self.integer(count)}
        try:
            return sentence.format_map(parts)
        except KeyError as error:
            raise KeyError(f"“{key}” in “{self.lang}” wants the part {error}.") from None

    def _missing(self, key: str) -> KeyError:
        return KeyError(f"The catalogue of “{self.lang}” has no sentence “{key}”.")

    # Dates, places, figures

    def date(self, day: dt.date, form: Literal["full", "long", "short"] = "full") -> str:
        """The day by the Gregorian calendar: “Saturday 2 November 2024”, “2 November 2024”, “2 Nov 2024”."""
        return format_date(day, self.say(f"date.{form}"), locale=self._locale)

    def weekday(self, day: dt.date) -> str:
        """Its name: “Saturday”."""
        return format_date(day, "EEEE", locale=self._locale)

    def time(self, at: dt.datetime, zone: ZoneInfo) -> str:
        """The wall clock of that zone at that instant: “22:59”."""
        return format_time(at, self.say("date.time"), tzinfo=zone, locale=self._locale)

    def place(self, zone: ZoneInfo) -> str:
        """The city a zone is named after: “New York”."""
        former = self._locale.time_zones.get(FORMER_NAMES.get(zone.key, ""), {})
        if "city" in former:
            return str(former["city"])
        location = get_timezone_location(zone, locale=self._locale, return_city=True)
        return location.rpartition("/")[2]

    def country(self, iso2: str) -> str:
        """The country's name; an unknown code as it is given."""
        return str(self._locale.territories.get(iso2.upper(), iso2))

    def integer(self, number: int) -> str:
        """The figure with its groups told apart: “12,345”."""
        return format_decimal(number, locale=self._locale)

    def money(self, money: Money) -> str:
        """The amount with its currency; cents only where there are any."""
        pattern = self._locale.currency_formats["standard"].pattern
        if money.amount == money.amount.to_integral_value():
            pattern = pattern.replace(".00", "")
        text = format_currency(money.amount, money.currency, pattern, locale=self._locale, currency_digits=False)
        # CLDR keeps a letter and a figure apart (“DOP 50”); Babel does not.
        return re.sub(r"(?<=[^\W\d_])(?=\d)", "\u00a0", text)

    # Games

    def pool(self, pool: Pool) -> str:
        """What people call the pool; empty for the main one."""
        return pool.title

    def draw_label(self, label: str) -> str:
        """The word for one of a day's draws (“Midday”), or its hour; any other as it is given, with a capital."""
        if hour := HOUR.fullmatch(label):
            after_noon = 12 if hour["half"] == "pm" else 0
            return format_time(dt.time(int(hour["hour"]) % 12 + after_noon), self.say("date.time"), locale=self._locale)
        entry = self._entry("label")
        known = entry.get(label) if not isinstance(entry, str) else None
        return known if isinstance(known, str) else label[:1].upper() + label[1:]

    def ordinal(self, number: int) -> str:
        """The place as people write it: “1st”."""
        entry = self._entry("pool.place")
        if isinstance(entry, str):
            raise self._missing("pool.place")
        sentence = entry.get(self._locale.ordinal_form(number), entry["other"])
        return self._fill("pool.place", sentence, {"count": number})

    def status(self, draw: Draw, lottery: Lottery | None = None) -> str:
        """How far we hold the draw true, in plain words without the time.

        With its `lottery` a draw under way is counted against all that will be drawn, else against what sources show.
        """
        match draw.status:
            case Status.CONFIRMED if draw.ruling:
                return self.say("status.decided")
            case Status.HELD if draw.ruling and draw.ruling.kind is Act.HOLD:
                return self.say("status.held_by_person")
            case Status.CONFIRMED:
                sources = len({source.origin for source in draw.sources if source.agrees})
                return self.say("status.corrected" if draw.revision > 1 else "status.confirmed", count=sources)
            case Status.PROVISIONAL:
                return self.say("status.corrected_provisional" if draw.revision > 1 else "status.provisional")
            case Status.PARTIAL:
                places = [value for values in draw.seen.values() for value in values]
                era = lottery.era(draw.key.date) if lottery else None
                expected = sum(pool.least for pool in era.pools if not pool.optional) if era else 0
                seen = sum(value is not None for value in places)
                return self.say("status.partial", count=seen, total=self.integer(max(expected, len(places))))
            case Status.HELD:
                # Where no source stands for the values, it is our own rules that object.
                by_rule = draw.sources and not any(source.agrees for source in draw.sources)
                return self.say("status.held_by_rule" if by_rule else "status.held")
            case _:
                return self.say(f"status.{draw.status}")

    def value(self, pool: Pool, place: int, value: Value | None) -> str:
        """One value with what tells it apart: “45”, “Powerball 2”, “2nd 71”. `place` counts from 0."""
        said = self.say("pool.times", value=value) if pool.shape is Shape.TIMES else self._called(pool, value)
        title = self.ordinal(place + 1) if pool.shape is Shape.PLACE else self.pool(pool)
        return self.say("pool.titled", title=title, values=said) if title else said

    def numbers(self, pools: Sequence[Pool], numbers: Numbers) -> str:
        """All values in the order of the pools: “10, 45, Powerball 2”, “1st 00, 2nd 71”, “6 3 6”."""
        return ", ".join(self._values(pool, numbers[pool.name]) for pool in pools if numbers.get(pool.name))

    def _values(self, pool: Pool, values: Sequence[Value]) -> str:
        spells = pool.kind is Kind.DIGIT and pool.shape is not Shape.PLACE
        if spells or pool.kind in (Kind.WORD, Kind.TICKET):
            # Told one by one under one title: a tier of a ticket lottery may have a hundred.
            spelt = (" " if spells else ", ").join(self._called(pool, value) for value in values)
            return self.say("pool.titled", title=self.pool(pool), values=spelt) if pool.title else spelt
        return ", ".join(self.value(pool, place, value) for place, value in enumerate(values))

    @staticmethod
    def _called(pool: Pool, value: Value | None) -> str:
        """The value, and what people call it: “33 Pescado”."""
        return " ".join(filter(None, (str(value), "" if value is None else pool.called(value))))

    def change(self, change: Change) -> str:
        """One replaced value: “Mega Ball 9, not 6”."""
        if change.new is None:
            return self.say("alt.removed", old=self.value(change.pool, change.place, change.old))
        new = self.value(change.pool, change.place, change.new)
        return self.say("alt.added", new=new) if change.old is None else self.say("alt.change", new=new, old=change.old)

    def headline(self, lottery: Lottery, draw: Draw) -> str:
        """The result in a sentence: game, day, numbers."""
        era = lottery.era(draw.key.date)
        pools = era.pools if era else ()
        numbers = self.numbers(pools, draw.numbers) or self.say("alt.none")
        parts = {"name": lottery.name, "date": self.date(draw.key.date), "numbers": numbers}
        if draw.key.label:
            return self.say("alt.labelled", label=self.draw_label(draw.key.label), **parts)
        return self.say("alt.draw", **parts)

    def alt(self, lottery: Lottery, draw: Draw) -> str:
        """The whole result in a text, for who does not see the picture: the headline, and what was corrected."""
        text = self.headline(lottery, draw)
        era = lottery.era(draw.key.date)
        corrected = [self.change(change) for change in changes(era.pools if era else (), draw)]
        return f"{text} {self.say('alt.corrected', changes='; '.join(corrected))}" if corrected else text

    def alt_with_prizes(self, lottery: Lottery, draw: Draw) -> str:
        """The result in a text with its jackpot and every prize that is told."""
        told = [self.alt(lottery, draw)]
        if draw.jackpot:
            told.append(self.say("alt.jackpot", amount=self.money(draw.jackpot)))
        if prizes := [self.prize(prize) for prize in draw.prizes if prize.amount]:
            told.append(self.say("alt.prizes", prizes="; ".join(prizes)))
        return " ".join(told)

    def prize(self, prize: Prize) -> str:
        """A tier with what it pays, and how often where that is told."""
        amount = self.money(prize.amount) if prize.amount else ""
        if prize.winners is None:
            return self.say("alt.prize", tier=prize.tier, amount=amount)
        winners = self.say("alt.winners", count=prize.winners)
        return self.say("alt.prize_won", tier=prize.tier, amount=amount, winners=winners)

    def alt_of_next(self, lottery: Lottery, draw: Draw) -> str:
        """In a text when a draw will be held, and for how much where that is known."""
        parts = {"name": lottery.name, "date": self.date(draw.key.date), "when": self.when(lottery, draw)}
        if draw.jackpot:
            return self.say("alt.next_jackpot", amount=self.money(draw.jackpot), **parts)
        return self.say("alt.next", **parts)

    def alt_of_digest(self, title: str, day: dt.date, results: Sequence[tuple[Lottery, Draw]]) -> str:
        """A day's results in a text, one sentence each."""
        told = " ".join(self.alt(lottery, draw) for lottery, draw in results)
        return self.say("alt.digest", title=title, date=self.date(day), results=told)

    def when(self, lottery: Lottery, draw: Draw) -> str:
        """Which of the day's draws it is, and its local time with the place: “Evening · 23:00 New York”."""
        at = self.time(draw.drawn_at, lottery.zone)
        label = "" if draw.key.label == at else self.draw_label(draw.key.label)
        return " · ".join(filter(None, (label, self.say("card.drawn", time=at, place=self.place(lottery.zone)))))

    def play(self, country: str) -> str:
        """What is said to players of that country: to play with measure, and from what age where that is known."""
        age = PLAY.get(country, Play()).age
        return self.say("card.play_aged", age=age) if age else self.say("card.play")

    @staticmethod
    def helpline(country: str) -> str:
        """Where players of that country find help; empty where we know of no one number."""
        return PLAY.get(country, Play()).help


@cache
def speak(lang: str) -> Words:
    """That language; raises ValueError with a sentence when we do not speak it."""
    if lang not in FILES:
        raise ValueError(f"Lotto does not speak “{lang}”; it speaks {', '.join(CARD_LANGUAGES)}.")
    return Words(lang, tomllib.loads(FILES[lang].read_text(encoding="utf-8")))
