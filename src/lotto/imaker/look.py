"""A look: a card's design. One folder: what lies behind (`ground.html`, painted once a lottery), what stands in front
(`template.html`), their stylesheet, and the boxes texts fit in (`look.toml`).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from lotto.imaker.typesetter import Box

FOLDER = Path(__file__).with_name("looks")
FILES = ("ground.html", "template.html", "style.css", "look.toml")


@dataclass(frozen=True)
class Sheet:
    """How a look fills one format: the boxes of its texts, and how balls stand in lines."""

    margin: int
    """Pixels at either side that no text or ball enters."""
    boxes: Mapping[str, Box]
    across: tuple[int, ...]
    """How many balls a line may hold, the best way first; another is taken where it makes them a good deal larger."""
    beside: bool
    """Whether the other pools may stand on the line of the first."""
    largest: int
    smallest: int
    """The diameter of a ball, in pixels."""


@dataclass(frozen=True)
class Look:
    """One design, read once. A template sees only what the renderer hands it, and no file but its own."""

    name: str
    ground: Template = field(repr=False)
    template: Template = field(repr=False)
    style: str = field(repr=False)
    sheets: Mapping[str, Sheet] = field(repr=False)
    digest: str
    """SHA-256 of the files it is made of."""

    @classmethod
    def read(cls, name: str) -> "Look":
        """The look in the folder of that name; raises ValueError with a sentence when there is none or it is broken."""
        if name not in looks():
            raise ValueError(f"There is no look “{name}”; there are {', '.join(looks())}.")
        folder = FOLDER / name
        contents = {file: (folder / file).read_bytes() for file in FILES}
        environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters["toward"] = toward
        try:
            sheets = {name: _sheet(sheet) for name, sheet in tomllib.loads(contents["look.toml"].decode()).items()}
        except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
            raise ValueError(f"look.toml of the look “{name}” is not what a look needs: {error}.") from error
        return cls(
            name=name,
            ground=environment.get_template("ground.html"),
            template=environment.get_template("template.html"),
            style=contents["style.css"].decode(),
            sheets=sheets,
            digest=sha256(b"\0".join(contents.values())).hexdigest(),
        )


def looks() -> tuple[str, ...]:
    """The names of every look on the shelf."""
    return tuple(sorted(folder.name for folder in FOLDER.iterdir() if (folder / FILES[0]).is_file()))


def toward(hue: float, goal: float, most: float) -> float:
    """The hue turned toward another by at most so many degrees, the short way round.

    Light is yellow (90) and dusk is blue (270): a colour that brightens toward one and deepens toward the other stays
    itself and never turns to mud.
    """
    turn = (goal - hue + 180) % 360 - 180
    return (hue + max(-most, min(most, turn))) % 360


def _sheet(table: Mapping[str, Any]) -> Sheet:
    balls = table["balls"]
    return Sheet(
        margin=table["margin"],
        boxes={slot: Box(**box) for slot, box in table.items() if slot not in {"balls", "margin"}},
        across=tuple(balls["across"]),
        beside=bool(balls["beside"]),
        largest=balls["largest"],
        smallest=balls["smallest"],
    )
