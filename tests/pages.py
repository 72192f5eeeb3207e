"""Pages to prove sources on: recorded ones, and our own in `tests/sources/<name>/`, with what each must give.

What a case is and how it is compared: `lotto.scraper.cases`, which `lotto prove` reads as well.
"""

import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from lotto.scraper import cases
from lotto.scraper.cases import Case, Parts, as_listed, canonical, differences, packed, page_of
from lotto.scraper.sources.source import Page, Reading, Source

__all__ = [
    "EXPECTED",
    "TESTS",
    "Case",
    "Parts",
    "as_listed",
    "body_of",
    "canonical",
    "own_cases",
    "packed",
    "page_of",
    "parts_of",
    "prove",
    "readings_of",
    "script",
]

TESTS = Path(__file__).parent

EXPECTED: dict[str, list[Case]] = {
    file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted((TESTS / "expected").glob("*.json"))
}
"""What an independent reader found in each recorded file, by folder: see `expected/make.py`."""


def script(name: str) -> ModuleType:
    """A script in `expected/`, which is no module of any package: `make`, or `errors`."""
    spec = importlib.util.spec_from_file_location(f"expected_{name}", TESTS / "expected" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def own_cases() -> Iterator[tuple[str, Case]]:
    """Every case of our own pages with its source's name."""
    for file in sorted((TESTS / "sources").glob("*/cases.json")):
        for case in cases.load(file.parent):
            yield file.parent.name, case


def parts_of(source: str, case: Case) -> Parts:
    """What a page of ours is made of."""
    return cases.parts_of(TESTS / "sources" / source, case)


def body_of(source: str, case: Case) -> bytes:
    """A page of ours as it is served."""
    return packed(case, parts_of(source, case))


def readings_of(source: Source, page: Page) -> list[Reading]:
    """The draws it reads."""
    return [one for one in source.read(page) if isinstance(one, Reading)]


def prove(source: Source, case: Case, body: bytes) -> None:
    """The page gives what the case says: these readings and further pages, or this refusal."""
    assert differences(case, source, body) == []
