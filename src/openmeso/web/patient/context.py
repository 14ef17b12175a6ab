"""What every page about a patient shows in its context bar."""

from typing import TYPE_CHECKING

from openmeso.gateways import clock
from openmeso.services import assessment as assessments
from openmeso.services.knowledge import knowledge
from openmeso.terms.assessment import Assessment

if TYPE_CHECKING:
    from openmeso.records.models.patient import Patient


def patient_context(patient: "Patient") -> dict[str, object]:
    """Name, age, allergies and open blocks: whose record this is."""
    latest = assessments.latest(patient)
    known = assessments.to_terms(latest) if latest else None
    return {
        "patient": patient,
        "today": clock.today(),
        "latest": latest,
        "latest_terms": known,
        "allergies": allergy_names(known) if known else [],
        "allergies_asked": known is not None,
        "open_blocks": open_blocks(known) if known else 0,
    }


def allergy_names(assessment: Assessment) -> list[str]:
    ingredients = knowledge().ingredients
    return [ingredients[each].name for each in assessment.allergies if each in ingredients]


def open_blocks(assessment: Assessment) -> int:
    """How many answers of the checklist stop a course."""
    asked = knowledge().contraindications
    return sum(
        each.answer.value == "yes"
        and each.contraindication in asked
        and asked[each.contraindication].consequence.value == "block"
        for each in assessment.checklist
    )
