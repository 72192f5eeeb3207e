"""What is told when: pure rules over what was in trouble before, and what is in trouble now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lotto.alerts.look import Look
from lotto.ledger.alerts import Alert
from lotto.report.verdict import Trouble

GATHER = timedelta(seconds=60)
"""So long a trouble must last before it is told; what begins meanwhile goes along, and what passes is not told."""

CALM = timedelta(minutes=3)
"""So long a trouble must be gone before it is over: what comes and goes is one trouble."""

DAILY = timedelta(hours=24)
"""What lasts is told again so often."""

ALONG = timedelta(hours=12)
"""What was told so long ago goes along when something else is told again, so that there is one message a day."""


@dataclass(frozen=True)
class Change:
    """What is to be written and told after a look."""

    new: Sequence[Trouble]
    """Seen for the first time, and not told yet."""
    lasting: Sequence[tuple[Alert, Trouble]]
    """Seen again, told or not."""
    ended: Sequence[Alert]
    """Over, told or not."""
    begun: Sequence[Trouble]
    """To be told for the first time."""
    still: Sequence[Trouble]
    """To be told again."""
    over: Sequence[Alert]
    """To be told that it is over."""

    @property
    def is_news(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.begun or self.still or self.over)


def change(standing: Sequence[Alert], look: Look, now: datetime) -> Change:
    """What changes, when `standing` was not over before this look."""
    seen = {one.key: one for one in look.troubles}
    known = {one.key for one in standing}
    lasting = [(one, seen[one.key]) for one in standing if one.key in seen]
    ended = [
        one for one in standing if one.key not in seen and one.kind not in look.blind and now - one.seen_at >= CALM
    ]
    untold = [(alert, trouble) for alert, trouble in lasting if alert.told_at is None]
    ripe = any(now - alert.begun_at >= GATHER for alert, _ in untold)
    told = [(alert.told_at, trouble) for alert, trouble in lasting if alert.told_at is not None]
    again = any(now - at >= DAILY for at, _ in told)
    new = [one for one in look.troubles if one.key not in known]
    return Change(
        new=new,
        lasting=lasting,
        ended=ended,
        begun=[*(trouble for _, trouble in untold), *new] if ripe else [],
        still=[trouble for at, trouble in told if now - at >= ALONG] if again else [],
        over=[one for one in ended if one.told_at is not None],
    )
