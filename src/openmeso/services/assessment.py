"""Assessment: written once; a newer one supersedes it."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from openmeso.gateways import clock
from openmeso.gateways.conversion import converter, structure
from openmeso.gateways.prepared import Prepared
from openmeso.records.models import Assessment, Patient, User
from openmeso.services import audit, permission
from openmeso.services.knowledge import knowledge
from openmeso.services.patient import visible_to as visible_patients
from openmeso.services.refusal import NotFound
from openmeso.terms import assessment as terms

KEPT = 256
_READ: dict[UUID, terms.Assessment] = {}


def visible_to(user: permission.Asker) -> QuerySet[Assessment]:
    """Assessments of the patients somebody may open, newest first."""
    return Assessment.objects.filter(patient__in=visible_patients(user)).select_related(
        "patient__clinic", "created_by"
    )


@transaction.atomic
def get(*, by: User, pk: UUID, purpose: str) -> Assessment:
    """One assessment, the read noted."""
    permission.require(by, "patient.see")
    record = visible_to(by).filter(pk=pk).first()
    if record is None:
        raise NotFound("No such assessment in your clinic.")
    audit.record(by=by, action="read", of=record, purpose=purpose)
    return record


def latest(patient: Patient) -> Assessment | None:
    """The assessment that holds now."""
    return _LATEST.first(patient=patient.pk)


_LATEST = Prepared(
    lambda patient: Assessment.objects.filter(patient=patient, superseded_by__isnull=True),
    patient=UUID,
)


def history(patient: Patient) -> QuerySet[Assessment]:
    """Every assessment, newest first."""
    return Assessment.objects.filter(patient=patient).select_related("created_by")


def to_terms(record: Assessment) -> terms.Assessment:
    """What was assessed, as the science reads it; it never changes, so it is read once."""
    known = _READ.get(record.pk)
    if known is None:
        if len(_READ) >= KEPT:
            _READ.clear()
        known = _READ[record.pk] = structure(record.data, terms.Assessment)
    return known


@transaction.atomic
def save(*, by: User, patient: Patient, assessment: terms.Assessment) -> Assessment:
    """Write an assessment down; the one before it stays, superseded."""
    permission.require(by, "assessment.save", patient)
    # The patient's row is the lock: two assessments saved at once must not supersede the same one.
    Patient.objects.select_for_update().get(pk=patient.pk)
    _check(patient, assessment)
    record = Assessment(
        patient=patient,
        assessed_on=assessment.assessed_on,
        indication=assessment.indication,
        data=converter().unstructure(assessment),
        supersedes=latest(patient),
        created_at=clock.now(),
        created_by=by,
    )
    record.save(force_insert=True)
    audit.record(by=by, action="save", of=record)
    return record


def _check(patient: Patient, assessment: terms.Assessment) -> None:
    if assessment.assessed_on > clock.today():
        raise ValidationError({"assessed_on": "An assessment cannot lie in the future."})
    if assessment.indication not in knowledge().indications:
        raise ValidationError({"indication": f"Unknown indication {assessment.indication}."})
    if assessment.sex != patient.sex:
        raise ValidationError({"sex": "The sex differs from the patient's record."})
    if assessment.birth_date and assessment.birth_date != patient.birth_date:
        raise ValidationError({"birth_date": "The birth date differs from the patient's record."})
