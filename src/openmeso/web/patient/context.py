"""What every page about a patient shows in its context bar."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext

from openmeso.gateways import clock
from openmeso.services import adverse_event as events
from openmeso.services import assessment as assessments
from openmeso.services import patient_report as reports
from openmeso.services.knowledge import knowledge
from openmeso.terms.assessment import Assessment
from openmeso.terms.contraindication import Answer

if TYPE_CHECKING:
    from openmeso.records.models.patient import Patient


def patient_context(patient: "Patient") -> dict[str, object]:
    """Name, age, allergies, open blocks and reactions, what waits from home: whose record this is."""
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
        "open_reactions": events.open_of(patient),
        "waiting_reports": reports.waiting_of(patient),
    }


def allergy_names(assessment: Assessment) -> list[str]:
    """The substances by name; an allergy told of without its substance still shows."""
    ingredients = knowledge().ingredients
    named = [ingredients[each].name for each in assessment.allergies if each in ingredients]
    is_told = any(
        each.contraindication == "component_allergy" and each.answer is Answer.YES
        for each in assessment.checklist
    )
    return named or ([gettext("substance not named, see the notes")] if is_told else [])


def open_blocks(assessment: Assessment) -> int:
    """How many answers of the checklist stop a course."""
    asked = knowledge().contraindications
    return sum(
        each.answer.value == "yes"
        and each.contraindication in asked
        and asked[each.contraindication].consequence.value == "block"
        for each in assessment.checklist
    )
