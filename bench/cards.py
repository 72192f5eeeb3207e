"""Cards a second: ours against headless Chromium painting the same page, against satori with resvg drawing a card of
the same texts and balls, and against the least there is to do.

Each side draws the same cards, other numbers and another day on each, one after another on one core, with its fonts and
looks loaded, as PNG of the same size; the ground is a ready picture to all. Ours draws as the image maker does: what
the draws of a lottery have in common is painted once. Chromium has its usual screenshot and its quickest;
satori draws once with soft shadows, as all others do, and once without, since they are most of its time. The limit is
one copy of the finished pixels and our PNG of them. Sides take turns in rounds; what counts is the median of all cards.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from io import BytesIO

from PIL import Image

from bench.chromium import browser
from bench.deck import CARDS, deck
from bench.satori import satori
from lotto.imaker import png
from lotto.imaker.face import Kind
from lotto.imaker.look import Look
from lotto.imaker.renderer import FORMATS, LOOK, Renderer

ROUNDS = 3


def main() -> None:
    """Prints the figures of two formats."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    memory = _memory()
    renderer = Renderer()
    lottery, draws = deck()
    with browser() as chromium:
        for form in ("og", "portrait"):
            pages = [renderer.page(lottery, one, form, "en") for one in draws]
            ground = renderer._ground(LOOK, form, Kind.RESULT, lottery.hue, lottery.chroma)
            chromium.dress(Look.read(LOOK), FORMATS[form])
            pixels = Image.open(BytesIO(renderer.draw(lottery, draws[0], form, "en").data)).convert("RGB")

            def ours(n: int, form: str = form) -> bytes:
                return renderer.draw(lottery, draws[n], form, "en").data

            def usual(n: int, pages: list = pages, ground: bytes = ground) -> bytes:
                chromium.show(pages[n], ground)
                return chromium.screenshot()

            def quickest(n: int, pages: list = pages, ground: bytes = ground) -> bytes:
                chromium.show(pages[n], ground)
                return chromium.quickest()

            def limit(_: int, pixels: Image.Image = pixels) -> bytes:
                return png.encode(pixels.copy())

            with (
                satori(FORMATS[form], ground, shadows=True) as deep,
                satori(FORMATS[form], ground, shadows=False) as flat,
            ):
                sides = {
                    "chromium": usual,
                    "chromium, quickest": quickest,
                    "satori + resvg": lambda n, pages=pages, deep=deep: deep.draw(pages[n]),
                    "satori, no shadows": lambda n, pages=pages, flat=flat: flat.draw(pages[n]),
                }
                _tell(form, {"ours": ours, **sides, "limit": limit})
    print(f"peak memory of a process that draws these cards in all sizes: {memory}")


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


def _memory() -> str:
    """The most that drawing all of it takes."""
    told = subprocess.run([sys.executable, "-m", "bench.deck"], check=True, capture_output=True, text=True)
    return told.stdout.strip()
