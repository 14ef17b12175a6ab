"""Intervention: what a study's class means to the model: mechanism, needling, route and dose."""

import re
from dataclasses import dataclass

from openmeso.terms.study import ArmDesign


@dataclass(frozen=True, slots=True)
class Intervention:
    """``mechanism`` inhibitor, minoxidil, other or none; ``dose`` names its half-effect dose.

    ``local`` when something is put on or into the scalp, ``needling`` with a device that
    perforates. Injection needles alone are given no effect of their own.
    """

    mechanism: str
    local: bool = True
    needling: bool = False
    dose: str = ""


CLASSES = {
    "control_placebo": Intervention("none"),
    "control_saline_injection": Intervention("none"),
    "control_untreated": Intervention("none", local=False),
    "topical_minoxidil": Intervention("minoxidil", dose="minoxidil_topical_pct"),
    "oral_minoxidil": Intervention("minoxidil", local=False, dose="minoxidil_oral_mg"),
    "mesotherapy_minoxidil": Intervention("minoxidil"),
    "oral_finasteride": Intervention("inhibitor", local=False, dose="finasteride_oral_mg"),
    "oral_dutasteride": Intervention("inhibitor", local=False, dose="dutasteride_oral_mg"),
    "topical_finasteride": Intervention("inhibitor"),
    "mesotherapy_dutasteride": Intervention("inhibitor"),
    "mesotherapy_cocktail": Intervention("other"),
    "mesotherapy_pdrn": Intervention("other"),
    "prp_injection_or_topical": Intervention("other"),
    "botulinum_injection": Intervention("other"),
    "other_combination": Intervention("other"),
    "microneedling_alone": Intervention("none", needling=True),
    "microneedling_plus_minoxidil": Intervention(
        "minoxidil", needling=True, dose="minoxidil_topical_pct"
    ),
    "microneedling_plus_dutasteride": Intervention("inhibitor", needling=True),
}
REFERENCE_DOSE = {
    "minoxidil_topical_pct": 5.0,
    "minoxidil_oral_mg": 5.0,
    "dutasteride_oral_mg": 0.5,
    "finasteride_oral_mg": 1.0,
}
"""Doses at which an effect counts as full (relative dose 1); a convention, not a claim."""

_NUMBER = r"(\d+(?:\.\d+)?)"


def dose_of(design: ArmDesign) -> float | None:
    """Dose in the unit of the class's half-effect dose; None when the design does not say it.

    Several strengths in one arm ("2% or 5%", "raised to 1.5-2 mg") are averaged.
    """
    name = CLASSES[design.intervention_class].dose
    if name.endswith("_pct"):
        if design.concentration_mg_ml:
            return design.concentration_mg_ml / 10
        return _mean(re.findall(_NUMBER + r"\s*%", _text(design)))
    if name.endswith("_mg"):
        spans = re.findall(_NUMBER + r"(?:\s*-\s*" + _NUMBER + r")?\s*mg", _text(design))
        return _mean([number for span in spans for number in span if number])
    return None


def _text(design: ArmDesign) -> str:
    return design.intervention or design.arm_label


def _mean(numbers: list[str]) -> float | None:
    return sum(map(float, numbers)) / len(numbers) if numbers else None


def has_no_control(design: ArmDesign) -> bool:
    """Whether the study's design names no randomised or parallel control."""
    text = design.design.lower()
    if re.search(r"rct|random|placebo|controlled|extension", text) and "no untreated" not in text:
        return "uncontrolled" in text
    return True


def changed_treatment(design: ArmDesign, week: float) -> bool:
    """Whether a control arm had passed to a treatment by this week, as in a crossover."""
    found = re.search(r"(?:(\d+)\s*(months?|weeks?)\s*)?then\b", design.arm_label.lower())
    if CLASSES[design.intervention_class].mechanism != "none" or not found:
        return False
    if not found[1]:
        return True
    per_unit = WEEKS_PER_MONTH if found[2].startswith("month") else 1.0
    return week > float(found[1]) * per_unit


WEEKS_PER_MONTH = 365.25 / 12 / 7
