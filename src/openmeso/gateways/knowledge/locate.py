"""Locate: the line on which a value of a TOML file stands (tomllib does not say).

The text is known to be valid TOML, so only its shape is read: table headers, keys, arrays and
inline tables. Values themselves are skipped.
"""

import re
import tomllib
from collections.abc import Iterator

from openmeso.gateways.conversion import Path

_TOKEN = re.compile(
    r'(?P<text>"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\])*"|\'[^\']*\')'
    r"|(?P<skip>[ \t\r]+|#[^\n]*)"
    r"|(?P<mark>[\[\]{}=,.\n])"
    r"|(?P<bare>[^\s#\[\]{}=,.\"']+)",
    re.DOTALL,
)


def key_lines(text: str) -> dict[Path, int]:
    """The line of every table, key and array item of a valid TOML text."""
    return _Reader(text).lines


def line_of(lines: dict[Path, int], path: Path) -> int:
    """The line of ``path``, or of the nearest thing that holds it; 1 where nothing does."""
    return next((lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in lines), 1)


class _Reader:
    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._tables: dict[Path, int] = {}  # how many [[tables]] of the name so far
        self._tokens = [*_tokens(text), ("", 0)]
        self._at = 0
        self._document()

    @property
    def _next(self) -> str:
        return self._tokens[self._at][0]

    def _take(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1][0]

    def _mark(self, path: Path) -> None:
        self.lines.setdefault(path, self._tokens[self._at][1])

    def _document(self) -> None:
        table: Path = ()
        while self._next:
            if self._next == "\n":
                self._take()
            elif self._next == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Path:
        self._take()
        many = self._next == "["
        if many:
            self._take()
        path: Path = ()
        names = self._key("]")
        for nth, name in enumerate(names, start=1):
            path = (*path, name)
            self._mark(path)
            if many and nth == len(names):
                self._tables[path] = self._tables.get(path, 0) + 1
            if path in self._tables:
                path = (*path, self._tables[path] - 1)
        self._mark(path)
        while self._next not in ("\n", ""):
            self._take()
        return path

    def _pair(self, table: Path) -> None:
        path = table
        self._mark(path)
        start = self._at
        for name in self._key("="):
            path = (*path, name)
            self.lines.setdefault(path, self._tokens[start][1])
        self._take()
        self._value(path)

    def _key(self, end: str) -> list[str]:
        names = []
        while self._next != end:
            name = self._take()
            if name != ".":
                names.append(_unquoted(name))
        return names

    def _value(self, path: Path) -> None:
        if self._next == "[":
            self._array(path)
        elif self._next == "{":
            self._inline_table(path)
        else:
            while self._next not in (",", "]", "}", "\n", ""):
                self._take()

    def _array(self, path: Path) -> None:
        self._take()
        index = 0
        while self._next != "]":
            if self._next in (",", "\n"):
                self._take()
                continue
            self._mark((*path, index))
            self._value((*path, index))
            index += 1
        self._take()

    def _inline_table(self, path: Path) -> None:
        self._take()
        while self._next != "}":
            if self._next in (",", "\n"):
                self._take()
            else:
                self._pair(path)
        self._take()


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line = 1
    for found in _TOKEN.finditer(text):
        if found.lastgroup != "skip":
            yield found.group(), line
        line += found.group().count("\n")


def _unquoted(name: str) -> str:
    return str(tomllib.loads(f"name = {name}")["name"]) if name[0] in "\"'" else name
