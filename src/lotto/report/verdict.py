"""The verdict: what of the figures needs a person, in plain words, the worst first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from lotto.report.figures import Group, Report
from lotto.watch.state import State

PATIENCE = 60.0
"""Seconds that an event or a post may wait before somebody should look; services are heard of more often than that."""

DOUBT = 300.0
"""Seconds in which the publisher settles a post in doubt by itself, where its network lets it."""

UNASKED = 600.0
"""Seconds that a source may be due without being asked before somebody should look whether anyone asks at all."""

SOON = 14 * 86_400.0
"""Seconds before an account's credentials end, when somebody should make new ones."""

NOUNS = {"new_result": "result", "image_ready": "picture"}
"""What waits on which stream."""


class Kind(StrEnum):
    """What sort of thing is in trouble; the words are public."""

    SCHEMA = "schema"
    QUEUE = "queue"
    RELAY = "relay"
    SERVICE = "service"
    POST = "post"
    ACCOUNT = "account"
    PUBLISHING = "publishing"
    WEBHOOK = "webhook"
    DEAD = "dead"
    HELD = "held"
    LATE = "late"
    SOURCE = "source"


@dataclass(frozen=True)
class Trouble:
    """One thing that needs a person. The same thing has the same `kind` and `about` for as long as it lasts."""

    kind: Kind
    about: str
    words: str
    """How it stands, in a sentence; what a source said may stand in it."""
    since: datetime | None = None
    """None where nobody can tell."""

    @property
    def key(self) -> tuple[str, str]:
        """What it is about."""
        return self.kind, self.about


def verdict(report: Report) -> str:
    """The first line: the worst of what needs a person, or that all is well."""
    found = concerns(report)
    if found:
        return found[0]
    waiting = sum(one.waiting for one in report.outbox) + sum(one.waiting for one in report.groups)
    due = sum(one.count for one in report.posts if one.state in ("planned", "sending", "unknown"))
    if not waiting and not due:
        return "All is worked off."
    parts = [_many(waiting, "event")] if waiting else []
    parts += [_many(due, "post")] if due else []
    return f"All is well: {' and '.join(parts)} {'is' if waiting + due == 1 else 'are'} on the way."


def concerns(report: Report) -> list[str]:
    """Everything that needs a person, a sentence each, the worst first; nothing when nothing does."""
    return [one.words for one in troubles(report)]


def troubles(report: Report) -> list[Trouble]:
    """The same, with what each is about."""
    if report.schema != report.schema_wanted:
        has = report.schema or "empty"
        words = f"The ledger's schema is {has} and this Lotto needs {report.schema_wanted}: run `lotto migrate`."
        return [Trouble(Kind.SCHEMA, "", words)]
    return [
        *_queue(report),
        *_outbox(report),
        *_groups(report),
        *_stopped(report),
        *_posts(report),
        *_webhooks(report),
        *_letters(report),
        *_sources(report),
    ]


def span(seconds: float) -> str:
    """A length of time as one says it: 12 s, 4 min, 3 h, 2 days."""
    age = timedelta(seconds=round(seconds))
    if age < timedelta(minutes=2):
        return f"{age.seconds} s"
    if age < timedelta(hours=2):
        return f"{age.seconds // 60} min"
    if age < timedelta(days=2):
        return f"{age // timedelta(hours=1)} h"
    return f"{age.days} days"


def is_there(group: Group) -> bool:
    """Whether a consumer of the group was heard of lately."""
    return group.heard_seconds is not None and group.heard_seconds < PATIENCE


def _queue(report: Report) -> Iterator[Trouble]:
    if report.queue_away is not None:
        words = (
            f"The queue does not answer ({report.queue_away}): results are kept and shown, "
            "cards and posts wait until it is back."
        )
        yield Trouble(Kind.QUEUE, "", words)


def _outbox(report: Report) -> Iterator[Trouble]:
    late = [one for one in report.outbox if one.oldest_seconds > PATIENCE]
    if late and report.queue_away is None:
        count, oldest = sum(one.waiting for one in late), max(one.oldest_seconds for one in late)
        why = "its log tells why" if report.speaker else "is the relay running?"
        yield Trouble(Kind.RELAY, "", f"{_wait(count, 'event')} to be said, {_oldest(count, oldest)}: {why}")
    elif not report.speaker and report.queue_away is None:
        words = "No relay is running: what happens from now on is told to nobody until one is."
        yield Trouble(Kind.RELAY, "", words)


def _groups(report: Report) -> Iterator[Trouble]:
    for one in report.groups:
        noun, oldest = NOUNS.get(one.stream, "event"), one.oldest_seconds or 0.0
        if one.waiting and not is_there(one):
            words = f"{_wait(one.waiting, noun)} for {one.group}, {_oldest(one.waiting, oldest)}: is it running?"
        elif one.waiting and oldest > PATIENCE:
            words = (
                f"{_wait(one.waiting, noun)} for {one.group}, {_oldest(one.waiting, oldest)}, "
                "though it runs: its log tells why."
            )
        elif not is_there(one):
            since = "never heard of" if one.heard_seconds is None else f"last heard of {span(one.heard_seconds)} ago"
            words = f"{one.group.capitalize()} was {since}: is it running? Nothing waits for it yet."
        else:
            continue
        yield Trouble(Kind.SERVICE, one.group, words)


def _stopped(report: Report) -> Iterator[Trouble]:
    if report.stopped:
        words = f"Publishing is stopped by {report.stopped}: nothing goes out until `lotto publish start`."
        yield Trouble(Kind.PUBLISHING, "", words)


def _posts(report: Report) -> Iterator[Trouble]:
    for one in report.posts:
        if one.state == "held":
            words = (
                f"{_many(one.count, 'post')} of {one.account} may be out or not: "
                "look there, then `lotto posts --unknown` and `lotto posts settle`."
            )
            yield Trouble(Kind.POST, f"{one.account}/held", words)
        elif report.stopped:
            continue
        elif one.state == "unknown" and one.oldest_seconds > DOUBT and one.overdue_seconds > PATIENCE:
            words = (
                f"{_many(one.count, 'post')} of {one.account} in doubt for {span(one.oldest_seconds)}: "
                "is the publisher running?"
            )
            yield Trouble(Kind.POST, f"{one.account}/unknown", words)
        elif one.state in ("planned", "sending") and one.overdue_seconds > PATIENCE and not _works(report, one.account):
            since = _oldest(one.count, one.oldest_seconds)
            words = f"{_wait(one.count, 'post')} to go out at {one.account}, {since}: is the publisher running?"
            yield Trouble(Kind.POST, f"{one.account}/{one.state}", words)
    for account in report.accounts:
        if account.resting:
            yield Trouble(Kind.ACCOUNT, account.name, f"The account {account.name} rests: {account.resting}")
        elif account.ends_seconds is not None and account.ends_seconds < SOON:
            left = f"end in {span(account.ends_seconds)}" if account.ends_seconds > 0 else "have ended"
            words = f"The credentials of {account.name} {left}: get new ones, then `lotto account add {account.name}`."
            yield Trouble(Kind.ACCOUNT, f"{account.name}/ends", words)
    for refused in report.refused:
        words = f"{refused.account} did not take the post of {refused.draw}: {refused.note}"
        yield Trouble(Kind.POST, f"{refused.account}/refused", words)


def _works(report: Report, name: str) -> bool:
    """Whether a worker holds that account."""
    return any(one.name == name and (one.lease_seconds or -1.0) > 0 for one in report.accounts)


def _letters(report: Report) -> Iterator[Trouble]:
    for consumer, count in report.dead.items():
        words = f"{consumer} gave up on {_many(count, 'event')}: `lotto dead list` tells why."
        yield Trouble(Kind.DEAD, consumer, words)
    if report.held:
        first, more = report.held[0], len(report.held) - 1
        also = f" and {_many(more, 'other draw')}" if more else ""
        words = (
            f"Held until sources agree or you decide: {first}{also}. `lotto show {first}` tells why; "
            "then `lotto approve`, `correct` or `void` it."
        )
        yield Trouble(Kind.HELD, first, words)


def _sources(report: Report) -> Iterator[Trouble]:
    asked = min((one.asked_seconds for one in report.sources if one.asked_seconds is not None), default=0.0)
    due = [one for one in report.sources if one.next_seconds is not None and one.next_seconds < -UNASKED]
    # A practice world leaps over days, and what is due in them is asked for a moment later.
    if due and asked > UNASKED and report.environment != "practice":
        many = _many(len(due), "source")
        words = f"No source was asked for {span(asked)}, and {many} should be: is the scraper running?"
        yield Trouble(Kind.SERVICE, "scraper", words)
    for late in report.late:
        yield Trouble(Kind.LATE, late.lottery or "", f"Late: {late.why}")
    for one in report.sources:
        since = "" if one.since_seconds is None else f" for {span(one.since_seconds)}"
        if one.state is State.BLOCKED:
            yield Trouble(Kind.SOURCE, one.name, f"The source {one.name} has not let us in{since}: {one.why}")
        elif one.state is State.CHANGED:
            yield Trouble(Kind.SOURCE, one.name, f"The page of {one.name} changed and cannot be read{since}: {one.why}")
        elif one.state is State.SILENT:
            yield Trouble(Kind.SOURCE, one.name, f"The source {one.name} has given nothing{since}: {one.why}")


def _webhooks(report: Report) -> Iterator[Trouble]:
    late = report.webhooks.overdue_seconds
    if late > PATIENCE and not report.stopped:
        words = f"Webhooks should have been told something {span(late)} ago: is the publisher running?"
        yield Trouble(Kind.SERVICE, "webhooks", words)
    for one in report.rested:
        whose = f"of {one.owner}" if one.owner else "of ours"
        words = (
            f"The webhook at {one.host} {whose} rests: {one.why} `lotto webhook log {one.id[:8]}` shows its tries, "
            f"`lotto webhook wake {one.id[:8]}` wakes it, `lotto webhook remove {one.id[:8]}` ends this."
        )
        yield Trouble(Kind.WEBHOOK, one.id, words)


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _wait(count: int, noun: str) -> str:
    return f"{_many(count, noun)} {'waits' if count == 1 else 'wait'}"


def _oldest(count: int, seconds: float) -> str:
    return f"for {span(seconds)}" if count == 1 else f"the oldest for {span(seconds)}"
