"""Skeletons: the file that a new lottery, source or collection begins as, with what is known filled in.

Each loads as it is; what nobody has said yet is a guess on a line marked FILL IN, and `lotto prove` names those lines.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from importlib import resources
from typing import Literal

from babel.core import UnknownLocaleError
from babel.languages import get_official_languages
from babel.numbers import get_territory_currencies

FILL_IN = "FILL IN:"
"""What stands before the words that say what is to be filled in."""

Format = Literal["html", "json", "csv"]


@dataclass(frozen=True)
class PoolFacts:
    """A pool as it is told in one word: `main=6:1-49`, `bonus=1:rest` (of main), `main=3:digits`."""

    name: str
    take: int
    of: tuple[int, int] | Literal["rest", "digits"]

    @classmethod
    def read(cls, told: str) -> "PoolFacts":
        """The pool so written; raises ValueError with a sentence."""
        found = re.fullmatch(r"([a-z][a-z0-9_-]*)=([0-9]{1,3}):(?:([0-9]{1,6})-([0-9]{1,6})|(rest|digits))", told)
        if found is None:
            raise ValueError(
                f"“{told}” is no pool; write it like main=6:1-49 (six of 1 to 49), bonus=1:rest or main=3:digits."
            )
        name, take, lowest, highest, word = found.groups()
        if word:
            return cls(name, int(take), "rest" if word == "rest" else "digits")
        return cls(name, int(take), (int(lowest), int(highest)))

    def line(self) -> str:
        """The pool as a line of an era."""
        bonus = "" if self.name == "main" else f', shape = "bonus", title = {_quoted(self.name.capitalize())}'
        match self.of:
            case "rest":
                told = f'rest_of = "main"{bonus}'
            case "digits":
                told = 'of = [0, 9], kind = "digit", ordered = true, repeats = true' + (bonus or ', shape = "digit"')
            case lowest, highest:
                told = f"of = [{lowest}, {highest}]{bonus}"
        return f"pools.{self.name} = {{ take = {self.take}, {told} }}"


@dataclass(frozen=True)
class LotteryFacts:
    """What is known of a lottery; None or nothing of what is not."""

    id: str
    name: str | None = None
    operator: str | None = None
    zone: str | None = None
    zones: Sequence[str] = ()
    """Those it may have, the likeliest first."""
    currency: str | None = None
    language: str | None = None
    source: str | None = None
    official: bool = False
    """That source is the operator's own."""
    called: str | None = None
    start: date | None = None
    days: str | None = None
    at: time | None = None
    pools: Sequence[PoolFacts] = ()

    @property
    def country(self) -> str:
        """The country's two letters, which its id begins with."""
        return self.id[:2].upper()


@dataclass(frozen=True)
class SourceFacts:
    """What is known of a source."""

    name: str
    publisher: str | None = None
    official: bool | None = None
    home: str | None = None
    format: Format = "html"


def lottery(facts: LotteryFacts) -> str:
    """The file of a lottery."""
    currencies, languages = currencies_of(facts.country), languages_of(facts.country)
    lines = [
        f"# {facts.name or facts.id}. What may stand in this file: docs/add-a-lottery.md.",
        "# A line marked FILL IN is a guess: mend it and take the mark away.",
        _line("name", facts.name, _title(facts.id), "as people say it"),
        f"country = {_quoted(facts.country)}",
        _line("operator", facts.operator, "The Operator", "who draws it, as people say it"),
        _line(
            "zone", facts.zone or _lone(facts.zones), (*facts.zones, "UTC")[0], f"one of {', '.join(facts.zones[:6])}"
        ),
        _line("currency", facts.currency or _lone(currencies), (currencies or ["XXX"])[0], "ISO 4217"),
        _line("language", facts.language or _lone(languages), (languages or ["en"])[0], "of its people, ISO 639"),
        f"colour = {{ hue = {sum(facts.id.encode()) * 37 % 360}, chroma = 0.14 }} # OKLCH: the colour it is known by",
        "",
        *_policy(facts),
        "[sources] # in order of trust: the source's name = what it calls this lottery, exactly as it writes it",
        "# Where it calls the draws of one day differently, a table, with labels as in the calendar:",
        '# xx_source = { "Game Noon" = "midday", "Game Night" = "evening" }',
        *_sources(facts),
        "",
        "# Rules from a day on, oldest first. A later era says only what changes:",
        "# [[eras]]",
        "# from = 2024-01-01",
        "# pools.main.of = [1, 50]",
        "[[eras]]",
        _line("from", facts.start, date(2020, 1, 1), "the day of the first draw under these rules"),
        _calendar(facts),
        '# calendar = [{ at = 13:30:00, label = "midday" }, { at = 21:45:00, label = "evening" }]',
        *_pools(facts),
        "# The ways to win, best first; the odds are counted from the pools.",
        "# tiers = [",
        '#     { name = "5+1", match = { main = 5, bonus = 1 } },',
        '#     { name = "5", match = { main = 5, bonus = 0 } },',
        "# ]",
    ]
    return "\n".join(lines) + "\n"


def collection(name: str, lotteries: Sequence[str], query: Mapping[str, str | Sequence[str]]) -> str:
    """The file of a collection: those lotteries, and all that answer to the query."""
    lines = ["# A set of lotteries shown together. What may stand in this file: docs/add-a-lottery.md, at its end."]
    lines.append(f"name = {_quoted(name)}")
    if lotteries:
        lines.append(f"lotteries = [{', '.join(map(_quoted, lotteries))}] # in the order they are shown")
    for key, value in query.items():
        told = _quoted(value) if isinstance(value, str) else f"[{', '.join(map(_quoted, value))}]"
        lines.append(f"{key} = {told} # every lottery that answers to it, by name")
    return "\n".join(lines) + "\n"


def source(facts: SourceFacts) -> str:
    """The file of a source."""
    known = {
        "name": facts.name,
        "title": "".join(part.capitalize() for part in facts.name.split("_")[1:]) or "Publisher",
        "publisher": _fact("publisher", facts.publisher, "The Publisher", "in their own words"),
        "official": _fact("official", facts.official, False, "True only for the operator or who supervises it"),
        "origin": _fact("origin", facts.name.partition("_")[2], "", ""),
        "home": _fact("home", facts.home, "https://lottery.example", "the address of their site"),
        "imports": IMPORTS[facts.format],
        "reading": READS[facts.format],
        "fill": FILL_IN,
    }
    return re.sub(r"«(\w+)»", lambda found: known[found[1]], SOURCE)


def package(name: str) -> dict[str, str]:
    """The files of a package of its own around that source: file → text."""
    return {
        "pyproject.toml": PYPROJECT.replace("«name»", name).replace("«project»", name.replace("_", "-")),
        f"test_{name}.py": TEST,
        ".gitignore": IGNORED,
    }


def zones_of(country: str) -> list[str]:
    """The time zones of a country."""
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return [row[2] for row in rows if row[0] == country]


def currencies_of(country: str) -> list[str]:
    """The currencies people of a country pay in now."""
    return list(get_territory_currencies(country))


def languages_of(country: str) -> list[str]:
    """The official languages of a country, the most spoken first."""
    try:
        found = get_official_languages(country, de_facto=True)
    except UnknownLocaleError:
        return []
    return list(dict.fromkeys(one.partition("_")[0] for one in found))


def _policy(facts: LotteryFacts) -> list[str]:
    told = [
        "[policy]",
        "provisional = true # a lone official source is told, marked so: leave it out when there are two",
    ]
    return [*(told if facts.official else [f"# {line}" for line in told]), ""]


def _sources(facts: LotteryFacts) -> list[str]:
    if facts.source is None:
        unknown = f"{facts.id[:2]}_fill_in"
        return [f"{unknown} = {_quoted(facts.id)} # {FILL_IN} the source, of those that `lotto doctor` lists"]
    told = _line(facts.source, facts.called, facts.id, "its name for this lottery; `lotto capture` shows its names")
    return [told]


def _calendar(facts: LotteryFacts) -> str:
    marks = []
    if facts.days is None:
        marks.append("the weekdays")
    if facts.at is None:
        marks.append("the local time, or a little before")
    mark = f" # {FILL_IN} {' and '.join(marks)}" if marks else ""
    return f"calendar = [{{ days = {_quoted(facts.days or 'Sat')}, at = {facts.at or time(20)} }}]{mark}"


def _pools(facts: LotteryFacts) -> list[str]:
    if not facts.pools:
        return [f"pools.main = {{ take = 6, of = [1, 49] }} # {FILL_IN} how many of which numbers"]
    return [one.line() for one in facts.pools]


def _line(key: str, value: object, guess: object, what: str) -> str:
    told = guess if value is None else value
    shown = _quoted(told) if isinstance(told, str) else str(told)
    return f"{key} = {shown}" + (f" # {FILL_IN} {what}" if value is None else "")


def _fact(key: str, value: object, guess: object, what: str) -> str:
    """A fact of a source's class, as Python."""
    told = guess if value is None else value
    shown = _quoted(told) if isinstance(told, str) else str(told)
    return f"{key} = {shown}" + (f"  # {FILL_IN} {what}" if value is None else "")


def _lone(found: Sequence[str]) -> str | None:
    """What needs no guess: there is just one."""
    return found[0] if len(found) == 1 else None


def _title(name: str) -> str:
    return " ".join(part.capitalize() for part in name.split("_")[1:])


def _quoted(text: str) -> str:
    """A string as TOML and Python both write it."""
    return json.dumps(text, ensure_ascii=False)


SOURCE = '''"""«fill» who publishes, on what kind of page, and what is odd about it."""

from collections.abc import Iterator

«imports»


class «title»(Source):
    """«fill» how the names are made, as in “Hill 5”."""

    «publisher»
    «official»
    «origin»
    «home»
    pace = 60.0

    def pages(self, ask: Ask) -> Iterator[Request]:
        # What to fetch when the draws called `ask.name` since `ask.since` are wanted. A name that is none of yours:
        # raise SourceError with those you know.
        yield Request(self.home)  # «fill» the address of the page with the draws

    def read(self, page: Page) -> Iterator[Reading]:
        # All of the page or PageChanged: check everything before the first yield. docs/add-a-source.md tells how.
        # «fill» read the page. It may become something like this:
«reading»
        raise PageChanged("«fill» this source does not read its pages yet.")
'''

IMPORTS: Mapping[Format, str] = {
    "html": """from lotto.scraper.contents import once, place, text, tree, written_day
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source""",
    "json": """from msgspec import Struct

from lotto.scraper.contents import document, once, written_day
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source""",
    "csv": """from lotto.scraper.contents import once, rows, written_day
from lotto.scraper.sources.source import Ask, Page, PageChanged, PageNotYet, Reading, Request, Source""",
}

READS: Mapping[Format, str] = {
    "html": """        #
        # found = tree(page, known_by="table.draws", ends_with="</html>")
        # draws = []
        # for row in found.css("table.draws tr"):
        #     on = written_day(text(row, "td.date", "the date of a draw"), "dmy", page.at)
        #     balls = tuple(place(ball) for ball in row.css("td.ball"))
        #     draws.append(Reading(text(row, "td.game", "the name of a game"), on, {"main": balls}))
        # if not draws:
        #     raise PageNotYet("The page has no draw yet.")
        # yield from once(draws)""",
    "json": """        #
        # told = document(page, Results)  # class Results(Struct): draws: list[Draw]
        # draws = [Reading(one.game, written_day(one.date, "ymd", page.at), {"main": tuple(one.balls)}) for one in …]
        # if not draws:
        #     raise PageNotYet("The document has no draw yet.")
        # yield from once(draws)""",
    "csv": """        #
        # header, *lines = rows(page)
        # if header != ["Date", "Game", "Numbers"]:
        #     raise PageChanged(f"The layout changed: the header line is “{','.join(header)[:200]}”.")
        # if not lines:
        #     raise PageNotYet("The file has no draw yet.")
        # yield from once(Reading(game, written_day(on, "ymd", page.at), {"main": …}) for on, game, shown in lines)""",
}

PYPROJECT = """# A package with one source. Lotto is installed beside it, and finds the source by the entry point.
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "lotto-source-«project»"
version = "0.1.0"
requires-python = ">=3.11"

[project.entry-points."lotto.sources"]
«name» = "«name»"

[tool.hatch.build.targets.wheel]
only-include = ["«name».py"]
"""

TEST = '''"""Every page that `lotto capture` kept in `captures/` gives what it gave when a person looked."""

from pathlib import Path

from lotto.kept import kept
from lotto.proving import prove_page, prove_source
from lotto.scraper.shelf import shelf

HERE = Path(__file__).parent


def test_every_kept_page_gives_what_is_expected() -> None:
    sources = shelf()
    pages = kept(HERE / "captures")
    source = sources[Path(__file__).stem.removeprefix("test_")]
    findings = [*prove_source(source, pages), *(prove_page(one, sources) for one in pages)]
    assert [f"{one.subject}: {one.words}" for one in findings if not one.well] == []
'''

IGNORED = "__pycache__/\n*.egg-info/\n# Pages belong to their publishers.\n/captures/\n"
