"""What the witnesses of the knowledge files are given."""

import pytest

from tests.knowledge.files import FOLDER, Raw, csv_rows, toml_entries


@pytest.fixture(scope="session")
def raw() -> Raw:
    """Entries of a TOML file by id."""
    return lambda name: {entry["id"]: entry for entry in toml_entries(name)}


@pytest.fixture(scope="session")
def claims() -> dict[str, str]:
    """What each fact says, by its id."""
    files = sorted((FOLDER / "facts").glob("*.csv"))
    return {row["id"]: row["claim"] for file in files for row in csv_rows(f"facts/{file.name}")}
