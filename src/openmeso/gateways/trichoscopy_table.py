"""Measured pictures as JSON, as a table of hairs, and to be read."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from openmeso.gateways.trichoscopy_file import FileReading
from openmeso.terms.trichoscopy import Estimate, Hair, HairField

HAIR_COLUMNS = (
    "file", "hair", "x_px", "y_px", "tip_x_px", "tip_y_px", "length_px", "length_mm", "width_px",
    "width_um", "width_error_um", "class", "unit", "counted", "root_is_sure", "confidence",
)  # fmt: skip


def readings_data(readings: Iterable[FileReading], device: str = "") -> dict[str, Any]:
    """Everything, plain: ``pictures`` with their hairs, and ``errors`` with file and reason."""
    read = list(readings)
    return {
        "device": device,
        "pictures": [{"file": str(one.path), **field_data(one.field)} for one in read if one.field],
        "errors": [
            {"file": str(one.path), "error": one.error} for one in read if one.field is None
        ],
    }


def field_data(field: HairField) -> dict[str, Any]:
    """One picture; numbers that cannot be said are null."""
    plain = asdict(field)
    hairs = [hair_data(one) | {"path_px": one.path_px} for one in field.hairs]
    return plain | {"refused": field.refused, "hairs": hairs}


def hair_data(hair: Hair) -> dict[str, Any]:
    """One hair by its columns."""
    x, y = hair.root_px
    tip_x, tip_y = hair.tip_px
    return {
        "hair": hair.id,
        "x_px": round(x, 1),
        "y_px": round(y, 1),
        "tip_x_px": round(tip_x, 1),
        "tip_y_px": round(tip_y, 1),
        "length_px": _rounded(hair.length_px, 1),
        "length_mm": _rounded(hair.length_mm, 3),
        "width_px": _rounded(hair.width_px, 2),
        "width_um": _rounded(hair.width_um, 1),
        "width_error_um": _rounded(hair.width_error_um, 1),
        "class": hair.hair_class.value,
        "unit": hair.unit,
        "counted": hair.counted,
        "root_is_sure": hair.root_is_sure,
        "confidence": round(hair.confidence, 3),
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def hairs_csv(readings: Iterable[FileReading]) -> str:
    """A line a hair; what is not known is left empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, HAIR_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for one in readings:
        for hair in one.field.hairs if one.field else ():
            writer.writerow({"file": str(one.path), **hair_data(hair)})
    return out.getvalue()


def reading_text(reading: FileReading) -> str:
    """A picture's summary to read, with what is wrong with it."""
    field = reading.field
    if field is None:
        return f"{reading.path}: not measured. {reading.error}"
    lines = [f"{reading.path}: {'refused' if field.refused else _summary_text(field)}"]
    lines += [f"  {one.severity.value}: {one.message} {one.remedy}" for one in field.findings]
    return "\n".join(lines)


def _summary_text(field: HairField) -> str:
    summary = field.summary
    count = f"{summary.counted_hairs} hairs"
    if summary.area_cm2 is None:
        return f"{count} (90 % interval {summary.count.low:.0f}–{summary.count.high:.0f})"
    return ", ".join([f"{count} on {summary.area_cm2:.2f} cm²", *_numbers(field)])


def _numbers(field: HairField) -> Iterator[str]:
    summary = field.summary
    for name, value, unit in (
        ("", summary.density_cm2, "/cm²"),
        ("terminal ", summary.terminal_density_cm2, "/cm²"),
        ("vellus ", summary.vellus_density_cm2, "/cm²"),
        ("width ", summary.mean_width_um, " µm"),
    ):
        if value is not None:
            yield f"{name}{_interval(value)}{unit}"


def _interval(value: Estimate) -> str:
    return f"{value.value:.0f} ({value.low:.0f}–{value.high:.0f})"
