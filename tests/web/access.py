"""Who may do what at every address: the table, the addresses Django resolves, and their page."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

ROOT = Path(__file__).parents[2]
TABLE = Path(__file__).with_name("access.toml")
PAGE = ROOT / "docs" / "reference" / "access.md"
HEAD = """# Who may do what

Every address of OpenMeso, who may read it and who may write through it. Everybody else is refused:
without signing in one is sent to sign in (401 at the API), a role without the right gets 403, and
whoever belongs to another clinic gets 404, as if the row did not exist. A method that is not named
is refused with 405.

This page is printed from `tests/web/access.toml` by `scripts/docs`. The tests ask every address as
everybody it names and as everybody it does not; an address without a line fails them.
"""
HOW_TO = """
Every address has a line in tests/web/access.toml, which says who may read and who may write there:

    {name} = {{ of = "patient", get = "care", post = "decide" }}

Then run scripts/docs, which prints docs/reference/access.md.
"""


@dataclass(frozen=True)
class Route:
    """One address: whose row it names, who may read and who may write, by the names of ``who``."""

    name: str
    group: str
    of: str = ""
    get: str = ""
    post: str = ""
    named: tuple[tuple[str, Any], ...] = ()
    asks: tuple[tuple[str, str], ...] = ()
    shows: int = 200

    @property
    def is_allauth(self) -> bool:
        return self.group == "Signing in"

    @property
    def who(self) -> tuple[tuple[str, str], ...]:
        """The methods taken, and who may use each."""
        return tuple(
            (method, who) for method, who in (("get", self.get), ("post", self.post)) if who
        )

    def address(self, rows: Mapping[str, Any]) -> str:
        """The address of the row that ``rows`` holds of the route's kind."""
        named = _filled(self.named, rows)
        if self.of:
            named[_row_argument(self.name)] = rows[self.of]
        return reverse(self.name, kwargs=named)

    def query(self, rows: Mapping[str, Any]) -> dict[str, Any]:
        """What GET is asked with."""
        return _filled(self.asks, rows)


def _filled(pairs: tuple[tuple[str, Any], ...], rows: Mapping[str, Any]) -> dict[str, Any]:
    """The pairs, with ``@kind`` replaced by the id of that row."""
    return {
        key: rows[str(value)[1:]] if str(value).startswith("@") else value for key, value in pairs
    }


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(TABLE.read_text())


def who() -> dict[str, list[str]]:
    """By name: the members of the cast it stands for."""
    return _file()["who"]


def routes() -> tuple[Route, ...]:
    """The table, line by line."""
    return tuple(
        Route(
            name=name,
            group=group,
            of=line.get("of", ""),
            get=line.get("get", ""),
            post=line.get("post", ""),
            named=tuple(line.get("with", {}).items()),
            asks=tuple(line.get("asks", {}).items()),
            shows=line.get("shows", 200),
        )
        for group, lines in _file()["route"].items()
        for name, line in lines.items()
    )


@cache
def resolved() -> tuple[tuple[str, str], ...]:
    """Every pattern that Django resolves: the route's full name, and its address as written."""
    return tuple(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[Any], before: str, space: str) -> Iterator[tuple[str, str]]:
    for each in patterns:
        written = before + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from _walk(each.url_patterns, written, inner)
        else:
            assert isinstance(each, URLPattern)
            yield f"{space}{each.name}", written


def _row_argument(name: str) -> str:
    """The argument that names the row: the first one of the address."""
    written = dict(resolved())[name]
    return re.findall(r"<(?:\w+:)?(\w+)>", written)[0]


def page() -> str:
    """The reference page in Markdown."""
    words, addresses = _file()["words"], dict(resolved())
    lines = [HEAD]
    for group in _file()["route"]:
        lines += [f"## {group}\n", "| address | may read | may write |", "|---|---|---|"]
        for route in routes():
            if route.group == group:
                read, write = words.get(route.get, "–"), words.get(route.post, "–")
                lines.append(f"| `/{_readable(addresses[route.name])}` | {read} | {write} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _readable(written: str) -> str:
    """An address as people read it: ``patients/<pk>/``."""
    written = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", written).replace("^", "").rstrip("$")
    return re.sub(r"<\w+:(\w+)>", r"<\1>", written)
