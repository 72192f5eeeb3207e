"""Makes the fonts that ship with the cards anew: `make fonts`, after a language was added or a family chosen.

Every family comes as a package of the npm registry, of one version and one hash, under the SIL Open Font License, and
is cut to what a card can be asked to show: alphabets whole; of the thousands of Chinese, Japanese and Korean signs
those that our own words, the catalogue and the names of days, months, places and countries are written with.
"""

import subprocess
import sys
import tarfile
import tomllib
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha512
from pathlib import Path
from tempfile import TemporaryDirectory

from babel import Locale
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from lotto.catalogue import load
from lotto.imaker.font import FOLDER
from lotto.words.language import FILES

SOURCES = Path(__file__).with_name("fonts.toml")
NPM = Path(sys.executable).with_name("npm")


@dataclass(frozen=True)
class Source:
    """A family of the registry, and what of it is shipped under which name."""

    package: str
    hash: str
    family: str
    subsets: Mapping[str, str]
    """Its name for a subset → ours."""
    weights: Sequence[int]
    languages: Sequence[str] = ()
    """Cut to what these are written with; empty: whole."""


def main() -> None:
    """Fetches, cuts and writes every font, and says how large it came out."""
    for name, table in tomllib.loads(SOURCES.read_text(encoding="utf-8")).items():
        with TemporaryDirectory() as folder:
            source = Source(**table)
            package = fetched(source, Path(folder))
            stem = source.package.rpartition("/")[2].rpartition("@")[0]
            (FOLDER / f"{stem}-OFL.txt").write_bytes((package / "LICENSE").read_bytes())
            for theirs, ours in source.subsets.items():
                for weight in source.weights:
                    font = TTFont(package / "files" / f"{stem}-{theirs}-{weight}-normal.woff")
                    made = FOLDER / f"{source.family}-{ours}-{weight}.woff"
                    cut(font, wanted(source.languages)).save(made)
                    sys.stdout.write(f"{name}: {made.name}, {made.stat().st_size / 1000:.0f} kB\n")


def fetched(source: Source, folder: Path) -> Path:
    """The package, unpacked; raises SystemExit when it is not the one we know."""
    command = [str(NPM), "pack", "--silent", source.package]
    told = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)  # noqa: S603 - our own list
    archive = folder / told.stdout.split()[-1]
    digest = "sha512-" + b64encode(sha512(archive.read_bytes()).digest()).decode()
    if digest != source.hash:
        raise SystemExit(f"{source.package} has the hash {digest}; fonts.toml says {source.hash}.")
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    return folder / "package"


def wanted(languages: Sequence[str]) -> str:
    """Every character those languages' cards are written with; empty for none."""
    return "".join(sorted({char for lang in languages for text in written(lang) for char in text}))


def written(lang: str) -> Iterator[str]:
    """All texts that a card in that language may hold, but for what operators name themselves."""
    source = FILES[lang].read_text(encoding="utf-8")
    yield source
    locale = Locale.parse(tomllib.loads(source)["language"]["locale"])
    yield from locale.territories.values()
    yield from (text for form in locale.months.values() for width in form.values() for text in width.values())
    yield from (text for form in locale.days.values() for width in form.values() for text in width.values())
    yield from locale.currency_symbols.values()
    catalogue = load()
    for lottery in catalogue.lotteries.values():
        zone = locale.time_zones.get(lottery.zone.key, {})
        yield zone.get("city", "")
        yield from (lottery.name, lottery.operator, lottery.region)
    yield from (one.name for one in catalogue.collections.values())
    if lang == "ja":
        yield "".join(map(chr, range(0x3041, 0x3100)))  # every kana: a game's name is most often written in them


def cut(font: TTFont, text: str) -> TTFont:
    """The font with the glyphs of that text alone, or of all letters; without what only screens use."""
    options = Options()
    options.layout_features = [
        "kern",
        "liga",
        "mark",
        "mkmk",
        "ccmp",
        "locl",
        "init",
        "medi",
        "fina",
        "isol",
        "rlig",
        "calt",
    ]
    options.hinting = False
    options.name_IDs = [0, 1, 2, 13, 14]
    options.notdef_outline = True
    options.drop_tables += ["SVG "]
    cutter = Subsetter(options)
    codes = font.getBestCmap()
    cutter.populate(unicodes=[ord(char) for char in text if ord(char) in codes] if text else [*codes])
    cutter.subset(font)
    font.flavor = "woff"
    return font


if __name__ == "__main__":
    main()
