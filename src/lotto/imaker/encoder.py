"""The encoder: pixels become a file that a network takes, in the first of its formats that stays within its limit."""

from collections.abc import Collection
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from lotto.imaker import png

JPEG = "image/jpeg"
WEBP = "image/webp"
SUFFIX = {png.MEDIA: "png", JPEG: "jpg", WEBP: "webp"}
"""How a file of each format is named."""

QUALITIES = (92, 85, 78, 70, 60, 50, 40)
"""Tried in turn; text begins to fray below the last."""


@dataclass(frozen=True)
class Encoding:
    """What a file may be: its formats, and the most bytes it may have (0: as many as it takes)."""

    media: Collection[str] = (png.MEDIA,)
    most: int = 0

    def within(self, media: Collection[str], most: int) -> "Encoding":
        """What meets this and the other as well; PNG where they have no format in common, which everyone takes."""
        common = tuple(one for one in SUFFIX if one in self.media and one in media)
        return Encoding(common or (png.MEDIA,), min(filter(None, (self.most, most)), default=0))


PLAIN = Encoding()
"""PNG, as large as it comes out."""


@dataclass(frozen=True)
class Encoded:
    """A picture as a file."""

    data: bytes
    media: str


def encode(picture: Image.Image, encoding: Encoding, frame: png.Frame | None = None) -> Encoded:
    """The picture in the best way the encoding allows: PNG without loss, else WebP, else JPEG, as fine as fits.

    The picture is RGB; with a `frame` it is those rows that the frame lacks. The same pixels and encoding always give
    the same bytes. Raises ValueError with a sentence when nothing fits.
    """
    if png.MEDIA in encoding.media:
        packed = frame.encode(picture) if frame else png.encode(picture)
        if _fits(packed, encoding):
            return Encoded(packed, png.MEDIA)
    if frame:
        picture = frame.around(picture)
    for media in (WEBP, JPEG):
        if media in encoding.media:
            for quality in QUALITIES:
                packed = _lossy(picture, media, quality)
                if _fits(packed, encoding):
                    return Encoded(packed, media)
    size = f"{picture.width} × {picture.height}"
    raise ValueError(f"No card of {size} stays within {encoding.most} bytes as {', '.join(encoding.media)}.")


def _fits(packed: bytes, encoding: Encoding) -> bool:
    return not encoding.most or len(packed) <= encoding.most


def _lossy(picture: Image.Image, media: str, quality: int) -> bytes:
    out = BytesIO()
    if media == JPEG:
        # Colour as fine as light: red type on a dark ground frays first.
        picture.save(out, "JPEG", quality=quality, subsampling=0, optimize=True)
    else:
        picture.save(out, "WEBP", quality=quality, method=4)
    return out.getvalue()
