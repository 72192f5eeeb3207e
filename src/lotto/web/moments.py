"""How pages word moments: today's date, “23:14 New York”, “in 2 days 16 hours”."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_day_names, get_month_names, tokenize_pattern
from babel.lists import format_list
from babel.units import format_unit

from lotto.words import Words

UTC = ZoneInfo("UTC")

PLACES = {"E": "{weekday}", "d": "{day}", "M": "{month}"}
"""What stands for each field of a date's pattern where a script fills it in."""

MONDAY = dt.date(2024, 1, 1)
"""Any Monday: days of the week are named by dates."""


def day(words: Words, on: dt.date, today: dt.date) -> str:
    """The day as a reader of `today` would say it: the year only when it is another one."""
    return pattern(words, on, "page.date.near") if on.year == today.year else words.date(on, "short")


def pattern(words: Words, on: dt.date, key: str) -> str:
    """The day by a CLDR pattern of the catalogue."""
    return format_date(on, words.say(key), locale=words.say("language.locale"))


def brief(words: Words, at: dt.datetime, zone: ZoneInfo, today: dt.date) -> str:
    """The instant in the fewest words: “22:59”, “Sun 14:30”, “13 May 2022”."""
    on, time = at.astimezone(zone).date(), words.time(at, zone)
    if on == today:
        return time
    return f"{pattern(words, on, 'page.date.weekday')} {time}" if abs(on - today).days < 7 else day(words, on, today)


def capital(text: str) -> str:
    """The text as a heading begins: many languages write days small."""
    return text[:1].upper() + text[1:]


def clock(words: Words, at: dt.datetime, zone: ZoneInfo) -> str:
    """The wall clock to the second, for evidence: “23:03:41”."""
    return format_time(at, words.say("page.date.seconds"), tzinfo=zone, locale=words.say("language.locale"))


def moment(words: Words, at: dt.datetime, zone: ZoneInfo, today: dt.date) -> str:
    """The instant on the wall clock of that zone, the day named when it is not today: “Fri 1 Nov, 21:22”."""
    on, time = at.astimezone(zone).date(), words.time(at, zone)
    return time if on == today else words.say("page.date.with_time", date=day(words, on, today), time=time)


def exact(words: Words, at: dt.datetime, zone: ZoneInfo) -> str:
    """The instant whole and to the second: “2 Nov 2024, 23:03:41”."""
    on = words.date(at.astimezone(zone).date(), "short")
    return words.say("page.date.with_time", date=on, time=clock(words, at, zone))


@dataclass(frozen=True)
class Dates:
    """What a script needs to tell a moment in the words of `moment`."""

    days: tuple[str, ...]
    """From Monday on."""
    months: tuple[str, ...]
    moment: str
    """A moment of another day, with the places `{weekday}`, `{day}`, `{month}`, `{time}`."""


@cache
def dates(words: Words) -> Dates:
    """The language's short names of days and months, and the order it tells them in."""
    locale = words.say("language.locale")
    days = get_day_names("abbreviated", locale=locale)
    months = get_month_names("abbreviated", locale=locale)
    tokens = tokenize_pattern(words.say("page.date.near"))
    on = "".join(part if isinstance(part, str) else PLACES[part[0]] for _, part in tokens)
    return Dates(
        days=tuple(days[number] for number in range(7)),
        months=tuple(months[number] for number in range(1, 13)),
        moment=words.say("page.date.with_time", date=on, time="{time}"),
    )


def moment_utc(words: Words, at: dt.datetime, today: dt.date) -> str:
    """The instant where no place has a claim to it; the script tells it in the reader's own zone."""
    return words.say("page.date.utc", time=moment(words, at, UTC, today))


def span(words: Words, length: dt.timedelta) -> str:
    """How long, in the two largest units that matter: “2 days 16 hr”, “15 hr 20 min”, “4 min”."""
    minutes = int(length.total_seconds()) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    locale = words.say("language.locale")
    if days:
        parts = [format_unit(days, "day", "long", locale=locale), format_unit(hours, "hour", "short", locale=locale)]
        return " ".join(parts if hours else parts[:1])
    parts = [format_unit(hours, "hour", "short", locale=locale), format_unit(minutes, "minute", "short", locale=locale)]
    return " ".join(parts if hours and minutes else parts[:1] if hours else parts[1:])


def listed(words: Words, items: list[str]) -> str:
    """The items in a sentence: “Monday, Wednesday and Saturday”."""
    return format_list(items, style="standard", locale=words.say("language.locale"))


def weekdays(words: Words, days: frozenset[int]) -> str:
    """The days a draw is held on, in a sentence; 0 is Monday."""
    if len(days) == 7:
        return words.say("page.rules.daily")
    return listed(words, [words.weekday(MONDAY + dt.timedelta(days=number)) for number in sorted(days)])
