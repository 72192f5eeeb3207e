"""A search: what a reader wrote, read as the API is asked, and what was found."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lotto.paths import lottery_path
from lotto.web.answers import HitAnswer, LotteryAnswer
from lotto.web.cards import place
from lotto.web.lottery import Row, row
from lotto.words import Words

LONGEST = 100
"""Signs of a question; what is longer is cut off."""

DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
YEAR_FIRST = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})")
VALUE = re.compile(r"(?:[a-z_0-9]+:)?\d{1,9}", re.IGNORECASE)


@dataclass(frozen=True)
class Question:
    """What was written, and what the API is asked: `name`, `country`, `value`, `date`; several values it takes not."""

    text: str
    asked: Mapping[str, str]
    several: bool = False


@dataclass(frozen=True)
class Found:
    """A lottery, or a draw of it."""

    lottery: str
    name: str
    path: str
    place: str
    row: Row | None


def question(words: Words, text: str, lotteries: Iterable[LotteryAnswer]) -> Question:
    """The text read: days and values are told by their signs, a country by its name in this language or in its own.

    Where all the words are in the name of a game, numbers among them are part of it: “Take 5”.
    """
    text = " ".join(text.split())[:LONGEST]
    games = list(lotteries)
    if country := _country(words, text, games):
        return Question(text, {"country": country})
    if re.search(r"[^\W\d]", text) and any(_called(one, text) for one in games):
        return Question(text, {"name": text})
    asked: dict[str, str] = {}
    values, rest = [], []
    for word in text.split():
        day = _day(word)
        if day:
            asked["date"] = day.isoformat()
        elif VALUE.fullmatch(word.lstrip("×")):
            values.append(word.lstrip("×"))
        else:
            rest.append(word)
    if values:
        asked["value"] = values[0]
    named = " ".join(rest)
    if named:
        country = _country(words, named, games)
        asked |= {"country": country} if country else {"name": named}
    return Question(text, asked, several=len(values) > 1)


def found(words: Words, hits: Sequence[HitAnswer], lotteries: Iterable[LotteryAnswer], now: dt.datetime) -> list[Found]:
    """What was found, in the order given."""
    known = {one.id: one.lottery for one in lotteries}
    return [
        Found(
            lottery=hit.game.id,
            name=hit.game.name,
            path=lottery_path(hit.game.id),
            place=place(words, hit.game),
            row=row(words, rules, hit.draw, now.astimezone(rules.zone).date()) if hit.draw and rules else None,
        )
        for hit in hits
        for rules in (known.get(hit.game.id),)
    ]


def _day(word: str) -> dt.date | None:
    written = YEAR_FIRST.fullmatch(word)
    parts = written.groups() if written else ()
    if not parts and (written := DAY_FIRST.fullmatch(word)):
        parts = written.groups()[::-1]
    try:
        return dt.date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def _called(game: LotteryAnswer, text: str) -> bool:
    called = _plain(f"{game.name} {game.region} {game.operator}")
    return all(word in called for word in _plain(text).split())


def _country(words: Words, text: str, games: Iterable[LotteryAnswer]) -> str:
    """The country that is called so, here or by its two letters; empty where no game is of one."""
    for code in {one.country for one in games}:
        if _plain(text) in (_plain(words.country(code)), code.casefold()):
            return code
    return ""


def _plain(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))
