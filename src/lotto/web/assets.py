"""The built frontend: which hashed files a page links, as Vite's manifest tells."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

BUILT = Path(__file__).parent / "static"
ENTRY = "src/main.ts"
ISLANDS = {"check": "src/check.ts"}
"""Scripts of single pages, by the name of the page."""


class NotBuilt(Exception):
    """The frontend has not been built; the message says what to do."""


@dataclass(frozen=True)
class Assets:
    """Addresses below /static/, each named by the hash of what it holds."""

    script: str
    preloads: tuple[str, ...]
    styles: tuple[str, ...]
    islands: Mapping[str, str]

    @classmethod
    def read(cls, folder: Path = BUILT) -> "Assets":
        """What the manifest in that folder says; raises NotBuilt."""
        path = folder / ".vite" / "manifest.json"
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
            *imported, entry = _with_imports(manifest, ENTRY, set())
            islands = {name: _address(manifest[file]["file"]) for name, file in ISLANDS.items()}
        except (OSError, ValueError, KeyError):
            raise NotBuilt("The site's styles and script are not built; run `make web`.") from None
        return cls(
            script=_address(entry["file"]),
            preloads=tuple(_address(chunk["file"]) for chunk in imported),
            islands=islands,
            styles=tuple(_address(css) for chunk in (*imported, entry) for css in chunk.get("css", ())),
        )


def _with_imports(manifest: Mapping[str, Any], name: str, seen: set[str]) -> Iterator[Mapping[str, Any]]:
    """The chunk of that name after everything it imports, each once."""
    if name in seen:
        return
    seen.add(name)
    for imported in manifest[name].get("imports", ()):
        yield from _with_imports(manifest, imported, seen)
    yield manifest[name]


def _address(file: str) -> str:
    return f"/static/{file}"


class Hashed(StaticFiles):
    """Serves the build: a file under assets/ is named by its hash, so whoever has it never asks again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with how long it keeps."""
        response = await super().get_response(path, scope)
        forever = path.startswith("assets/") and response.status_code == 200
        response.headers["cache-control"] = "public, max-age=31536000, immutable" if forever else "public, max-age=3600"
        return response
