"""What a post says: the draw in the account's language, made to fit the network by leaving out, never by cutting."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Literal, TypeAlias

from lotto.draws.draw import Draw, DrawKey
from lotto.draws.lottery import Lottery
from lotto.words import Words, speak

Kind: TypeAlias = Literal["late", "daily", "day"]
"""What a digest tells: what came in meanwhile, what came since yesterday's, or the results of one day."""


def text(lottery: Lottery, draw: Draw, lang: str, link: str, longest: int, length: Callable[[str], int] = len) -> str:
    """The text of a first post or a correction, at most `longest` as the network's `length` counts.

    Parts are dropped from the end of what is optional (the link, then the day's long form) until it fits; the
    name and the numbers stay whole. Raises ValueError when not even those fit.
    """
    words, first = speak(lang), opening(lang, draw)
    ways: tuple[tuple[Literal["full", "short"], str], ...] = (("full", f"\n{link}"), ("full", ""), ("short", ""))
    for form, tail in ways:
        said = f"{first}{_named(words, lottery, draw, form)}\n{_numbers(words, lottery, draw)}{tail}"
        if length(said) <= longest:
            return said
    raise ValueError(f"{draw.key}: name and numbers take more than the {longest} characters of this network.")


def opening(lang: str, draw: Draw) -> str:
    """How the text of a correction begins; empty for any other."""
    return f"{speak(lang).say('card.corrected')}: " if draw.revision > 1 else ""


def void(lottery: Lottery, draw: Draw, lang: str, link: str, longest: int, length: Callable[[str], int] = len) -> str:
    """The text that tells that a draw is void, made to fit like any other."""
    words = speak(lang)
    opening, why = words.say("status.void"), words.say("post.void")
    ways: tuple[tuple[Literal["full", "short"], str], ...] = (
        ("full", f"\n{why}\n{link}"),
        ("full", f"\n{why}"),
        ("full", ""),
        ("short", ""),
    )
    for form, tail in ways:
        said = f"{opening}: {_named(words, lottery, draw, form)}{tail}"
        if length(said) <= longest:
            return said
    raise ValueError(f"{draw.key}: its name takes more than the {longest} characters of this network.")


def digest(
    lotteries: Mapping[str, Lottery],
    draws: Sequence[Draw],
    lang: str,
    link: str,
    longest: int,
    length: Callable[[str], int] = len,
    *,
    kind: Kind = "late",
    day: date | None = None,
    missing: Sequence[DrawKey] = (),
) -> str:
    """The one text of several results, at most `longest` as the network's `length` counts.

    It says what they are, then tells the first of them, a line each, as many as fit, then what is missing and where the
    rest is. A line is there whole or not at all; the link goes last. Raises ValueError when not even the title fits.
    """
    words = speak(lang)
    heading = title(lang, kind, len(draws), day)
    lacking = _missing(words, lotteries, missing)
    lines = [
        f"• {_named(words, lotteries[draw.key.lottery], draw, 'short')}: "
        f"{_numbers(words, lotteries[draw.key.lottery], draw)}"
        for draw in draws
    ]
    for shown in range(len(draws), -1, -1):
        left = len(draws) - shown
        rest = words.say("post.digest.more", count=left, link=link) if left else link
        said = "\n".join([heading, *lines[:shown], *lacking, rest])
        if length(said) <= longest:
            return said
    if length(heading) <= longest:
        return heading
    raise ValueError(f"The title of a digest takes more than the {longest} characters of this network.")


def title(lang: str, kind: Kind, count: int, day: date | None = None) -> str:
    """What a digest of so many results is, in a line."""
    words = speak(lang)
    if kind == "day" and day is not None:
        return words.say("post.digest.day", date=words.date(day))
    return words.say("post.digest.daily" if kind == "daily" else "post.digest.title", count=count)


def _missing(words: Words, lotteries: Mapping[str, Lottery], missing: Sequence[DrawKey]) -> list[str]:
    """A line that names what is missing; nothing where nothing is."""
    names = [
        f"{lotteries[key.lottery].name}{f' ({words.draw_label(key.label)})' if key.label else ''}" for key in missing
    ]
    return [words.say("post.digest.missing", names=", ".join(names))] if names else []


def _named(words: Words, lottery: Lottery, draw: Draw, form: Literal["full", "short"]) -> str:
    label = f", {words.draw_label(draw.key.label)}" if draw.key.label else ""
    return f"{lottery.name}, {words.date(draw.key.date, form)}{label}"


def _numbers(words: Words, lottery: Lottery, draw: Draw) -> str:
    era = lottery.era(draw.key.date)
    return words.numbers(era.pools if era else (), draw.numbers)
