"""The page of parameters says what data and modules say, and leaves none out."""

import tomllib

import pytest

from openmeso.gateways.knowledge import FOLDER
from openmeso.science.injection import dancik_2013
from tests.spec.parameters import PAGE, constants, page


def test_the_page_is_that_of_data_and_modules() -> None:
    assert PAGE.read_text() == page(), "run scripts/docs"


@pytest.mark.parametrize("name", ["priors", "patient"])
def test_no_entry_of_a_file_is_missing(name: str) -> None:
    text = PAGE.read_text()
    for table, entries in tomllib.loads(
        (FOLDER / "posterior" / f"{name}.toml").read_text()
    ).items():
        for entry, held in entries.items():
            if isinstance(held, dict):
                assert f"| {table}.{entry}" in text


def test_constants_of_the_transport_are_there() -> None:
    found = {name: value for name, value, _ in constants()}
    for name in ("LN_D_SD", "LN_LENGTH_SD", "BLOOD_FLOW_PER_S", "ALBUMIN_FRACTION"):
        shown = float(found[f"injection.dancik_2013.{name}"])
        assert shown == getattr(dancik_2013, name)
    assert all("Dancik" in source for name, _, source in constants() if "dancik_2013" in name)


def test_every_line_names_a_source_or_an_assumption() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    assert len(rows) > 150
    for row in rows:
        assert row.rstrip(" |").rpartition("|")[2].strip(), row
