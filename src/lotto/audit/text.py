"""What the audit found, as text for people and as plain data for machines."""

from collections.abc import Iterator, Sequence
from typing import Any

from lotto.audit.compare import Audited
from lotto.audit.finding import Finding, Kind, Said
from lotto.draws.draw import Seen


def lines(one: Finding) -> Iterator[str]:
    """A finding: its first line says what it is, the others what each witness shows."""
    draws = f"{one.key} to {one.until.date}" if one.until else str(one.key)
    if one.until and one.until.label:
        draws += f"/{one.until.label}"
    about = {
        Kind.DIFFER: "sources differ.",
        Kind.CHANGED: f"{one.source} says two things.",
        Kind.MOVED: f"{one.source} has it as {one.shown_at}.",
        Kind.REPEATED: f"{one.source} repeats {one.shown_at}." if one.shown_at else f"{one.source}:",
        Kind.RULE: f"{one.source}:",
        Kind.OPEN: f"{one.source} shows a part.",
        Kind.GAP: f"{one.source} lacks {'it' if one.count == 1 else f'these {one.count}'}.",
        Kind.UNSEEN: f"nobody has {'it' if one.count == 1 else f'these {one.count}'}.",
    }[one.kind]
    yield " ".join(filter(None, (f"{one.kind:<8}", draws, about, one.words)))
    widest = max((len(_witness(said)) for said in one.said), default=0)
    for said in one.said:
        yield f"         {_witness(said):<{widest}}  {_spelled(said.numbers)}{_whose(said)}"


def plain(audited: Sequence[Audited]) -> dict[str, Any]:
    """Everything, for machines: `lotteries` with their figures and findings."""
    return {"lotteries": [_plain(one) for one in audited]}


def _plain(one: Audited) -> dict[str, Any]:
    tally = one.tally
    return {
        "lottery": one.lottery,
        "sources": tally.sources,
        "draws": tally.draws,
        "compared": tally.compared,
        "agreeing": tally.agreeing,
        "disagreeing": tally.disagreeing,
        "gaps": dict(tally.gaps),
        "unseen": tally.unseen,
        "findings": [_finding(finding) for finding in one.findings],
    }


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "draw": str(one.key),
        "until": str(one.until) if one.until else None,
        "count": one.count,
        "source": one.source or None,
        "shown_at": str(one.shown_at) if one.shown_at else None,
        "words": one.words,
        "said": [
            {
                "source": said.source,
                "origin": said.origin,
                "official": said.official,
                "page": said.page or None,
                "numbers": said.numbers,
                "observed_at": said.observed_at,
            }
            for said in one.said
        ],
    }


def _witness(said: Said) -> str:
    return f"{said.source} ({said.page})" if said.page else said.source


def _whose(said: Said) -> str:
    return f"  [{said.origin}{', official' if said.official else ''}]"


def _spelled(numbers: Seen) -> str:
    pools = (f"{name} {' '.join('?' if v is None else str(v) for v in values)}" for name, values in numbers.items())
    return ", ".join(pools)
