"""The knowledge files as they lie on disk, read without the loader."""

import csv
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "src" / "openmeso" / "knowledge"

Entries = dict[str, dict[str, Any]]
Raw = Callable[[str], Entries]


def toml_entries(name: str) -> list[dict[str, Any]]:
    """The entries of ``techniques.toml`` and its like, in file order."""
    tables = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
    (entries,) = tables.values()
    return list(entries)


def csv_rows(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
