"""Saving a plan's formula, technique and schedule as one of the clinic's own protocols."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from openmeso.services import plan as plans
from openmeso.services import protocol as protocols
from openmeso.services.knowledge import knowledge
from openmeso.terms.protocol import Protocol

if TYPE_CHECKING:
    from openmeso.records.models import Plan, User

OWN = "clinic_"


def save_as_protocol(*, by: "User", record: "Plan", name: str) -> str:
    """Keep the plan's regimen under a name; says the name kept."""
    name = " ".join(name.split())
    if not name:
        raise ValidationError(_("Give the protocol a name."))
    plan = plans.to_terms(record)
    choice = plan.choice
    known = knowledge().protocols.get(choice.protocol)
    clinic = record.patient.clinic
    protocols.save(
        by=by,
        clinic=clinic,
        protocol=Protocol(
            id=OWN + slugify(name).replace("-", "_"),
            name=name,
            indications=(plan.request.assessment.indication,),
            phases=choice.phases,
            technique=choice.technique,
            components=choice.formula.components if choice.formula else (),
            session_volume_ml=plan.volume_per_session_ml or None,
            assessment_weeks=known.assessment_weeks if known else (),
        ),
    )
    return name
