"""Cards a second: ours against headless Chromium painting the same page, and against the least there is to do.

Each side draws the same cards, different numbers on each, one after another on one core, with its fonts and looks
loaded: ours as the image maker does; Chromium by its usual screenshot and by its quickest. The limit is one copy of the
finished pixels and our PNG of them. Sides take turns in rounds; what counts is the median of all cards.
"""

import os
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO

from PIL import Image

from bench.chromium import browser
from lotto.catalogue import load
from lotto.imaker import png
from lotto.imaker.face import Kind
from lotto.imaker.look import Look
from lotto.imaker.renderer import FORMATS, LOOK, Renderer
from lotto.imaker.specimen import specimen

CARDS = 20
"""Of one round."""
ROUNDS = 3
DAY = date(2026, 11, 21)


def main() -> None:
    """Prints the figures of two formats."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    renderer, lottery = Renderer(), load().lotteries["us_powerball"]
    plain = specimen(lottery, DAY)
    draws = [replace(plain, numbers={**plain.numbers, "main": tuple(range(10 + n, 60 + n, 10))}) for n in range(CARDS)]
    with browser() as chromium:
        for form in ("og", "portrait"):
            pages = [renderer.page(lottery, one, form, "en") for one in draws]
            ground = renderer._ground(LOOK, form, Kind.RESULT, lottery.hue, lottery.chroma)
            chromium.dress(Look.read(LOOK), FORMATS[form])
            pixels = _pixels(renderer.draw(lottery, draws[0], form, "en").data)

            def ours(n: int, form: str = form) -> bytes:
                return renderer.draw(lottery, draws[n], form, "en").data

            def usual(n: int, pages: list = pages, ground: bytes = ground) -> bytes:
                chromium.show(pages[n], ground)
                return chromium.screenshot()

            def quickest(n: int, pages: list = pages, ground: bytes = ground) -> bytes:
                chromium.show(pages[n], ground)
                return chromium.quickest()

            def limit(_: int, form: str = form, pixels: bytes = pixels) -> bytes:
                return png.encode(bytes(bytearray(pixels)), *FORMATS[form])

            _tell(form, {"ours": ours, "chromium": usual, "chromium, quickest": quickest, "limit": limit})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process, ours and the browser's driver together: {peak:.0f} MB")


def _tell(form: str, sides: dict[str, Callable[[int], bytes]]) -> None:
    took: dict[str, list[float]] = {name: [] for name in sides}
    size = {}
    for name, side in sides.items():
        size[name] = len(side(0))  # and warm
    for _ in range(ROUNDS):
        for name, side in sides.items():
            for n in range(CARDS):
                start = time.perf_counter()
                side(n)
                took[name].append(time.perf_counter() - start)
    ours = statistics.median(took["ours"])
    width, height = FORMATS[form]
    print(f"cards, {form} {width} × {height}, {CARDS * ROUNDS} a side")
    for name, times in took.items():
        middle = statistics.median(times)
        print(
            f"  {name:<20} {1 / middle:7.1f} a second  {middle * 1000:7.1f} ms  {size[name] / 1000:5.0f} kB  "
            f"{middle / ours:6.2f} × ours"
        )


def _pixels(data: bytes) -> bytes:
    return Image.open(BytesIO(data)).convert("RGBA").tobytes()
