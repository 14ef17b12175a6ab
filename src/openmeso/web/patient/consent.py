"""What the pages of patient and plan say about consent."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from openmeso.gateways import clock
from openmeso.services import consent as consents
from openmeso.terms.consent import ConsentStanding

if TYPE_CHECKING:
    from openmeso.records.models import Patient, Plan


def consent_on_plan(plan: "Plan") -> dict[str, object]:
    """How consent to this plan stands."""
    standing = consents.status(patient=plan.patient, plan=plan, on=clock.today())
    return {"consent_standing": standing.value, "consent_badge": f"consent_{standing}"}


def consent_on_patient(patient: "Patient", plans: Iterable["Plan"]) -> dict[str, object]:
    """How consent stands for each plan that is not superseded."""
    standing = consents.status_of_each(patient=patient, on=clock.today())
    lines = [(plan, standing[plan.pk]) for plan in plans if plan.status != "superseded"]
    return {
        "consent_lines": [(plan, f"consent_{one}") for plan, one in lines],
        "consent_is_wanting": any(one is not ConsentStanding.VALID for _plan, one in lines),
    }
