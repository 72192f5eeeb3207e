"""A brand: what an operator puts on every card, the site's name, its logo and its colour."""

from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from PIL import Image

LARGEST_FILE = 5_000_000
LARGEST_SIDE = 4_000
"""A logo file may have so many bytes, and the picture in it so many pixels a side."""
DRAWN = (440, 96)
"""The pixels a logo is kept in: twice what cards show."""


@dataclass(frozen=True)
class Brand:
    """Whose cards these are."""

    name: str = "Lotto"
    logo: bytes | None = field(default=None, repr=False)
    """As PNG, ready to be painted."""
    hue: int = 262
    chroma: float = 0.15
    """The colour of cards that belong to no one lottery, in OKLCH."""

    @property
    def digest(self) -> str:
        """SHA-256 of all of it."""
        parts = (self.name.encode(), self.logo or b"", f"{self.hue} {self.chroma}".encode())
        return sha256(b"\0".join(parts)).hexdigest()


def read_logo(path: Path) -> bytes:
    """The logo in that PNG, JPEG or WebP, as large as cards need; raises ValueError with a sentence."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ValueError(f"{path} has more than {LARGEST_FILE // 1_000_000} MB; a logo of 96 pixels is enough.")
        with Image.open(path, formats=("PNG", "JPEG", "WEBP")) as picture:
            if max(picture.size) > LARGEST_SIDE:
                raise ValueError(f"{path} is more than {LARGEST_SIDE} pixels wide or high; make it smaller.")
            logo = picture.convert("RGBA")
    except (OSError, Image.DecompressionBombError) as error:
        raise ValueError(f"{path} cannot be used as a logo: it must be a PNG, JPEG or WebP ({error}).") from error
    logo.thumbnail(DRAWN, Image.Resampling.LANCZOS)
    out = BytesIO()
    logo.save(out, "PNG")
    return out.getvalue()
