"""The JSON behind LoteriasDominicanas.com since 2026: the last draws of every game of twelve companies.

A draw's values stand in rows, and the game's layout tells what the place of each is for: a number, a bonus, or one of a
list whose entries are known by ids. A day is its midnight in Santo Domingo, written in UTC. What is not drawn yet is
missing at a row's end, or an empty text. The jackpot is typed by hand in many ways (“413M”, “10MM”), and not read.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from lotto.scraper.contents import document, once, written_day
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source

BONUSES = ("bonus", "extra")
ROWS = ("first", "second", "third")
"""The pools of a game whose prizes are drawn one by one, a row each."""
CHOICES = {"Manzana": "apple", "Multiplier": "multiplier"}
"""What is chosen from a list → its pool."""


class Option(Struct):
    """An entry of a list."""

    id: str
    text: str


class Place(Struct):
    """What one value is for."""

    label: str
    type: str
    is_bonus: bool
    options: list[Option] = []


class Session(Struct):
    """A draw."""

    date: str
    score: list[list[str]]


class Game(Struct):
    """The layout of a game and its last draws."""

    score_layout: list[list[Place]]
    sessions: list[Session]


class SiteGame(Struct):
    """A game under its title."""

    title: str
    game: Game


class Company(Struct, rename="camel"):
    """A company with its games."""

    title: str
    site_games: list[SiteGame]


class Site(Struct, rename="camel"):
    """The whole answer, as far as it tells of draws."""

    site_companies: list[Company]


class LoteriasDominicanasApi(Source):
    """The names are “company / title”, as in “Nacional / Gana Más”."""

    publisher = "LoteriasDominicanas.com"
    official = False
    origin = "loteriasdominicanas.com"
    home = "https://api.loteriasdominicanas.com"
    pace = 120.0
    parser = 2

    def pages(self, ask: Ask) -> Iterator[Request]:
        yield Request("https://api.loteriasdominicanas.com/dominicana/sites/env?limit=3")

    def read(self, page: Page) -> Iterator[Reading]:
        companies = document(page, Site).site_companies
        if not companies or not all(company.site_games for company in companies):
            raise PageChanged("The layout changed: there is a company without a game, or none at all.")
        readings = [
            one
            for company in companies
            for site_game in company.site_games
            for session in site_game.game.sessions
            if (one := _reading(_name(company.title, site_game.title), site_game.game, session, page))
        ]
        if not readings:
            raise PageNotYet("There is no draw of any game.")
        yield from once(readings)


def _reading(name: str, game: Game, session: Session, page: Page) -> Reading | None:
    """The draw, or None when it has no value yet."""
    found = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T04:00:00\.000Z", session.date)
    if found is None:
        raise PageChanged(f"The layout changed: “{session.date[:40]}” is not midnight in Santo Domingo.")
    layout = game.score_layout
    if len(session.score) > len(layout) or len(layout) > len(ROWS):
        raise PageChanged(f"The layout changed: a draw of “{name}” has {len(session.score)} rows, not {len(layout)}.")
    numbers: dict[str, tuple[str | None, ...]] = {}
    for n, places in enumerate(layout):
        row = session.score[n] if n < len(session.score) else []
        if len(row) > len(places):
            raise PageChanged(f"The layout changed: a draw of “{name}” has {len(row)} values, not {len(places)}.")
        bonuses = iter(BONUSES)
        for place, shown in zip(places, [*row, *[""] * (len(places) - len(row))], strict=True):
            pool = ROWS[n] if len(layout) > 1 else _pool(place, bonuses)
            numbers[pool] = (*numbers.get(pool, ()), _value(place, shown))
    if not any(value for values in numbers.values() for value in values):
        return None
    return Reading(name, written_day(found[1], "ymd", page.at), numbers)


def _pool(place: Place, bonuses: Iterator[str]) -> str:
    pool = "main" if place.type == "input" else CHOICES.get(place.label)
    if place.is_bonus:
        pool = next(bonuses, None)
    if pool is None:
        raise PageChanged(f"The layout changed: there is a place “{place.label[:40]}” that we do not know.")
    return pool


def _value(place: Place, shown: str) -> str | None:
    if place.options and shown:
        chosen = [option.text.strip() for option in place.options if option.id == shown]
        if len(chosen) != 1 or not 0 < len(chosen[0]) <= 20:
            raise PageChanged(f"The layout changed: “{shown[:40]}” is none of the entries of “{place.label[:40]}”.")
        # A multiplier is written “2X”, which is two times.
        return chosen[0].removesuffix("X") if place.label == "Multiplier" else chosen[0]
    if not re.fullmatch("[0-9]{0,6}", shown):
        raise PageChanged(f"The layout changed: “{shown[:40]}” is not a number.")
    return shown or None


def _name(company: str, title: str) -> str:
    company, title = " ".join(company.split()), " ".join(title.split())
    if not 0 < len(company) <= 60 or not 0 < len(title) <= 60:
        raise PageChanged(f"The layout changed: “{company[:40]} / {title[:40]}” is not the name of a game.")
    return f"{company} / {title}"
