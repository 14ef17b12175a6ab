"""Practitioner: who has been trained in what, and may be assigned a session."""

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from openmeso.gateways import clock
from openmeso.gateways.prepared import Prepared
from openmeso.records.models import Clinic, Training, User
from openmeso.services import audit, permission
from openmeso.services.knowledge import knowledge
from openmeso.services.member import membership_of
from openmeso.terms import practitioner as terms


def practitioners(clinic: Clinic) -> QuerySet[User]:
    """Members whose role lets them inject, by name, with their trainings."""
    return (
        User.objects.filter(
            is_active=True,
            memberships__clinic=clinic,
            memberships__ended_at__isnull=True,
            memberships__role__in=permission.DECIDE,
        )
        .prefetch_related("trainings")
        .order_by("last_name", "first_name", "username")
    )


def trainings(user: User) -> QuerySet[Training]:
    """What somebody has been trained in."""
    return Training.objects.filter(user=user).select_related("created_by")


def assignable(clinic: Clinic, technique: str, on: date) -> QuerySet[User]:
    """Who may be assigned a session with the technique on a date."""
    valid = Training.objects.filter(technique=technique, trained_on__lte=on).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on)
    )
    return practitioners(clinic).filter(pk__in=valid.values("user"))


def to_terms(user: User) -> terms.Practitioner:
    """Name and trainings, as the checks read them."""
    return terms.Practitioner(
        name=user.name,
        trainings=tuple(
            terms.Training(row.technique, row.trained_on, row.valid_until)
            for row in _trainings_of(user)
        ),
    )


_TRAININGS = Prepared(lambda user: Training.objects.filter(user=user), user=UUID)


def _trainings_of(user: User) -> list[Training]:
    fetched = "trainings" in getattr(user, "_prefetched_objects_cache", ())
    return list(user.trainings.all()) if fetched else _TRAININGS.all(user=user.pk)


@transaction.atomic
def record_training(
    *, by: User, user: User, technique: str, trained_on: date, valid_until: date | None = None
) -> Training:
    """Write down that a member of the lead's clinic was trained."""
    clinic = permission.own_clinic(by)
    permission.require(by, "training.record", clinic)
    place = membership_of(user)
    if place is None or place.clinic_id != clinic.pk:
        raise ValidationError({"user": "Not a member of your clinic."})
    if technique not in knowledge().techniques:
        raise ValidationError({"technique": f"Unknown technique {technique}."})
    if trained_on > clock.today():
        raise ValidationError({"trained_on": "A training cannot lie in the future."})
    training = Training(
        user=user,
        technique=technique,
        trained_on=trained_on,
        valid_until=valid_until,
        created_at=clock.now(),
        created_by=by,
    )
    training.full_clean()
    training.save(force_insert=True)
    audit.record(
        by=by,
        action="record_training",
        of=training,
        details={"user": user.pk, "technique": technique},
    )
    return training
