"""A measurement in words and drawings, as its page shows it."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openmeso.services.knowledge import knowledge
from openmeso.services.measurement import to_terms
from openmeso.terms.measurement import Measurement, OutcomeValue
from openmeso.terms.trichoscopy import Hair, HairClass, HairField, QualityFinding
from openmeso.web.measurement_line import ValueLine, value_lines
from openmeso.web.measurement_words import (
    CLASSES,
    MODES,
    SCALE_SOURCES,
    SITES,
)
from openmeso.web.score import in_words

if TYPE_CHECKING:
    from openmeso.records.models import Measurement as MeasurementRecord


@dataclass(frozen=True, slots=True)
class HairLine:
    """A hair as drawn: path, root, class, and whether it is counted."""

    id: int
    path: str
    root_x: str
    root_y: str
    hair_class: str
    counted: bool


@dataclass(frozen=True, slots=True)
class MeasurementSheet:
    """Everything a measurement's page says."""

    made: Measurement
    site: object
    mode: object
    score: str
    scale_words: str
    values: tuple[ValueLine, ...]
    automatic: tuple[ValueLine, ...]
    field: HairField | None
    hairs: tuple[HairLine, ...]
    counts: tuple[tuple[str, object, int], ...]
    findings: tuple[QualityFinding, ...]
    editor: dict[str, object]


def measurement_sheet(record: "MeasurementRecord") -> MeasurementSheet:
    """Put a measurement into words and drawings."""
    made = to_terms(record)
    field = made.field
    scale = field.scale if field else None
    return MeasurementSheet(
        made=made,
        site=SITES[made.place.site.value] if made.place else "",
        mode=MODES[field.mode.value] if field else "",
        score=in_words(made.score, knowledge()) if made.score else "",
        scale_words=f"{scale.um_per_px:.2f} µm/px ± {100 * scale.relative_sd:.1f} %, "
        f"{SCALE_SOURCES[scale.source.value]}"
        if scale
        else "",
        values=tuple(value_lines(made.values)),
        automatic=tuple(value_lines(_automatic(made))),
        field=field,
        hairs=tuple(map(_hair_line, field.hairs)) if field else (),
        counts=_counts(field.hairs) if field else (),
        findings=field.findings if field else (),
        editor=_editor(field) if field else {},
    )


def _automatic(made: Measurement) -> tuple[OutcomeValue, ...]:
    """What the software had read, where it was corrected since."""
    from openmeso.services.measurement import automatic_values

    return automatic_values(made) if made.corrected else ()


def _hair_line(hair: Hair) -> HairLine:
    points = [f"{x:.1f} {y:.1f}" for x, y in hair.path_px]
    x, y = hair.root_px
    return HairLine(
        hair.id,
        "M" + "L".join(points),
        f"{x:.1f}",
        f"{y:.1f}",
        hair.hair_class.value,
        hair.counted,
    )


def _counts(hairs: tuple[Hair, ...]) -> tuple[tuple[str, object, int], ...]:
    counted = Counter(each.hair_class for each in hairs if each.counted)
    return tuple((one.value, CLASSES[one.value], counted[one]) for one in HairClass if counted[one])


def _editor(field: HairField) -> dict[str, object]:
    """What the editor works on: plain numbers, no more exact than a tenth of a pixel."""
    return {
        "width": field.width_px,
        "height": field.height_px,
        "frame": field.frame_px,
        "hairs": [
            {
                "id": each.id,
                "class": each.hair_class.value,
                "path": [[round(x, 1), round(y, 1)] for x, y in each.path_px],
            }
            for each in field.hairs
        ],
    }
