"""On which line of a TOML text a key stands, so that an error can name it."""

import re
from collections.abc import Iterator

Path = tuple[str | int, ...]
"""The way to a value: keys of tables and places in lists, from the top."""

_TOKEN = re.compile(
    r"""
    (?P<text> \"{3}(?:\\.|[^\\])*?\"{3,5} | '{3}.*?'{3,5} | "(?:\\.|[^"\\])*" | '[^']*' )
  | (?P<skip> \#[^\n]* | [^\S\n]+ )
  | (?P<newline> \n )
  | (?P<sign> [][{}=,.] )
  | (?P<bare> [^][{}=,.\s"'#]+ )
    """,
    re.VERBOSE | re.DOTALL,
)


class Lines:
    """The lines of a text that `tomllib` has already accepted; of any other text it promises nothing."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {(): 1}
        self._newest: dict[Path, int] = {}
        self._tokens = list(_tokens(text))
        self._next = 0
        table: Path = ()
        while sign := self._skip("\n"):
            if sign == "[":
                table = self._header()
            else:
                self._pair(table)

    def of(self, path: Path) -> int:
        """The line where the value of that path is named; for one that is not in the text, where its owner is."""
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]

    def _header(self) -> Path:
        line = self._take()[1]
        repeated = self._peek() == "["
        if repeated:
            self._take()
        *owners, last = self._keys()
        path: Path = ()
        for key in owners:
            path = self._inside((*path, key))
            self._lines.setdefault(path, line)
        path = (*path, last)
        self._lines.setdefault(path, line)
        if repeated:
            self._newest[path] = self._newest.get(path, -1) + 1
        table = self._inside(path)
        self._lines[table] = line
        while self._peek() == "]":
            self._take()
        return table

    def _inside(self, path: Path) -> Path:
        """Of a repeated table, its newest one."""
        return (*path, self._newest[path]) if path in self._newest else path

    def _pair(self, table: Path) -> None:
        path, line = table, self._tokens[self._next][1]
        for key in self._keys():
            path += (key,)
            self._lines.setdefault(path, line)
        self._take()  # the equals sign
        self._value(path)

    def _keys(self) -> list[str]:
        keys = [self._key()]
        while self._peek() == ".":
            self._take()
            keys.append(self._key())
        return keys

    def _key(self) -> str:
        word = self._take()[0]
        return word[1:-1] if word[0] in "\"'" else word

    def _value(self, path: Path) -> None:
        if self._peek() == "[":
            self._take()
            place = 0
            while self._skip("\n", ",") != "]":
                self._lines[(*path, place)] = self._tokens[self._next][1]
                self._value((*path, place))
                place += 1
            self._take()
        elif self._peek() == "{":
            self._take()
            while self._skip("\n", ",") != "}":
                self._pair(path)
            self._take()
        else:
            while self._peek() not in ("\n", ",", "]", "}", ""):
                self._take()

    def _peek(self) -> str:
        return self._tokens[self._next][0] if self._next < len(self._tokens) else ""

    def _take(self) -> tuple[str, int]:
        self._next += 1
        return self._tokens[self._next - 1]

    def _skip(self, *signs: str) -> str:
        while self._peek() in signs:
            self._take()
        return self._peek()


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line = 1
    for token in _TOKEN.finditer(text):
        if token.lastgroup != "skip":
            yield token.group(), line
        line += token.group().count("\n")
