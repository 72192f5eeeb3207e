"""A TOML file being read, and the sentence that refuses it."""

import re
import tomllib
from datetime import date, datetime, time
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar, get_args

import msgspec

from lotto.catalogue import lines
from lotto.catalogue.form import SAID

T = TypeVar("T")

_NAMES = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "date": "a day such as 2021-08-23",
    "time": "a time of day such as 22:59:00",
    "datetime": "a day with a time",
}


class BadFile(ValueError):
    """A file of the catalogue that is not taken: one sentence with its name and its line (a folder has none)."""

    def __init__(self, file: Path, line: int | None, sentence: str) -> None:
        super().__init__(f"{file}, line {line}: {sentence}" if line else f"{file}: {sentence}")
        self.file = file
        self.line = line


class Document:
    """One file of the catalogue. Its id is its name without the ending."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.id = file.stem
        raw = file.read_bytes()
        try:
            text = raw.decode()
            self.data: dict[str, Any] = tomllib.loads(text)
        except UnicodeDecodeError as error:
            raise BadFile(file, raw.count(b"\n", 0, error.start) + 1, "This is not UTF-8; save it so.") from None
        except tomllib.TOMLDecodeError as error:
            raise BadFile(file, _line(str(error), text), f"This is not TOML: {_complaint(str(error))}.") from None
        self._lines = lines.Lines(text)

    def bad(self, path: lines.Path, sentence: str) -> BadFile:
        """The error to raise about the value of that path."""
        return BadFile(self.file, self._lines.of(path), sentence)

    def typed(self, value: object, form: type[T], path: lines.Path) -> T:
        """The value of that path as `form` wants it; raises BadFile where it is not so."""
        try:
            return msgspec.convert(value, form, builtin_types=(date, datetime, time))
        except msgspec.ValidationError as error:
            said, _, where = str(error).partition(" - at `$")
            inner = tuple(int(place) if place else key for key, place in re.findall(r"\.(\w+)|\[(\d+)\]", where))
            raise self._refusal(said, form, path + inner) from None

    def _refusal(self, said: str, form: type, path: lines.Path) -> BadFile:
        if missing := re.fullmatch(r"Object missing required field `(\w+)`", said):
            return self.bad(path, f"`{missing[1]}` is missing here; add it.")
        if unknown := re.fullmatch(r"Object contains unknown field `(.+)`", said):
            known = ", ".join(field.encode_name for field in msgspec.structs.fields(form))
            return self.bad((*path, unknown[1]), f"`{unknown[1]}` is not known here; known are {known}.")
        name = next((str(key) for key in reversed(path) if isinstance(key, str)), "this")
        if enum := re.fullmatch(r"Invalid enum value '(.*)'", said):
            [kind] = [field.type for field in msgspec.structs.fields(form) if field.encode_name == name]
            return self.bad(path, f"`{name}` cannot be “{enum[1]}”; it is one of {_members(kind)}.")
        if pattern := re.fullmatch(r"Expected `str` matching regex '(.+)'", said):
            return self.bad(path, f"`{name}` must be {SAID[pattern[1]]}.")
        if expected := re.fullmatch(r"Expected `(\w+)(?: \| null)?`(.*?)(?:, got `?(\w+)`?)?", said):
            wanted, limit, got = _NAMES.get(expected[1], expected[1]), expected[2], expected[3]
            return self.bad(
                path, f"`{name}` must be {wanted}{limit}" + (f", not {_NAMES.get(got, got)}." if got else ".")
            )
        return self.bad(path, f"`{name}`: {said}.")


def _members(kind: Any) -> str:
    """What a key of that type may be, of which one part is an enumeration."""
    [members] = [one for one in (kind, *get_args(kind)) if isinstance(one, type) and issubclass(one, Enum)]
    return ", ".join(str(member.value) for member in members)


def _line(said: str, text: str) -> int:
    told = re.search(r"at line (\d+)", said)
    return int(told[1]) if told else len(text.rstrip().splitlines())


def _complaint(said: str) -> str:
    complaint = said.partition(" (at ")[0]
    return complaint[:1].lower() + complaint[1:]
