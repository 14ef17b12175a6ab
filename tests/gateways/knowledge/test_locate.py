"""The locator says on which line of a TOML file a value stands."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmeso.gateways.knowledge.locate import key_lines, line_of

TEXT = '''\
# a comment with [brackets] and = signs
title = "x # not a comment"

[[product]]
id = "one"          # line 5
ph = { unit = "1",
       low = 4.5, facts = ["F1", "F2"] }
[[product]]
id = "two"
note = """
many = 1
[[lines]]
"""
ampoule_ml = 2.5
polygon = [
  [0.0, 1.5],  # line 16
  [1.0,
   2.0],
]
[[product.strengths]]
ingredient = "a"
[[product.strengths]]
per_ml = 5
[params."odd key".inner]
on = 2026-11-30
[[product]]
strengths = [{ ingredient = "b" }, { per_ml = -1e3 }]
a.b.c = 'it''s'
'''.replace("'it''s'", "'its'")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("product", 0), 4),
        (("product", 0, "id"), 5),
        (("product", 0, "ph", "low"), 7),
        (("product", 0, "ph", "facts", 1), 7),
        (("product", 1), 8),
        (("product", 1, "ampoule_ml"), 14),
        (("product", 1, "polygon", 0), 16),
        (("product", 1, "polygon", 1, 1), 18),
        (("product", 1, "strengths", 0, "ingredient"), 21),
        (("product", 1, "strengths", 1, "per_ml"), 23),
        (("params", "odd key", "inner", "on"), 25),
        (("product", 2), 26),
        (("product", 2, "strengths", 1, "per_ml"), 27),
        (("product", 2, "a", "b", "c"), 28),
    ],
)
def test_it_finds_the_line_of_a_path(path: tuple[str | int, ...], line: int) -> None:
    assert key_lines(TEXT)[path] == line


def test_a_missing_key_stands_where_its_table_stands() -> None:
    lines = key_lines(TEXT)

    assert line_of(lines, ("product", 1, "name")) == 8
    assert line_of(lines, ("nothing", "here")) == 1
    assert line_of(lines, ()) == 1


def paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)  # type: ignore[call-overload]
    found = []
    for key, inner in items:
        found.append((*path, key))
        if isinstance(inner, dict | list):
            found += paths(inner, (*path, key))
    return found


def toml(value: object) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f'"{key}" = {toml(one)}' for key, one in value.items()) + "}"
        case list():
            return "[\n" + ",\n".join(toml(one) for one in value) + "\n]"
        case _:
            return f"'''{value}'''"


LEAVES = st.text('ab[]{}=,.#"\n ', max_size=6)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("xy .#", max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text("kq", min_size=1), VALUES, max_size=4))
def test_it_finds_every_path_that_tomllib_reads(data: dict[str, object]) -> None:
    text = "\n".join(f"{key} = {toml(value)}" for key, value in data.items())

    read = tomllib.loads(text)

    assert set(paths(read)) <= set(key_lines(text))
