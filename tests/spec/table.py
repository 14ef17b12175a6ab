"""The behaviour tables: read from Markdown, so that people and machine read the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHECKS = Path(__file__).with_name("checks.md")


@dataclass(frozen=True)
class Expected:
    """One finding that must be there, or must not."""

    id: str
    strength: str
    could_not_run: bool
    possible_from: str


@dataclass(frozen=True)
class Row:
    """One line of a behaviour table."""

    line: int
    situation: str
    given: str
    expected: tuple[Expected, ...]


def rows(path: Path = CHECKS) -> Iterator[Row]:
    """Rows of every table in the file; heads and rules of tables are passed over."""
    for line, words in enumerate(path.read_text().splitlines(), 1):
        cells = [cell.strip() for cell in words.strip().strip("|").split("|")]
        if not words.startswith("|") or set(cells[0]) <= set("-: ") or cells[0] == "situation":
            continue
        if len(cells) != 3:
            raise ValueError(f"{path.name}:{line}: expected situation | given | finds")
        given = cells[1].replace("`", "")
        yield Row(line, cells[0], given, tuple(_expected(each) for each in cells[2].split(";")))


def _expected(words: str) -> Expected:
    """``block blocked_ingredient:buflomedil``, ``no allergy``, ``override? weight from …``."""
    strength, finding, *rest = words.replace("`", "").split()
    possible_from = rest[1] if rest and rest[0] == "from" else ""
    return Expected(finding, strength.rstrip("?"), strength.endswith("?"), possible_from)
