"""Comparisons on the patient's page: what nobody has compared yet."""

from typing import TYPE_CHECKING

from openmeso.services import comparison as comparisons
from openmeso.services import permission
from openmeso.web.measurement_words import SITES

if TYPE_CHECKING:
    from openmeso.records.models import Patient, User
    from openmeso.services.journey import Journey


def comparisons_on_patient(
    user: "User", patient: "Patient", journey: "Journey"
) -> dict[str, object]:
    """Of each spot's last picture, whether it waits to be compared."""
    may_compare = permission.may(user, "comparison.save", patient)
    found = comparisons.offers(list(journey.measurements), journey.comparisons)
    return {
        "comparison_offers": [(each, SITES[each.after.site]) for each in found]
        if may_compare
        else [],
    }
