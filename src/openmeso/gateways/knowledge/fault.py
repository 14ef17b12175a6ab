"""Fault: what is wrong in a knowledge file, and on which line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from openmeso.gateways.conversion import Path, path_text
from openmeso.gateways.knowledge.locate import key_lines, line_of


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault; ``path`` is the key path inside the file (``product[3].ampoule_ml``)."""

    file: str
    line: int
    path: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: "
        return f"{place}{self.path}: {self.reason}" if self.path else f"{place}{self.reason}"


class KnowledgeError(Exception):
    """The knowledge files are refused; ``faults`` holds every fault, sorted by file and line."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        first = self.faults[0]
        self.file, self.line, self.reason = first.file, first.line, first.reason
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read, and how to find the line of a key path in it."""

    file: str
    line_of: Callable[[Path], int] = field(repr=False)
    hidden: int = 0  # leading steps that people need not see: the row of a CSV file

    def fault(self, path: Path, reason: str) -> Fault:
        """A fault at ``path`` of this file."""
        return Fault(self.file, self.line_of(path), path_text(path[self.hidden :]), reason)


def toml_source(file: str, text: str) -> Source:
    """A TOML file; its lines are looked for only once something is wrong."""
    known: dict[Path, int] = {}

    def find(path: Path) -> int:
        if not known:
            known.update(key_lines(text))
        return line_of(known, path)

    return Source(file, find)


def csv_source(file: str, lines: Sequence[int]) -> Source:
    """A CSV file; ``lines`` are the lines on which its rows start, paths begin with the row."""
    return Source(file, partial(_row_line, lines), hidden=1)


def _row_line(lines: Sequence[int], path: Path) -> int:
    return lines[path[0]] if path and isinstance(path[0], int) else 1
