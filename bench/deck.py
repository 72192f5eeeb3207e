"""The deck of cards that the bench draws; run as `python -m bench.deck` it tells how much memory drawing it takes."""

import resource
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from lotto.catalogue import load
from lotto.draws.draw import Draw
from lotto.draws.lottery import Lottery
from lotto.imaker.renderer import FORMATS, Renderer
from lotto.imaker.specimen import specimen

CARDS = 20
"""Of one round."""
DAY = date(2026, 11, 21)


def deck() -> tuple[Lottery, list[Draw]]:
    """What is drawn: a lottery, and draws of it."""
    lottery = load().lotteries["us_powerball"]
    plain = specimen(lottery, DAY)
    return lottery, [
        replace(
            plain,
            key=replace(plain.key, date=DAY + timedelta(weeks=n)),
            numbers={**plain.numbers, "main": tuple(range(10 + n, 60 + n, 10))},
        )
        for n in range(CARDS)
    ]


def _peak() -> int:
    """The most memory that this process held, in kB."""
    status = Path("/proc/self/status")
    if status.exists():
        # What the system's other counter tells of a new program begins with what its parent held.
        return int(status.read_text().partition("VmHWM:")[2].split()[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024  # bytes, on a Mac


if __name__ == "__main__":
    renderer = Renderer()
    lottery, draws = deck()
    for form in FORMATS:
        for draw in draws:
            renderer.draw(lottery, draw, form, "en")
    print(f"{_peak() / 1024:.0f} MB")
