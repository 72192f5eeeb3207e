"""A notice: what the operator is told at once, for people and for machines. Pure.

What a source said may stand in the sentences, so nothing that could steer a terminal, a mail's header or the direction
of writing gets into them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Self
from uuid import UUID

from lotto.sentence import clean

MOST = 100
"""Of each sort so many are told one by one, and of the others how many they are."""

_SUBJECT = 120


@dataclass(frozen=True)
class Line:
    """One trouble in a notice."""

    kind: str
    about: str
    words: str
    since: datetime | None = None


@dataclass(frozen=True)
class Notice:
    """What began, what lasts and what is over, at one site."""

    id: UUID
    made_at: datetime
    site: str
    environment: str
    type: Literal["alerts.changed", "alerts.test"] = "alerts.changed"
    begun: Sequence[Line] = ()
    still: Sequence[Line] = ()
    over: Sequence[Line] = ()

    def body(self) -> dict[str, Any]:
        """As it is kept and sent to machines."""
        return {
            "type": self.type,
            "timestamp": self.made_at.isoformat(),
            "data": {"site": self.site, "environment": self.environment}
            | {name: _told(lines) for name, lines in self._parts().items()}
            | {"more": {name: max(0, len(lines) - MOST) for name, lines in self._parts().items()}},
        }

    def subject(self) -> str:
        """One line of it, the newest first."""
        mark = "[Lotto practice]" if self.environment == "practice" else "[Lotto]"
        if self.type == "alerts.test":
            return f"{mark} This is a test"
        first = next(lines[0].words for lines in self._parts().values() if lines)
        more = sum(map(len, self._parts().values())) - 1
        over = "" if self.begun or self.still else "Over: "
        also = f" (and {more} more)" if more else ""
        return f"{mark} {over}{clean(first)}"[: _SUBJECT - len(also)] + also

    def text(self) -> str:
        """All of it, for people."""
        if self.type == "alerts.test":
            return f"This is a test of the alerts of {self.site}. Nothing is wrong, and nothing is to be done.\n"
        said = []
        titles = {"begun": "This needs somebody:", "still": "This still does:", "over": "This is over:"}
        for name, lines in self._parts().items():
            if lines:
                said += [titles[name], *(f"- {clean(one.words)}{_since(one)}" for one in lines[:MOST])]
                said += [f"- and {len(lines) - MOST} more"] if len(lines) > MOST else []
                said.append("")
        said.append(f"At {self.site}. `lotto alerts` lists what is open, `lotto status` tells how the house is.")
        return "\n".join(said) + "\n"

    def _parts(self) -> Mapping[str, Sequence[Line]]:
        return {"begun": self.begun, "still": self.still, "over": self.over}

    @classmethod
    def read(cls, id: UUID, body: Any) -> Self:  # noqa: A002 - the same name as its field
        """A notice as it was kept."""
        data = body["data"]
        parts = {
            name: [
                Line(one["kind"], one["about"], one["words"], one["since"] and datetime.fromisoformat(one["since"]))
                for one in data[name]
            ]
            + [Line("", "", "…")] * data["more"][name]
            for name in ("begun", "still", "over")
        }
        made_at = datetime.fromisoformat(body["timestamp"])
        return cls(id, made_at, data["site"], data["environment"], body["type"], **parts)


def _told(lines: Sequence[Line]) -> list[dict[str, str | None]]:
    return [
        {
            "kind": one.kind,
            "about": clean(one.about),
            "words": clean(one.words),
            "since": one.since.isoformat() if one.since else None,
        }
        for one in lines[:MOST]
    ]


def _since(line: Line) -> str:
    return f" (since {line.since:%Y-%m-%d %H:%M} UTC)" if line.since else ""
