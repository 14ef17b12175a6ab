"""What the patient's page shows of private links and of what was told through them."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from openmeso.gateways.mail import is_configured
from openmeso.services import patient_report as reports
from openmeso.services import permission

if TYPE_CHECKING:
    from openmeso.records.models import Patient, User

LIFETIMES = [
    ("84", _("12 weeks: as long as infections may show")),
    ("14", _("2 weeks")),
    ("365", _("A year: as long as hair loss may show")),
]


def told_on_patient(user: "User", patient: "Patient") -> dict[str, object]:
    """What was told, and the living link."""
    return {
        "reports": reports.of_patient(patient),
        "report_link": reports.link_of(patient),
        "may_invite": permission.may(user, "patient_report.invite", patient),
        "lifetimes": LIFETIMES,
        "may_mail": is_configured(),
    }
