"""A score in words: the grade's code beside its name, or the number with its unit."""

from openmeso.terms.assessment import ScaleScore
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.scale import Scale


def fits_form(scale: Scale, value: str) -> bool:
    """Whether the form's own control for the scale can show the value."""
    if scale.grades:
        return any(grade.code == value for grade in scale.grades)
    number = _number(value)
    low, high = scale.low, scale.high
    return (
        number is not None and (low is None or number >= low) and (high is None or number <= high)
    )


def in_words(score: ScaleScore, known: Knowledge) -> str:
    """``Norwood-Hamilton III vertex — Vertex thinning``; ``Hair pull test 3 hairs``."""
    scale = known.scales.get(score.scale)
    if scale is None:
        return f"{score.scale} {score.value}"
    for grade in scale.grades:
        if grade.code == score.value:
            name = f" — {grade.name}" if grade.name and grade.name != grade.code else ""
            return f"{scale.name} {grade.code}{name}"
    unit = f" {scale.unit}" if scale.unit and _number(score.value) is not None else ""
    return f"{scale.name} {score.value}{unit}"


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None
