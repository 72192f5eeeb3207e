"""Arguments: what is named on the command line, found or told in a sentence to be none."""

import getpass
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Annotated

import typer

from lotto.draws.draw import DrawKey
from lotto.draws.lottery import Lottery
from lotto.scraper.shelf import for_url, shelf
from lotto.scraper.sources.source import Source
from lotto.settings import BadSetting

By = Annotated[
    str | None, typer.Option(help="Your name: kept, never published. Without it, your name on this machine.")
]
Machine = Annotated[bool, typer.Option("--json", help="Write JSON, for machines.")]


def source_of(name: str | None, url: str | None) -> Source:
    """The source of that name, or whose pages lie at that address."""
    if name is not None:
        found = shelf().get(name)
        if found is None:
            raise BadSetting(f"There is no source “{name}”; the sources are {', '.join(shelf())}.")
        return found
    if url is None:
        raise BadSetting("Say where the page is from: --url with its address, or --source with the source's name.")
    return for_url(url)


def lottery_of(known: Mapping[str, Lottery], name: str) -> Lottery:
    """The lottery of that id."""
    if name not in known:
        raise BadSetting(f"There is no lottery “{name}”; the catalogue has {', '.join(known)}.")
    return known[name]


def key_of(text: str) -> DrawKey:
    """The draw so written: LOTTERY/DATE or LOTTERY/DATE/LABEL."""
    try:
        return DrawKey.parse(text)
    except ValueError as error:
        raise BadSetting(str(error)) from None


def instant_of(text: str) -> datetime:
    """The instant so written, with its zone."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadSetting(f"“{text}” is not an instant; write it like 2025-08-06T15:20-04:00.") from None
    if at.tzinfo is None:
        raise BadSetting(f"“{text}” has no zone; write it like 2025-08-06T15:20-04:00.")
    return at


def day_of(text: str) -> date:
    """The day so written."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadSetting(f"“{text}” is not a day; write it like 2024-11-02.") from None


def among(name: str, known: Collection[str], what: str) -> str:
    """The name, which must be one of those known; raises BadSetting with all of them."""
    if name not in known:
        raise BadSetting(f"There is no {what} “{name}”; the {what}s are {', '.join(known)}.")
    return name


def named(by: str | None) -> str:
    """The name of whoever decides: as given, else as this machine knows him."""
    if by is None:
        try:
            return getpass.getuser()
        except (KeyError, OSError):
            raise BadSetting("This machine does not tell your name: give it with --by.") from None
    if not by.strip():
        raise BadSetting("--by wants a name: the decision is kept under it.")
    return by.strip()
