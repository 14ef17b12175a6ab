"""Trials: files of published study arms read into terms; a bad row says file, line and reason."""

import csv
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from openmeso.gateways.knowledge import FOLDER
from openmeso.gateways.knowledge.fault import Fault, KnowledgeError
from openmeso.terms.study import ArmDesign, ArmOutcome, FollicleTarget, TrialRow

TRIALS = FOLDER / "trials.csv"
TARGETS = FOLDER / "posterior" / "follicle_targets.csv"

_DESIGN_TEXTS = (
    "row_id", "study_key", "design", "population_sex", "arm_id", "arm_label", "intervention_class",
    "intervention", "n_sessions", "outcome_name", "outcome_unit", "outcome_family",
    "measurement_area",
)  # fmt: skip
_DESIGN_NUMBERS = ("concentration_mg_ml", "followup_week")
_OUTCOME_NUMBERS = ("baseline_mean", "followup_mean", "change_mean", "change_sd", "change_pct")
_NEEDED = ("row_id", "study_key", "intervention_class", "outcome_family")
_COLUMNS = (*_NEEDED, "outcome_unit", "followup_week")


@dataclass(frozen=True, slots=True)
class TrialsReading:
    """The rows that can be read, and each fault of the others."""

    rows: tuple[TrialRow, ...]
    faults: tuple[Fault, ...]


def read_trials(path: Path = TRIALS) -> tuple[TrialRow, ...]:
    """Every row of a trials file; outcome columns may be blank or absent.

    Raises :class:`KnowledgeError` with every fault, FileNotFoundError without a file.
    """
    reading = survey_trials(path)
    if reading.faults:
        raise KnowledgeError(reading.faults)
    return reading.rows


def survey_trials(path: Path = TRIALS) -> TrialsReading:
    """As :func:`read_trials`, but a bad row is reported instead of refusing the file.

    Raises :class:`KnowledgeError` for what makes the whole file unreadable.
    """
    rows: list[TrialRow] = []
    faults: list[Fault] = []
    lines: dict[str, int] = {}
    for line, cells in _rows(path, _COLUMNS):
        reasons = _cell_faults(cells)
        row_id = cells["row_id"]
        if row_id in lines:
            reasons["row_id"] = f"{row_id} stands on line {lines[row_id]} already"
        lines.setdefault(row_id, line)
        faults += [Fault(path.name, line, name, reason) for name, reason in reasons.items()]
        if not reasons:
            rows.append(_trial(cells, line))
    return TrialsReading(tuple(rows), tuple(faults))


def read_targets(path: Path = TARGETS) -> tuple[FollicleTarget, ...]:
    """The published means that the hair-cycle model is calibrated on."""
    return tuple(
        FollicleTarget(
            name=cells["name"],
            study_key=cells["study_key"],
            rows=tuple(cells["rows"].split(";")),
            drug=cells["drug"],
            against=cells["against"],
            measure=cells["measure"],
            week=float(cells["week"]),
            value=float(cells["value"]),
            sd=float(cells["sd"]),
            derivation=cells["derivation"],
            sd_basis=cells["sd_basis"],
        )
        for _, cells in _rows(path, ("name", "study_key", "value", "sd"))
    )


def _rows(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row as stripped cells, with the line on which it starts."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise KnowledgeError([Fault(path.name, 1, "", "is not UTF-8 text")]) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = [name.strip() for name in next(reader, [])]
    missing = [name for name in needed if name not in header]
    if missing:
        raise KnowledgeError([Fault(path.name, 1, "", f"lacks the columns {', '.join(missing)}")])
    line = reader.line_num + 1
    try:
        for cells in reader:
            if any(cells):
                if len(cells) != len(header):
                    reason = f"has {len(cells)} cells; the header has {len(header)}"
                    raise KnowledgeError([Fault(path.name, line, "", reason)])
                yield line, {k: v.strip() for k, v in zip(header, cells, strict=True)}
            line = reader.line_num + 1
    except csv.Error as error:
        raise KnowledgeError([Fault(path.name, line, "", f"is not CSV: {error}")]) from error


def _cell_faults(cells: Mapping[str, str]) -> dict[str, str]:
    faults = {name: "is empty" for name in _NEEDED if not cells[name]}
    for name in (*_DESIGN_NUMBERS, *_OUTCOME_NUMBERS, "n_arm"):
        try:
            number = _number(cells.get(name, ""))
        except ValueError:
            faults[name] = f"expected a number; got {cells[name]!r}"
            continue
        if number is not None and name in ("n_arm", *_DESIGN_NUMBERS) and number < 0:
            faults[name] = f"must be 0 or more; got {number:g}"
        if name == "n_arm" and number is not None and (number < 1 or number % 1):
            faults[name] = f"expected a count of patients; got {cells[name]!r}"
    return faults


def _number(text: str) -> float | None:
    if not text:
        return None
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _trial(cells: Mapping[str, str], line: int) -> TrialRow:
    texts = {name: cells.get(name, "") for name in _DESIGN_TEXTS}
    numbers = {name: _number(cells.get(name, "")) for name in _DESIGN_NUMBERS}
    n_arm = _number(cells.get("n_arm", ""))
    design = ArmDesign(**texts, **numbers, n_arm=None if n_arm is None else int(n_arm))  # type: ignore[arg-type]
    found = {name: _number(cells.get(name, "")) for name in _OUTCOME_NUMBERS}
    outcome = ArmOutcome(**found, dispersion_type=cells.get("dispersion_type", ""))
    parts = [cells.get(name, "") for name in ("authors", "journal", "year", "doi")]
    citation = ". ".join(part for part in parts if part)
    return TrialRow(design, outcome, line, citation, cells.get("source_url", ""))
