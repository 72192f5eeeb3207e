"""What is in trouble: pure, out of the report and of what the sources are up to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lotto.report.figures import Report
from lotto.report.verdict import Kind, Trouble, troubles
from lotto.watch.state import Standing, State

TOLD_BY_THE_WATCH = frozenset({Kind.SOURCE, Kind.LATE, Kind.HELD})
"""Of these the watch and the ledger know each one; the report only counts them."""

ABSENT = frozenset({State.BLOCKED, State.CHANGED, State.SILENT})
"""A source that is one of these gives nothing."""


@dataclass(frozen=True)
class Look:
    """All that is in trouble at one moment, and of which kinds nothing can be told at that moment."""

    troubles: Sequence[Trouble]
    blind: Collection[str] = ()


def look(report: Report, standings: Sequence[Standing], held: Sequence[str]) -> Look:
    """What is in trouble; `held` are all draws about which sources disagree.

    A late result is told when every source of its lottery is late with it: one that is late alone costs nobody
    anything.
    """
    found = [one for one in troubles(report) if one.kind not in TOLD_BY_THE_WATCH]
    found += [
        Trouble(Kind.HELD, draw, f"Sources disagree about {draw}: nothing is told of it until they agree.")
        for draw in held
    ]
    for one in standings:
        if one.source and one.state in ABSENT:
            name = f"{one.source} ({one.lottery})" if one.lottery else one.source
            about = "/".join(filter(None, (one.source, one.state, one.lottery)))
            found.append(Trouble(Kind.SOURCE, about, f"The source {name} is {one.state}: {one.why}", one.since))
        elif not one.source and one.state is State.LATE:
            found.append(Trouble(Kind.LATE, one.lottery or "", f"{one.lottery} is late: {one.why}", one.since))
    blind = {Kind.SERVICE, Kind.RELAY} if report.queue_away is not None else set()
    return Look(list({one.key: one for one in found}.values()), blind)
