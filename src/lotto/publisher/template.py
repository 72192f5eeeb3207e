"""Templates: the operator's own words for posts, in Jinja, a file each in his folder.

A template names parts of the draw; what of them is optional is left out, one after the other in the order of
`OPTIONAL`, until the text fits the network: it is then empty, so a template asks `{% if link %}`. Numbers are whole or
the text is not taken.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

from jinja2 import StrictUndefined, TemplateError
from jinja2 import Template as Source
from jinja2.sandbox import ImmutableSandboxedEnvironment

from lotto.draws.draw import Draw
from lotto.draws.lottery import Lottery
from lotto.words import speak

SUFFIX: Final = ".txt"

OPTIONAL: Final = ("prizes", "hashtags", "jackpot", "link")
"""What is left out first, and what last; after them the day is written short."""


class BadTemplate(ValueError):
    """A template cannot be used; the message is a sentence."""


@dataclass(frozen=True)
class Parts:
    """What a template may name. Texts, in the account's language; what is not known is empty."""

    name: str
    """Of the lottery."""
    date: str
    label: str
    """Which of the day's draws it is."""
    numbers: str
    status: str
    country: str
    """Two letters, upper case."""
    jackpot: str = ""
    prizes: str = ""
    """The tiers that are told, a line each."""
    hashtags: str = ""
    link: str = ""

    @classmethod
    def of(cls, lottery: Lottery, draw: Draw, lang: str, link: str) -> "Parts":
        """The parts of that draw, none left out."""
        words = speak(lang)
        era = lottery.era(draw.key.date)
        return cls(
            name=lottery.name,
            date=words.date(draw.key.date),
            label=words.draw_label(draw.key.label) if draw.key.label else "",
            numbers=words.numbers(era.pools if era else (), draw.numbers),
            status=words.status(draw, lottery),
            country=lottery.country,
            jackpot=words.money(draw.jackpot) if draw.jackpot else "",
            prizes="\n".join(words.prize(one) for one in draw.prizes if one.amount),
            hashtags="#" + re.sub(r"\W", "", lottery.name),
            link=link,
        )

    def shorter(self, short_date: str) -> Iterator["Parts"]:
        """These parts, then ever fewer of them."""
        left = self
        yield left
        for name in OPTIONAL:
            left = replace(left, **{name: ""})
            yield left
        yield replace(left, date=short_date)


@dataclass(frozen=True)
class Template:
    """One template, read and found to work."""

    name: str
    _source: Source = field(repr=False)

    def text(
        self,
        lottery: Lottery,
        draw: Draw,
        lang: str,
        link: str,
        longest: int,
        length: Callable[[str], int] = len,
        opening: str = "",
    ) -> str:
        """The text of that draw after `opening`, at most `longest` as `length` counts.

        Raises BadTemplate where it fails on this draw, does not show its numbers whole, or cannot be made to fit.
        """
        whole = Parts.of(lottery, draw, lang, link)
        for parts in whole.shorter(speak(lang).date(draw.key.date, "short")):
            said = f"{opening}{self._filled(parts)}"
            if whole.numbers not in said:
                raise BadTemplate(
                    f"The template {self.name} does not show the numbers whole: it names {{{{ numbers }}}}."
                )
            if length(said) <= longest:
                return said
        raise BadTemplate(f"The template {self.name} takes more than {longest} characters for {draw.key}.")

    def _filled(self, parts: Parts) -> str:
        try:
            said = self._source.render(vars(parts))
        except TemplateError as error:
            raise BadTemplate(f"The template {self.name} fails: {error}") from error
        except Exception as error:  # a template may divide by nothing, or count what is no number
            raise BadTemplate(f"The template {self.name} fails: {type(error).__name__}: {error}") from error
        # What is left out leaves no gap.
        return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in said.splitlines())).strip()


SPECIMEN: Final = Parts(
    name="Powerball",
    date=f"{date(2024, 11, 2):%A %d %B %Y}",
    label="",
    numbers="10, 45, 48, 58, 61, Powerball 2",
    status="Confirmed",
    country="US",
    link="https://lotto.example/",
)
"""What a template is tried on when it is read."""


class Templates:
    """The templates in that folder; each sees what it is handed and no file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environment = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )

    @property
    def names(self) -> list[str]:
        """Those that are there."""
        return sorted(file.stem for file in self._folder.glob(f"*{SUFFIX}"))

    def read(self, name: str) -> Template:
        """The template of that name; raises BadTemplate when it is not there or does not work."""
        if name not in self.names:
            known = f"there are {', '.join(self.names)}" if self.names else "there is none"
            raise BadTemplate(f"There is no template “{name}” in {self._folder}; {known}.")
        try:
            text = (self._folder / f"{name}{SUFFIX}").read_text(encoding="utf-8")
            made = Template(name, self._environment.from_string(text))
        except (OSError, UnicodeDecodeError, TemplateError) as error:
            raise BadTemplate(f"The template {name} cannot be read: {error}.") from error
        if SPECIMEN.numbers not in made._filled(SPECIMEN):
            raise BadTemplate(f"The template {name} does not show the numbers: it must name {{{{ numbers }}}}.")
        return made
