"""Patient: the one door to identified people."""

from datetime import date, datetime
from hashlib import sha256
from typing import TypedDict, Unpack
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from openmeso.gateways import clock
from openmeso.gateways.prepared import Prepared
from openmeso.records.models import Clinic, EmergencyAccess, Patient, User
from openmeso.services import audit, permission
from openmeso.services.member import membership_of
from openmeso.services.refusal import NotFound

EARLIEST_BIRTH = date(1900, 1, 1)


class Contact(TypedDict, total=False):
    """How a patient is reached, as for a recall; all of it may be left empty."""

    email: str
    phone: str
    address: str


class Changes(Contact, total=False):
    """What may be corrected on a patient."""

    given_name: str
    family_name: str
    birth_date: date | None
    sex: str
    record_number: str


class PatientChanged(ValidationError):
    """Somebody else changed the patient meanwhile.

    ``written`` is, by the fields that would be changed, what is written now, and ``standing`` its mark.
    """

    def __init__(self, written: dict[str, str], standing: str) -> None:
        super().__init__("Somebody else has changed this patient meanwhile.")
        self.written = written
        self.standing = standing


def visible_to(user: permission.Asker) -> QuerySet[Patient]:
    """The patients somebody may open: their clinic's, and those open to them in an emergency.

    Researchers and auditors see no identified patient; a stranger sees nothing.
    """
    asking = asking_of(user)
    return seen_by(**asking) if asking else Patient.objects.none()


@transaction.atomic
def search(*, by: User, text: str = "") -> QuerySet[Patient]:
    """The clinic's patients whose names or number contain every word of ``text``; noted once."""
    clinic = permission.own_clinic(by)
    permission.require(by, "patient.see", clinic)
    found = visible_to(by)
    for word in text.split():
        found = found.filter(
            Q(family_name__icontains=word)
            | Q(given_name__icontains=word)
            | Q(record_number__icontains=word)
        )
    audit.record(by=by, action="search_patients", of=clinic, purpose="care")
    return found


def get(*, by: User, pk: UUID | str, purpose: str) -> Patient:
    """One patient, the read noted with its purpose; NotFound for whoever may not see them."""
    permission.require(by, "patient.see")
    patient = _find(by, _uuid(pk))
    if patient is None:
        raise NotFound("No such patient in your clinic.")
    action = "read" if permission.may(by, "patient.see", patient) else "emergency_read"
    audit.record(by=by, action=action, of=patient, purpose=purpose)
    return patient


@transaction.atomic
def add(
    *,
    by: User,
    given_name: str,
    family_name: str,
    sex: str,
    birth_date: date | None = None,
    record_number: str = "",
    **contact: Unpack[Contact],
) -> Patient:
    """A new patient of the asker's clinic; without a number the next free one is given."""
    clinic = permission.own_clinic(by)
    permission.require(by, "patient.add", clinic)
    patient = Patient(
        clinic=clinic,
        record_number=record_number.strip() or _next_number(clinic),
        given_name=given_name.strip(),
        family_name=family_name.strip(),
        birth_date=birth_date,
        sex=sex,
        created_at=clock.now(),
        created_by=by,
        **{name: str(value).strip() for name, value in contact.items()},
    )
    _check(patient)
    patient.save(force_insert=True)
    audit.record(by=by, action="add", of=patient)
    return patient


def standing(patient: Patient) -> str:
    """A mark of what is written of a patient; another once anything is corrected."""
    written = [str(getattr(patient, name)) for name in sorted(Changes.__annotations__)]
    return sha256("\0".join(written).encode()).hexdigest()[:32]


@transaction.atomic
def change(
    *, by: User, patient: Patient, stood: str | None = None, **changes: Unpack[Changes]
) -> Patient:
    """Correct what is written of a patient; which fields changed is noted.

    ``stood`` is the :func:`standing` that whoever changes has seen: PatientChanged where it is
    another by now and somebody's words would be lost.
    """
    permission.require(by, "patient.change", patient)
    patient = (
        Patient.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=patient.pk)
    )
    changed = sorted(name for name, value in changes.items() if getattr(patient, name) != value)
    if changed and stood is not None and stood != standing(patient):
        written = {name: str(getattr(patient, name) or "–") for name in changed}
        raise PatientChanged(written, standing(patient))
    for name in changed:
        value = changes[name]  # type: ignore[literal-required]
        setattr(patient, name, value.strip() if isinstance(value, str) else value)
    _check(patient)
    patient.save(update_fields=changed)
    audit.record(by=by, action="change", of=patient, details={"fields": changed})
    return patient


class Asking(TypedDict):
    """On what it depends whom somebody may open."""

    clinic: UUID
    user: UUID
    now: datetime


def asking_of(user: permission.Asker) -> Asking | None:
    """The asker's place and the moment; None for whoever sees no patient."""
    membership = membership_of(user)
    if membership is None or membership.role not in permission.CARE:
        return None
    return Asking(clinic=membership.clinic_id, user=membership.user_id, now=clock.now())


def seen_by(clinic: UUID, user: UUID, now: datetime) -> QuerySet[Patient]:
    """As :func:`visible_to`, for queries that are prepared."""
    opened = EmergencyAccess.objects.filter(user=user, until__gt=now)
    return Patient.objects.filter(
        Q(clinic=clinic) | Q(pk__in=opened.values("patient"))
    ).select_related("clinic")


_ONE = Prepared(
    lambda clinic, user, now, pk: seen_by(clinic, user, now).filter(pk=pk).order_by(),
    clinic=UUID,
    user=UUID,
    now=datetime,
    pk=UUID,
)


def _find(user: User, pk: UUID) -> Patient | None:
    """One of the patients :func:`visible_to` somebody."""
    asking = asking_of(user)
    return _ONE.first(**asking, pk=pk) if asking else None


def _check(patient: Patient) -> None:
    patient.full_clean()
    born = patient.birth_date
    if born and not EARLIEST_BIRTH <= born <= clock.today():
        raise ValidationError({"birth_date": "A birth date lies between 1900 and today."})


def _next_number(clinic: Clinic) -> str:
    taken = set(
        Patient.objects.filter(clinic=clinic, record_number__startswith="P-").values_list(
            "record_number", flat=True
        )
    )
    number = len(taken) + 1
    while f"P-{number:04}" in taken:
        number += 1
    return f"P-{number:04}"


def _uuid(pk: UUID | str) -> UUID:
    try:
        return pk if isinstance(pk, UUID) else UUID(str(pk))
    except ValueError:
        raise NotFound("No such patient in your clinic.") from None
