"""A font file: its family and weight, and which characters it can draw."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).with_name("fonts")
SUFFIXES = frozenset({".woff", ".ttf", ".otf"})


@dataclass(frozen=True)
class Font:
    """One file of the folder `fonts`, named `<family>-<subset>-<weight>` and ending in woff, ttf or otf."""

    family: str
    subset: str
    """Which scripts of the family (“latin-ext”)."""
    weight: int
    data: bytes = field(repr=False)
    covers: frozenset[str] = field(repr=False)
    """The characters it has a picture of."""

    @classmethod
    def read(cls, path: Path) -> "Font":
        """The font in that file; raises ValueError with a sentence when it cannot be read."""
        family, _, rest = path.stem.partition("-")
        subset, _, weight = rest.rpartition("-")
        if not (subset and weight.isdigit()):
            raise ValueError(f"{path.name} must be named family-subset-weight, like figtree-latin-800.woff.")
        data = path.read_bytes()
        try:
            covers = frozenset(chr(code) for code in _codes(_table(data, b"cmap")))
        except (struct.error, zlib.error, IndexError, KeyError) as error:
            raise ValueError(f"{path.name} is not a woff, ttf or otf font with a Unicode character map.") from error
        return cls(family.capitalize(), subset, int(weight), data, covers)


def fonts(own: Path | None = None) -> tuple[Font, ...]:
    """Every font that ships with Lotto and those in the folder `own`, in the order of the file names."""
    folders = [FOLDER, *([own] if own else [])]
    found = [path for folder in folders for path in sorted(folder.iterdir()) if path.suffix in SUFFIXES]
    return tuple(map(Font.read, found))


def _table(data: bytes, tag: bytes) -> bytes:
    """One table of an OpenType font, bare (sfnt) or wrapped (WOFF 1)."""
    woff = data[:4] == b"wOFF"
    count = struct.unpack_from(">H", data, 12 if woff else 4)[0]
    for index in range(count):
        if woff:
            name, start, packed, size = struct.unpack_from(">4sIII", data, 44 + 20 * index)
        else:
            name, _, start, size = struct.unpack_from(">4sIII", data, 12 + 16 * index)
            packed = size
        if name == tag:
            table = data[start : start + packed]
            return zlib.decompress(table) if packed < size else table
    raise KeyError(tag)


def _codes(cmap: bytes) -> Iterator[int]:
    """The code points of a character map, read from its subtables 4 (to U+FFFF) and 12 (all)."""
    for index in range(struct.unpack_from(">H", cmap, 2)[0]):
        start = struct.unpack_from(">HHI", cmap, 4 + 8 * index)[2]
        form = struct.unpack_from(">H", cmap, start)[0]
        if form == 12:
            for group in range(struct.unpack_from(">I", cmap, start + 12)[0]):
                first, last, _ = struct.unpack_from(">III", cmap, start + 16 + 12 * group)
                yield from range(first, last + 1)
        elif form == 4:
            yield from _codes_of_segments(cmap[start:])


def _codes_of_segments(table: bytes) -> Iterator[int]:
    double = struct.unpack_from(">H", table, 6)[0]
    words = (
        struct.unpack_from(f">{double // 2}H", table, 14),
        struct.unpack_from(f">{double // 2}H", table, 16 + double),
    )
    for segment, (last, first) in enumerate(zip(*words, strict=True)):
        delta = struct.unpack_from(">H", table, 16 + 2 * double + 2 * segment)[0]
        at = 16 + 3 * double + 2 * segment
        offset = struct.unpack_from(">H", table, at)[0]
        for code in range(first, last + 1):
            glyph = code
            if offset:
                glyph = struct.unpack_from(">H", table, at + offset + 2 * (code - first))[0]
                if glyph == 0:
                    continue
            if (glyph + delta) & 0xFFFF and code != 0xFFFF:
                yield code
