"""What the ledger holds in the end, against what was drawn: counted row by row, and no rule is asked of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from lotto.draws.draw import DrawKey
from lotto.ledger.connection import Ledger
from lotto.watch.asks import LOOK_AGAIN
from year.numbers import kept
from year.source import YearDoor
from year.telling import Telling
from year.truth import Held

SHOWN = ("confirmed", "provisional")

LOOKS = ("another source's word", *(f"its look after {after}" for after in LOOK_AGAIN), "never: nobody showed it")


@dataclass
class Report:
    """Counts add up over parts; lists hold a sentence each."""

    lotteries: int = 0
    zones: set[str] = field(default_factory=set)
    draws: int = 0
    asks: int = 0
    stands: Counter[str] = field(default_factory=Counter)
    """How the draws that were held stand in the end; a draw that nobody told is `untold`."""
    decided: int = 0
    """Draws that stand right and published, without a person."""
    wrong_confirmed: list[str] = field(default_factory=list)
    wrong_in_the_end: list[str] = field(default_factory=list)
    wrong_provisional: Counter[str] = field(default_factory=Counter)
    """By the look that put it right."""
    lasted: list[str] = field(default_factory=list)
    """Wrong provisionals that stood although a page with the right values had been read."""
    held: list[str] = field(default_factory=list)
    """Everything that waits for a person, also what was no draw."""
    unexplained: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    misplaced: list[str] = field(default_factory=list)
    special: Counter[str] = field(default_factory=Counter)
    """Draws of nights in which clocks change, of the turn of the year, moved, of reformed rules: how many, decided."""
    told_wrong: Counter[str] = field(default_factory=Counter)
    """By fault: how many draws."""
    met: Counter[str] = field(default_factory=Counter)
    """By trouble: how many answers."""

    def add(self, other: "Report") -> None:
        """Takes in another part."""
        for name, value in vars(other).items():
            mine = getattr(self, name)
            setattr(self, name, mine | value if isinstance(mine, set) else mine + value)

    def __str__(self) -> str:
        share = self.decided / max(1, self.draws)
        lines = [
            f"{self.lotteries} lotteries of {len(self.zones)} zones, {self.draws:,} draws, {self.asks:,} asks",
            *(f"  {self.stands[one]:>8,}  {one}" for one in sorted(self.stands)),
            f"  {share:>8.3%}  decided without a person",
            f"  {len(self.wrong_confirmed):>8,}  wrong confirmed",
            f"  {self.wrong_provisional.total():>8,}  wrong provisional, {len(self.lasted)} lasted; put right by",
            *(f"  {self.wrong_provisional[one]:>12,}  {one}" for one in LOOKS if self.wrong_provisional[one]),
            "special draws, how many of them are decided and in their place, and how many wait for a person",
            *(
                f"  {self.special[one]:>8,}  {one}, {self.special[one + ', right']:,} right, "
                f"{self.special[one + ', held']:,} held"
                for one in sorted(self.special)
                if not one.endswith((", right", ", held"))
            ),
            "told wrong, draws by fault: " + ", ".join(f"{n:,} {one}" for one, n in sorted(self.told_wrong.items())),
            "answers by trouble: " + ", ".join(f"{n:,} {one or 'none'}" for one, n in sorted(self.met.items())),
            f"{len(self.held)} held for a person",
            *(f"  {one}" for one in sorted(self.held)),
            f"{len(self.undecided)} draws undecided",
            *(f"  {one}" for one in sorted(self.undecided)),
        ]
        return "\n".join(lines)


async def check(url: str, telling: Telling, door: YearDoor, until: datetime) -> Report:
    """What became of every draw held up to then."""
    truth = telling.truth
    history, first_told = await _ledger(url)
    report = Report(len(truth.world.real), {one.zone.key for one in truth.world.real.values()}, asks=door.asks)
    report.met = Counter(door.met)
    for key, bodies in history.items():
        held = truth.by_key.get(key)
        right = kept(truth.world.real[key.lottery], key, held.numbers) if held else {}
        _judge_history(report, key, bodies, right, door.right.get(key, []), first_told)
        last = bodies[-1]
        if held and not held.surprise and datetime.fromisoformat(last["drawn_at"]) != held.at:
            report.misplaced.append(f"{key} at {last['drawn_at']}, was held {held.at}")
        if last["status"] == "held":
            why = f"{telling.fault(held)}{held.surprise and f', {held.surprise}'}" if held else "no draw"
            report.held.append(f"{key}: {last['reason']} [{why}]")
            if not any(name in last["reason"] for name in truth.world.real[key.lottery].sources):
                report.unexplained.append(f"{key}: {last['reason']}")
    for key, held in truth.by_key.items():
        if truth.since <= held.at <= until:
            _count(report, telling, held, history.get(key, []))
    return report


def _judge_history(
    report: Report,
    key: DrawKey,
    bodies: Sequence[Mapping[str, Any]],
    right: Mapping[str, list[object]],
    shown: Sequence[datetime],
    first_told: Mapping[tuple[DrawKey, str], datetime],
) -> None:
    for n, body in enumerate(bodies):
        if body["status"] not in SHOWN or not _differs(body["numbers"], right):
            continue
        if body["status"] == "confirmed":
            report.wrong_confirmed.append(f"{key} {body['numbers']} was {right}")
            continue
        since = datetime.fromisoformat(body["updated_at"])
        after = bodies[n + 1] if n + 1 < len(bodies) else None
        mended = datetime.fromisoformat(after["updated_at"]) if after else None
        if mended is None:
            report.wrong_in_the_end.append(f"{key} {body['numbers']} was {right}")
        report.wrong_provisional[_look(key, body, after, first_told)] += 1
        seen = next((at for at in shown if at > since), None)
        if seen is not None and (mended is None or mended > seen):
            report.lasted.append(f"{key} stood after {seen}")


def _look(
    key: DrawKey,
    body: Mapping[str, Any],
    after: Mapping[str, Any] | None,
    first_told: Mapping[tuple[DrawKey, str], datetime],
) -> str:
    """Whose word, and at which look, ended a wrong provisional."""
    if after is None:
        return LOOKS[-1]
    before = {one["source"]: one["numbers"] for one in body["sources"]}
    moved = [one for one in after["sources"] if before.get(one["source"]) != one["numbers"]]
    own = [one for one in moved if one["source"] in before]
    if not own:
        return LOOKS[0]
    age = datetime.fromisoformat(after["updated_at"]) - first_told[key, own[0]["source"]]
    return f"its look after {max((one for one in LOOK_AGAIN if one <= age), default=LOOK_AGAIN[0])}"


def _count(report: Report, telling: Telling, held: Held, bodies: Sequence[Mapping[str, Any]]) -> None:
    key, last = held.key, bodies[-1] if bodies else {"status": "untold", "reason": "", "numbers": {}}
    lottery = telling.truth.world.real[key.lottery]
    right = kept(lottery, key, held.numbers)
    report.draws += 1
    report.stands[last["status"]] += 1
    fault = telling.fault(held)
    if fault.kind:
        report.told_wrong[fault.kind] += 1
    is_decided = last["status"] in SHOWN and not _differs(last["numbers"], right)
    report.decided += is_decided
    if not is_decided:
        report.undecided.append(f"{key} {last['status']}: {last['reason']} [{fault} {held.surprise}]")
    in_place = is_decided and (held.surprise or datetime.fromisoformat(last["drawn_at"]) == held.at)
    for one in _special(telling, held):
        report.special[one] += 1
        report.special[f"{one}, right"] += bool(in_place)
        report.special[f"{one}, held"] += last["status"] == "held"


def _special(telling: Telling, held: Held) -> list[str]:
    """What is special of the day or of the draw."""
    lottery, day = telling.truth.world.real[held.key.lottery], held.key.date
    found = [held.surprise] if held.surprise else []
    noons = [datetime(day.year, day.month, day.day, hour, tzinfo=lottery.zone).utcoffset() for hour in (0, 23)]
    if noons[0] != noons[1]:
        found.append("the day clocks change")
    if (day.month, day.day) in ((12, 31), (1, 1)):
        found.append("the turn of the year")
    if day in lottery.special_days:
        found.append("a special day")
    reform = telling.truth.world.reforms.get(lottery.id)
    if reform and timedelta(0) <= day - reform < timedelta(days=30):
        found.append("the month after a reform")
    starts = [one.starts_on for one in lottery.eras]
    if any(timedelta(0) <= day - start < timedelta(days=30) for start in starts if start != reform):
        found.append("the month after new rules of the real game")
    return found


def _differs(ours: Mapping[str, Sequence[object]], right: Mapping[str, Sequence[object]]) -> bool:
    """Whether a pool that is published is another than was drawn, or nothing was."""
    return not right or any(list(values) != list(right.get(name, ())) for name, values in ours.items())


async def _ledger(
    url: str,
) -> tuple[dict[DrawKey, list[dict[str, Any]]], dict[tuple[DrawKey, str], datetime]]:
    history: dict[DrawKey, list[dict[str, Any]]] = {}
    first_told: dict[tuple[DrawKey, str], datetime] = {}
    async with Ledger(url, "year", "practice") as ledger, ledger.reading() as conn:
        rows = await conn.execute(
            """SELECT lottery, date, label, body->>'status' AS status, body->'numbers' AS numbers,
                      body->>'reason' AS reason, body->>'updated_at' AS updated_at, body->>'drawn_at' AS drawn_at,
                      body->'sources' AS sources
               FROM result ORDER BY seq"""
        )
        async for row in rows:
            key = DrawKey(row.pop("lottery"), row.pop("date"), row.pop("label"))
            history.setdefault(key, []).append({**row, "numbers": row["numbers"] or {}})
        rows = await conn.execute(
            "SELECT lottery, date, label, source, min(observed_at) AS at FROM observation GROUP BY 1, 2, 3, 4"
        )
        async for row in rows:
            first_told[DrawKey(row["lottery"], row["date"], row["label"]), row["source"]] = row["at"]
    return history, first_told
