"""A look: a card's design. One folder: what lies behind (`ground.html`, painted once a lottery), what stands in front
(`template.html`), their stylesheet, and where its boxes differ from the shelf's (`look.toml`).

What looks have in common lies on the shelf itself: `parts.html`, `parts.css` and `boxes.toml`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from lotto.imaker.face import Kind
from lotto.imaker.typesetter import Box, from_right, towers

FOLDER = Path(__file__).with_name("looks")
FILES = ("ground.html", "template.html", "style.css", "look.toml")
SHARED = ("parts.html", "parts.css", "boxes.toml")


class Sandbox(ImmutableSandboxedEnvironment):
    """Where templates run: they read what they are given, and nothing else."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """The fields of what is on a card are there to be read; whatever else is asked for is looked at first."""
        if attribute in getattr(type(obj), "__dataclass_fields__", ()):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)


@dataclass(frozen=True)
class Sheet:
    """How a look fills one format with one kind of card: the boxes of its texts, and how balls stand in lines."""

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
    reach: int
    """How far a line of balls may reach where something stands beside them, in pixels; 0: as far as the margin."""
    rows: int
    """So many rows of a table, or lotteries of a digest, at most."""


@dataclass(frozen=True)
class Look:
    """One design, read once. A template sees only what the renderer hands it, and no file but its own."""

    name: str
    ground: Template = field(repr=False)
    template: Template = field(repr=False)
    style: str = field(repr=False)
    sheets: Mapping[tuple[str, Kind], Sheet] = field(repr=False)
    """By format and kind of card."""
    digest: str
    """SHA-256 of the files it is made of."""

    @classmethod
    def read(cls, name: str, own: Path | None = None) -> "Look":
        """The look in the folder of that name, `own` looks before ours; raises ValueError with a sentence when there
        is none or it is broken.
        """
        folders = looks(own)
        if name not in folders:
            raise ValueError(f"There is no look “{name}”; there are {', '.join(folders)}.")
        folder = folders[name]
        environment = Sandbox(
            loader=FileSystemLoader([folder, FOLDER]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters.update(toward=toward, towers=towers, from_right=from_right)
        try:
            contents = {file: (folder / file).read_text(encoding="utf-8") for file in FILES}
            shared = {file: (FOLDER / file).read_text(encoding="utf-8") for file in SHARED}
            return cls(
                name=name,
                ground=environment.get_template("ground.html"),
                template=environment.get_template("template.html"),
                style=f"{shared['parts.css']}\n{contents['style.css']}",
                sheets=_sheets(shared["boxes.toml"], contents["look.toml"]),
                digest=sha256("\0".join([*contents.values(), *shared.values()]).encode()).hexdigest(),
            )
        except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
            raise ValueError(f"look.toml of the look “{name}” is not what a look needs: {error}.") from error
        except (OSError, UnicodeDecodeError, TemplateError) as error:
            raise ValueError(f"The look “{name}” cannot be read: {error}") from error


def looks(own: Path | None = None) -> dict[str, Path]:
    """The folder of every look by its name: ours, and those in the folder `own`, which come before ours."""
    shelves = [FOLDER, *([own] if own else [])]
    found = {one.name: one for shelf in shelves for one in shelf.iterdir() if (one / FILES[0]).is_file()}
    return dict(sorted(found.items()))


def toward(hue: float, goal: float, most: float) -> float:
    """The hue turned toward another by at most so many degrees, the short way round.

    Light is yellow (90) and dusk is blue (270): a colour that brightens toward one and deepens toward the other stays
    itself and never turns to mud.
    """
    turn = (goal - hue + 180) % 360 - 180
    return (hue + max(-most, min(most, turn))) % 360


def _sheets(shared: str, own: str) -> dict[tuple[str, Kind], Sheet]:
    """Every sheet: what the shelf says of a format, then the look; what they say of the kind comes last."""
    tables = [tomllib.loads(shared), tomllib.loads(own)]
    sheets = {}
    for form in tables[0]:
        plain = _over(*(table.get(form, {}) for table in tables))
        for kind in Kind:
            sheets[form, kind] = _sheet(_over(plain, plain.get(kind, {})))
    return sheets


def _over(*tables: Mapping[str, Any]) -> dict[str, Any]:
    """The tables laid over each other: what a later one says holds, whatever it leaves out stays."""
    laid: dict[str, Any] = {}
    for table in tables:
        for key, value in table.items():
            laid[key] = _over(laid.get(key, {}), value) if isinstance(value, dict) else value
    return laid


def _sheet(table: Mapping[str, Any]) -> Sheet:
    balls = table["balls"]
    return Sheet(
        margin=table["margin"],
        boxes={
            slot: Box(**box)
            for slot, box in table.items()
            if isinstance(box, dict) and slot != "balls" and slot not in {*Kind}
        },
        across=tuple(balls["across"]),
        beside=bool(balls["beside"]),
        largest=balls["largest"],
        smallest=balls["smallest"],
        reach=balls.get("reach", 0),
        rows=table["rows"],
    )
