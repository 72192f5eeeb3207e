"""The renderer: a draw goes in, a picture comes out; the same draw always gives the same bytes.

HTML and CSS of a look are laid out and painted by Takumi, which this file alone knows; the composer settles every size
before, because no layout engine does that; the pixels become a file by our own encoder.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

import pytakumi
import structlog
from PIL import Image

from lotto.draws.draw import Draw
from lotto.draws.lottery import Lottery
from lotto.imaker import face, png
from lotto.imaker.brand import Brand
from lotto.imaker.composer import MAKEUPS, Composer
from lotto.imaker.encoder import PLAIN, Encoding, encode
from lotto.imaker.face import Face, Kind
from lotto.imaker.font import fonts
from lotto.imaker.layout import Page
from lotto.imaker.look import Look, looks
from lotto.imaker.plate import Blank, Plate
from lotto.imaker.rows import parts
from lotto.words import DIGEST, speak

log = structlog.get_logger()

FORMATS = {"og": (1200, 630), "square": (1080, 1080), "portrait": (1080, 1350), "story": (1080, 1920)}
"""Name → width and height in pixels."""

LOOK = "gradient"
"""The look a card has unless another is asked for."""

VERSION = 4
"""Of the code in this room: raise it with a change that paints other pixels from the same look."""

GROUND = "ground"
LOGO = "logo"
"""What a template calls the picture of its own ground, and the operator's: `<img src="ground">`."""

GROUNDS = 48
"""So many painted grounds are kept, about 200 kB each."""

PLATES = 48 * 1024 * 1024
"""Bytes of plates that are kept, 3 MB each and more: of fifteen lotteries in the size that is asked for most."""

PAINT_MEMORY = 48 * 1024 * 1024
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
    """Draws cards. Make one and share it between threads; it keeps fonts, looks, grounds and what it has measured.

    `brand` is whose cards they are; `own_looks` and `own_fonts` are folders that add to what ships with Lotto.
    """

    def __init__(
        self, brand: Brand | None = None, own_looks: Path | None = None, own_fonts: Path | None = None
    ) -> None:
        self.brand = brand or Brand()
        self._own_looks = own_looks
        self._engine = pytakumi.Renderer(cache_max_bytes=PAINT_MEMORY)
        self._fonts = fonts(own_fonts)
        for font in self._fonts:
            # The engine takes a second file under one name for the same face; a name for each subset keeps them apart.
            name = f"{font.family} {font.subset}"
            self._engine.register_font(font.data, name=name, weight=font.weight, subset_of=font.family)
        self._look = lru_cache(lambda name: Look.read(name, own_looks))
        self._composer = lru_cache(self._make_composer)
        self._ground = lru_cache(maxsize=GROUNDS)(self._paint_ground)
        self._plates: OrderedDict[tuple[str, ...], Plate | None] = OrderedDict()
        self._lock = Lock()

    def draw(
        self,
        lottery: Lottery,
        draw: Draw,
        format: str,  # noqa: A002 - the public word
        lang: str,
        look: str = LOOK,
        kind: Kind = Kind.RESULT,
        encoding: Encoding = PLAIN,
    ) -> Picture:
        """The card of that draw; takes milliseconds of the processor, so call it in a thread.

        Raises ValueError with a sentence when the draw has nothing of that kind to show, or format, language or look
        are none of ours.
        """
        words = speak(lang)
        told = {Kind.PRIZES: words.alt_with_prizes, Kind.NEXT: words.alt_of_next}.get(kind, words.alt)
        shown = self._face(lottery, draw, lang, kind)
        return self._picture(shown, format, look, told(lottery, draw), encoding)

    def digest(
        self,
        title: str,
        day: date,
        results: Sequence[tuple[Lottery, Draw]],
        format: str,  # noqa: A002 - the public word
        lang: str,
        look: str = LOOK,
        encoding: Encoding = PLAIN,
    ) -> tuple[Picture, ...]:
        """The board of a day's results: one card, or a carousel of as few as they fill. Raises ValueError as `draw`."""
        words = speak(lang)
        rows = self._composer(look, format).sheet(Kind.DIGEST).rows
        pages = [results[start:end] for start, end in parts(len(results), rows)] if results else [results]
        made = []
        for number, shown in enumerate(pages, 1):
            which = words.say("card.page", number=number, count=len(pages)) if len(pages) > 1 else ""
            board = replace(
                face.digest(title, day, shown, words), when=which, hue=self.brand.hue, chroma=self.brand.chroma
            )
            alt = words.alt_of_digest(title, day, shown)
            made.append(self._picture(board, format, look, alt, encoding))
        return tuple(made)

    def page(
        self,
        lottery: Lottery,
        draw: Draw,
        format: str,  # noqa: A002 - the public word
        lang: str,
        look: str = LOOK,
        kind: Kind = Kind.RESULT,
    ) -> Page:
        """The page that card is painted from, every size settled."""
        return self._composer(look, format).compose(self._face(lottery, draw, lang, kind))

    def version(self, look: str = LOOK) -> str:
        """A short hash of all that paints a card but the draw: of look, words, fonts, brand and engine."""
        parts = [str(VERSION), pytakumi.__version__, self._look(look).digest, self.brand.digest, DIGEST]
        parts += [sha256(font.data).hexdigest() for font in self._fonts]
        return sha256("|".join(parts).encode()).hexdigest()[:12]

    def versions(self) -> dict[str, str]:
        """The version of every look that can be read, by its name."""
        found = {}
        for name in looks(self._own_looks):
            try:
                found[name] = self.version(name)
            except ValueError as error:
                log.warning("look cannot be read", look=name, why=str(error))
        return found

    @staticmethod
    def _face(lottery: Lottery, draw: Draw, lang: str, kind: Kind) -> Face:
        makers = {Kind.RESULT: face.result, Kind.PRIZES: face.prizes, Kind.NEXT: face.coming}
        if kind not in makers:
            raise ValueError(f"A {kind} is no card of one draw.")
        return makers[kind](lottery, draw, speak(lang))

    def _picture(self, shown: Face, form: str, look: str, alt: str, encoding: Encoding) -> Picture:
        page = self._composer(look, form).compose(shown)
        blank = Blank.of(page)
        plate = self._plate(look, form, shown, blank) if blank else None
        if blank and plate:
            rows = plate.printed(blank.inks, lambda html, css, height: self._paint(look, form, html, css, {}, height))
            encoded = encode(rows, encoding, plate.frame)
        else:
            encoded = encode(self._whole(look, form, shown, page.html, page.css), encoding)
        return Picture(encoded.data, encoded.media, *FORMATS[form], alt)

    def _plate(self, look: str, form: str, shown: Face, blank: Blank) -> Plate | None:
        """The plate of that page, made when it is first asked for; None where the page has none."""
        key = (look, form, blank.page.css, blank.page.html)
        with self._lock:
            if key in self._plates:
                self._plates.move_to_end(key)
                return self._plates[key]
        plate = Plate.made(
            blank,
            lambda html, css: self._measure(look, html, css, FORMATS[form]),
            lambda html, css: self._whole(look, form, shown, html, css),
        )
        with self._lock:
            self._plates[key] = plate
            while sum(one.size for one in self._plates.values() if one) > PLATES or len(self._plates) > MAKEUPS:
                self._plates.popitem(last=False)
        return plate

    def _measure(self, look: str, html: str, css: str, size: tuple[int, int | None]) -> Mapping[str, Any]:
        """That page laid out in so wide and so high a room; as high as its content without a height."""
        return self._engine.measure(
            pytakumi.from_html(html),
            width=size[0],
            height=size[1],
            stylesheets=[self._look(look).style, css],
            images={LOGO: self.brand.logo} if self.brand.logo else {},
        )

    def _whole(self, look: str, form: str, shown: Face, html: str, css: str) -> Image.Image:
        """A page and its ground, as RGB."""
        images = {GROUND: self._ground(look, form, shown.kind, shown.hue, shown.chroma)}
        if self.brand.logo:
            images[LOGO] = self.brand.logo
        return self._paint(look, form, html, css, images).convert("RGB")

    def _make_composer(self, look: str, form: str) -> Composer:
        chosen = self._look(look)
        if form not in FORMATS:
            raise ValueError(f"There is no format “{form}”; there are {', '.join(FORMATS)}.")
        width, _ = FORMATS[form]

        def measure(html: str, css: str) -> Mapping[str, Any]:
            return self._measure(look, html, css, (width, None))

        return Composer(chosen, form, FORMATS[form], self.brand, self._fonts, measure)

    def _paint_ground(self, look: str, form: str, kind: Kind, hue: int, chroma: float) -> bytes:
        """What lies behind every card of a lottery, as PNG: gradients are most of a card's work."""
        html = self._look(look).ground.render(format=form, kind=kind, hue=hue, chroma=chroma)
        return png.encode(self._paint(look, form, html, "", {}).convert("RGB"))

    def _paint(
        self, look: str, form: str, html: str, css: str, images: Mapping[str, bytes], height: int = 0
    ) -> Image.Image:
        """That page as RGBA, as wide as the format, and as high unless another height is told."""
        size = (FORMATS[form][0], height or FORMATS[form][1])
        pixels = self._engine.render_html(
            html,
            width=size[0],
            height=size[1],
            stylesheets=[self._look(look).style, css],
            images=images,
            format="raw",
        )
        return Image.frombuffer("RGBA", size, pixels, "raw", "RGBA", 0, 1)
