"""The pace of the practice world: a draw every few seconds, by jumps of its clock."""

import asyncio
from datetime import datetime

import structlog

from lotto.replay.clock import HEARTBEAT, WorldClock
from lotto.replay.world import World

log = structlog.get_logger()


async def run(world: World, clock: WorldClock, every: float, pause: float | None = None) -> None:
    """Plays the draws of the world's chapters, one every `every` real seconds, until the last is out or cancelled.

    Three kinds of jump, all forward:
    - to the start of a chapter, when the one before is over; the draws in between lie on the pages at once, as history;
    - to the instant at which the first source publishes the next draw (or half of it, as boards do): on the page, but
      alone;
    - `pause` real seconds later (half of `every` unless said) to the instant of the next publication of that draw, and
      so on until the last source needed shows it whole.
    In between the clock flows, so what is published within seconds comes by itself. Nobody is told: a scraper finds
    out by asking, as it does everywhere.
    """
    pause = every / 2 if pause is None else pause
    while (play := world.next_play(now := clock.now())) is not None:
        chapter = world.chapter(play.at)
        if chapter and now < chapter.starts_at:
            now = clock.jump(chapter.starts_at)
            log.info("a chapter of the practice world begins", title=chapter.title, at=_plain(now))
        *before, last = [figure.published_at for figure in play.figures if figure.published_at > now] or [play.at]
        await _pass(clock, max(0.0, every - pause * len(before)))
        for step in before:
            clock.jump(step)
            await _pass(clock, pause)
        clock.jump(last)
        log.info("a draw is out", draw=str(play), at=_plain(play.at))
    log.info("the practice world has no more draws; delete its position to start again", at=_plain(clock.now()))


async def _pass(clock: WorldClock, seconds: float) -> None:
    """Lets real time pass and keeps the position, so that a killed process goes on from here."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while (left := end - loop.time()) > 0:
        await asyncio.sleep(min(left, HEARTBEAT.total_seconds()))
        clock.save()


def _plain(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
