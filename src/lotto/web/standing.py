"""How sure we are of a draw, in a sign and plain words; and why no numbers stand where none do."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lotto.draws.draw import Act, Status
from lotto.draws.lottery import Lottery
from lotto.draws.pool import Pool
from lotto.web.answers import DrawAnswer, Witness
from lotto.web.moments import listed, moment
from lotto.words import Words


@dataclass(frozen=True)
class Standing:
    """How far we hold a draw true."""

    kind: str
    """Chooses sign and colour: a status, or `corrected`."""
    words: str
    when: str


@dataclass(frozen=True)
class Note:
    """Something to know before the numbers, or in their place."""

    title: str
    why: str
    alarming: bool


def standing(words: Words, draw: DrawAnswer, lottery: Lottery, today: dt.date) -> Standing:
    """The draw's status, and since when it stands so on the lottery's own clock."""
    corrected = draw.revision > 1 and draw.status in (Status.CONFIRMED, Status.PROVISIONAL)
    since = draw.decided_at or draw.updated_at or draw.observed_at if draw.status is not Status.SCHEDULED else None
    return Standing(
        kind="corrected" if corrected else draw.status.value,
        words=words.status(draw.draw, lottery),
        when=moment(words, since, lottery.zone, today) if since else "",
    )


def note(words: Words, draw: DrawAnswer, pools: Sequence[Pool]) -> Note | None:
    """Why there are no numbers, or why those that stand are looked at again; None when all is plain."""
    match draw.status:
        case Status.HELD if draw.decision and draw.decision.kind is Act.HOLD:
            title = words.say("page.held.again" if draw.numbers else "page.held.title")
            return Note(title, words.say("page.held.person", reason=draw.decision.reason), alarming=True)
        case Status.HELD if draw.numbers:
            why = words.say("page.held.published", sources=_publishers(words, draw.sources))
            return Note(words.say("page.held.again"), why, alarming=True)
        case Status.HELD:
            return Note(words.say("page.held.title"), _held(words, draw, pools), alarming=True)
        case Status.VOID:
            return Note(
                words.say("page.void.title"),
                words.say("page.void.why", reason=draw.decision.reason if draw.decision else draw.reason),
                alarming=True,
            )
        case Status.SCHEDULED:
            title = words.say("page.expected.one" if draw.sources else "page.expected.none")
            why = words.say("page.expected.why_one" if draw.sources else "page.expected.why_none")
            return Note(title, why, alarming=False)
        case _:
            return None


def _held(words: Words, draw: DrawAnswer, pools: Sequence[Pool]) -> str:
    """Who disagrees about what: never a value, for one of them is wrong."""
    sources = _publishers(words, draw.sources)
    if any(one.objections for one in draw.sources) and not any(one.agrees for one in draw.sources):
        return words.say("page.held.by_rule", sources=sources)
    about = [words.pool(pool) or words.say("page.held.main") for pool in disputed(pools, draw.sources)]
    return words.say("page.held.about", sources=sources, pools=listed(words, about or [words.say("page.held.main")]))


def disputed(pools: Sequence[Pool], sources: Sequence[Witness]) -> Iterator[Pool]:
    """The pools of which two sources tell different values."""
    for pool in pools:
        said = {one.numbers[pool.name] for one in sources if pool.name in one.numbers}
        if len({values for values in said if None not in values}) > 1:
            yield pool


def _publishers(words: Words, sources: Sequence[Witness]) -> str:
    return listed(words, list(dict.fromkeys(one.publisher for one in sources)))
