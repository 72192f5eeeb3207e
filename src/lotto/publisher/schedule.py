"""The schedule of an account, as its table in the accounts file tells it."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lotto.publisher import timing
from lotto.publisher.networks.network import Facts
from lotto.publisher.timing import BadTime, Complete, Daily, Moment, Quiet, Rate

WAYS = ("at_once", "daily", "complete")


class BadKey(ValueError):
    """A key of the table cannot be so; the message is a sentence."""

    def __init__(self, key: str, sentence: str) -> None:
        super().__init__(sentence)
        self.key = key


@dataclass(frozen=True)
class Schedule:
    """When an account tells what it tells."""

    when: Daily | Complete | None = None
    """None: at once."""
    quiet: Quiet | None = None
    rate: Rate | None = None


def read(facts: Facts) -> Schedule:
    """The schedule of that account; raises BadKey."""
    zone = _zone(facts.zone)
    try:
        quiet = timing.hours(facts.quiet, zone) if facts.quiet else None
    except BadTime as error:
        raise BadKey("quiet", f"`quiet` cannot be “{facts.quiet}”; {error}.") from None
    try:
        rate = timing.rate(facts.rate) if facts.rate else None
    except BadTime as error:
        raise BadKey("rate", f"`rate` cannot be “{facts.rate}”; {error}.") from None
    return Schedule(_when(facts, zone), quiet, rate)


def _when(facts: Facts, zone: ZoneInfo) -> Daily | Complete | None:
    if facts.when not in WAYS:
        raise BadKey("when", f"`when` cannot be “{facts.when}”; there are {', '.join(WAYS)}.")
    if facts.when == "at_once":
        if facts.at:
            raise BadKey("at", '`at` goes with `when = "daily"` or `when = "complete"`; say which.')
        return None
    if not facts.at:
        what = "the time of the digest" if facts.when == "daily" else "the deadline"
        raise BadKey("when", f"`at` is missing here: it is {what}; write it like 20:30.")
    try:
        moment = Moment(timing.clock(facts.at), zone)
    except BadTime as error:
        raise BadKey("at", f"`at` cannot be “{facts.at}”; {error}.") from None
    if facts.when == "complete" and not (facts.lotteries or facts.collections or facts.countries):
        raise BadKey("when", "What is complete must be named: `collections`, `countries` or `lotteries`.")
    if facts.when == "complete" and facts.minimum_jackpot:
        raise BadKey("minimum_jackpot", '`minimum_jackpot` goes with no `when = "complete"`: no day would be whole.')
    return Daily(moment) if facts.when == "daily" else Complete(moment)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadKey("zone", f"“{name}” is no time zone; write one such as America/New_York.") from None
