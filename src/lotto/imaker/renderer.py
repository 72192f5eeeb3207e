"""The renderer: a draw goes in, a picture comes out; the same draw always gives the same bytes.

HTML and CSS of a look are laid out and painted by Takumi, which this file alone knows; the composer settles every size
before, because no layout engine does that; the pixels become PNG by our own encoder.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

import pytakumi

from lotto.draws.draw import Draw
from lotto.draws.lottery import Lottery
from lotto.imaker import png
from lotto.imaker.composer import Composer, Page
from lotto.imaker.face import face
from lotto.imaker.font import fonts
from lotto.imaker.look import Look
from lotto.words import speak

FORMATS = {"og": (1200, 630), "square": (1080, 1080)}
"""Name → width and height in pixels."""

LOOK = "gradient"
"""The look a card has unless another is asked for."""

VERSION = 1
"""Of the code in this room: raise it with a change that paints other pixels from the same look."""

GROUND = "ground"
"""What a template calls the picture of its own ground: `<img src="ground">`."""

GROUNDS = 64
"""So many painted grounds are kept, about 100 kB each: two formats of thirty lotteries."""

PAINT_MEMORY = 64 * 1024 * 1024
"""Bytes the engine may keep of grounds it has decoded."""


@dataclass(frozen=True)
class Picture:
    """A card as bytes, with the text that stands for it where it cannot be seen."""

    data: bytes
    media: str
    width: int
    height: int
    alt: str


class Renderer:
    """Draws cards. Make one and share it between threads; it keeps fonts, looks, grounds and what it has measured."""

    def __init__(self) -> None:
        self._engine = pytakumi.Renderer(cache_max_bytes=PAINT_MEMORY)
        self._fonts = fonts()
        for font in self._fonts:
            # The engine takes a second file under one name for the same face; a name for each subset keeps them apart.
            name = f"{font.family} {font.subset}"
            self._engine.register_font(font.data, name=name, weight=font.weight, subset_of=font.family)
        self._look = lru_cache(Look.read)
        self._composer = lru_cache(self._make_composer)
        self._ground = lru_cache(maxsize=GROUNDS)(self._paint_ground)

    def draw(self, lottery: Lottery, draw: Draw, format: str, lang: str, look: str = LOOK) -> Picture:  # noqa: A002
        """The card of that draw; takes milliseconds of the processor, so call it in a thread.

        Raises ValueError with a sentence when the draw has no numbers to show, or format, language or look are none
        of ours.
        """
        page = self.page(lottery, draw, format, lang, look)
        ground = self._ground(look, format, lottery.hue, lottery.chroma)
        pixels = self._paint(look, format, page.html, page.css, {GROUND: ground})
        width, height = FORMATS[format]
        alt = speak(lang).alt(lottery, draw)
        return Picture(png.encode(pixels, width, height), png.MEDIA, width, height, alt)

    def page(self, lottery: Lottery, draw: Draw, format: str, lang: str, look: str = LOOK) -> Page:  # noqa: A002
        """The page that card is painted from, every size settled."""
        return self._composer(look, format).compose(face(lottery, draw, speak(lang)))

    def version(self, look: str = LOOK) -> str:
        """A short hash of all that paints a card but the draw: it changes when the look, a font or the engine does."""
        parts = [str(VERSION), pytakumi.__version__, self._look(look).digest]
        parts += [sha256(font.data).hexdigest() for font in self._fonts]
        return sha256("|".join(parts).encode()).hexdigest()[:12]

    def _make_composer(self, look: str, form: str) -> Composer:
        chosen = self._look(look)
        if form not in FORMATS or form not in chosen.sheets:
            raise ValueError(f"There is no format “{form}”; there are {', '.join(FORMATS)}.")
        width, _ = FORMATS[form]

        def measure(html: str, css: str) -> Mapping[str, Any]:
            return self._engine.measure(pytakumi.from_html(html), width=width, stylesheets=[chosen.style, css])

        return Composer(chosen, form, FORMATS[form], self._fonts, measure)

    def _paint_ground(self, look: str, form: str, hue: int, chroma: float) -> bytes:
        """What lies behind every card of a lottery, as PNG: gradients are most of a card's work."""
        html = self._look(look).ground.render(format=form, hue=hue, chroma=chroma)
        return png.encode(self._paint(look, form, html, "", {}), *FORMATS[form])

    def _paint(self, look: str, form: str, html: str, css: str, images: Mapping[str, bytes]) -> bytes:
        width, height = FORMATS[form]
        return self._engine.render_html(
            html,
            width=width,
            height=height,
            stylesheets=[self._look(look).style, css],
            images=images,
            format="raw",
        )
