"""The verdict: each thing that needs a person is told in one sentence, and what needs none is not."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lotto.report.figures import Account, Group, Late, Outbox, Posts, Refused, Report, Source
from lotto.report.verdict import concerns, span, verdict
from lotto.watch.state import State

IMAKER = Group("new_result", "imaker", 0, 0, None, None, 1.0)
HELD = Posts("ours", "held", 1, 10.0, 10.0)
READ = Source("us_texas", 60.0, 60.0, "read", "")
WELL = Report(
    datetime(2024, 11, 3, tzinfo=UTC),
    "live",
    "0002",
    "0002",
    speaker=True,
    groups=(IMAKER,),
    accounts=(Account("ours", "paper", "one", 50.0, ""),),
    sources=(READ,),
)


def test_a_house_where_nothing_waits_has_worked_off_all():
    assert (verdict(WELL), concerns(WELL)) == ("All is worked off.", [])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"groups": (replace(IMAKER, lag=2, oldest_seconds=5.0),)}, "All is well: 2 events are on the way."),
        ({"outbox": (Outbox("new_result", 1, 3.0),)}, "All is well: 1 event is on the way."),
        ({"posts": (Posts("ours", "planned", 3, 900.0, 900.0),)}, "All is well: 3 posts are on the way."),
        ({"posts": (Posts("ours", "sent", 9, 9e6, 9e6),)}, "All is worked off."),
        ({"sources": (replace(READ, outcome="failed", read_seconds=600.0),)}, "All is worked off."),
        ({"sources": (replace(READ, asked_seconds=60.0, next_seconds=-640.0),)}, "All is worked off."),
        (
            {"sources": (replace(READ, asked_seconds=700.0, next_seconds=-640.0),), "environment": "practice"},
            "All is worked off.",
        ),
        ({"sources": (replace(READ, state=State.LATE), replace(READ, state=State.DISAGREEING))}, "All is worked off."),
        ({"sources": (Source("us_texas", None, None, None, ""),)}, "All is worked off."),
    ],
)
def test_what_goes_its_way_needs_nobody(change, said):
    report = replace(WELL, **change)
    assert (verdict(report), concerns(report)) == (said, [])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema": "0001"}, "The ledger's schema is 0001 and this Lotto needs 0002: run `lotto migrate`."),
        ({"queue_away": "refused", "groups": ()}, "The queue does not answer (refused): results are kept and shown"),
        ({"speaker": False}, "No relay is running"),
        (
            {"speaker": False, "outbox": (Outbox("new_result", 3, 240.0),)},
            "3 events wait to be said, the oldest for 4 min: is the relay running?",
        ),
        ({"outbox": (Outbox("new_result", 1, 240.0),)}, "1 event waits to be said, for 4 min: its log tells why"),
        (
            {"groups": (replace(IMAKER, lag=2, pending=1, oldest_seconds=240.0, heard_seconds=250.0),)},
            "3 results wait for imaker, the oldest for 4 min: is it running?",
        ),
        (
            {"groups": (replace(IMAKER, pending=1, oldest_seconds=7200.0),)},
            "1 result waits for imaker, for 2 h, though it runs: its log tells why.",
        ),
        ({"groups": (replace(IMAKER, heard_seconds=None),)}, "Imaker was never heard of: is it running?"),
        ({"posts": (HELD,)}, "1 post of ours may be out or not"),
        (
            {"posts": (replace(HELD, state="unknown", oldest_seconds=900.0, overdue_seconds=800.0),)},
            "1 post of ours in",
        ),
        (
            {"posts": (Posts("ours", "planned", 2, 900.0, 900.0),), "accounts": ()},
            "2 posts wait to go out at ours, the oldest for 15 min: is the publisher running?",
        ),
        (
            {"accounts": (Account("ours", "paper", "one", 50.0, "A bad token."),)},
            "The account ours rests: A bad token.",
        ),
        (
            {"accounts": (Account("ours", "threads", "one", 50.0, "", 5 * 86_400.0),)},
            "The credentials of ours end in 5 days: get new ones, then `lotto account add ours`.",
        ),
        (
            {"accounts": (Account("ours", "threads", "one", 50.0, "", -9.0),)},
            "The credentials of ours have ended: get new ones",
        ),
        (
            {"refused": (Refused("ours", "id", "us_powerball/2024-11-02", "Too long."),)},
            "ours did not take the post of",
        ),
        ({"dead": {"imaker": 1}}, "imaker gave up on 1 event: `lotto dead list` tells why."),
        (
            {"held": ("a/2024-01-01", "b/2024-01-01")},
            "Held until sources agree or you decide: a/2024-01-01 and 1 other draw. `lotto show a/2024",
        ),
        (
            {"sources": (replace(READ, state=State.CHANGED, since_seconds=7300.0, why="No table."),)},
            "The page of us_texas changed and cannot be read for 2 h: No table.",
        ),
        (
            {"sources": (replace(READ, state=State.SILENT, since_seconds=7300.0, why="It answered 503."),)},
            "The source us_texas has given nothing for 2 h: It answered 503.",
        ),
        (
            {"sources": (replace(READ, state=State.BLOCKED, why="It answered 403."),)},
            "The source us_texas has not let us in: It answered 403.",
        ),
        (
            {"sources": (replace(READ, asked_seconds=700.0, next_seconds=-640.0),)},
            "No source was asked for 11 min, and 1 source should be: is the scraper running?",
        ),
        ({"late": (Late("us_powerball", "us_powerball/2024-11-02 not told yet."),)}, "Late: us_powerball/2024-11-02"),
    ],
)
def test_what_needs_a_person_is_told_in_a_sentence(change, said):
    (found,) = concerns(replace(WELL, **change))
    assert found.startswith(said)
    assert verdict(replace(WELL, **change)) == found


def test_the_worst_is_told_first():
    report = replace(WELL, dead={"imaker": 1}, posts=(HELD,), queue_away="refused", groups=())
    assert [one.split()[0] for one in concerns(report)] == ["The", "1", "imaker"]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.4, "0 s"), (119.0, "119 s"), (120.0, "2 min"), (7199.0, "119 min"), (7200.0, "2 h"), (200_000.0, "2 days")],
)
def test_a_length_of_time_is_told_as_one_says_it(seconds, said):
    assert span(seconds) == said
