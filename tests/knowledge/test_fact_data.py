"""Witnesses for the facts behind scales, layers and code terms."""

import re
from pathlib import Path

import pytest

from tests.knowledge.files import FOLDER, csv_rows

FILES = sorted(FOLDER.glob("*.toml"))


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_every_cited_fact_exists(file: Path, claims: dict[str, str]) -> None:
    cited = set(re.findall(r'"([FGSM]\d{4})"', file.read_text("utf-8")))
    assert cited <= set(claims)


def test_our_facts_are_numbered_without_a_gap() -> None:
    rows = csv_rows("facts/terms.csv")
    assert [row["id"] for row in rows] == [f"G{number:04}" for number in range(1, len(rows) + 1)]


def test_a_computed_fact_names_what_it_was_computed_from(claims: dict[str, str]) -> None:
    for row in csv_rows("facts/terms.csv"):
        assert bool(row["url"]) != bool(row["derived_from"])
        assert all(one in claims for one in row["derived_from"].split(";") if one)
