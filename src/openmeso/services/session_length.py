"""Session length: how long the clinic's own sessions took."""

from uuid import UUID

from django.db import transaction

from openmeso.gateways import clock
from openmeso.gateways.prepared import Prepared
from openmeso.records.models import Clinic, SessionLength, User
from openmeso.services import audit, permission
from openmeso.terms.schedule import RecordedLength

# Enough to learn from, few enough to keep a plan's stored request small.
LEARN_FROM = 200


def recorded(clinic: Clinic) -> tuple[RecordedLength, ...]:
    """The clinic's latest sessions, newest first."""
    rows = _LATEST.all(clinic=clinic.pk)
    return tuple(RecordedLength(row.technique, row.points, row.minutes) for row in rows)


_LATEST = Prepared(
    lambda clinic: (
        SessionLength.objects.filter(clinic=clinic)
        .order_by("-created_at", "pk")
        .only("technique", "points", "minutes")[:LEARN_FROM]
    ),
    clinic=UUID,
)


@transaction.atomic
def record(
    *, by: User, clinic: Clinic, technique: str, points: int, minutes: float
) -> SessionLength:
    """Write down how long a session took; no patient is named."""
    permission.require(by, "session_length.record", clinic)
    length = SessionLength(
        clinic=clinic,
        technique=technique,
        points=points,
        minutes=minutes,
        created_at=clock.now(),
        created_by=by,
    )
    length.full_clean()
    length.save(force_insert=True)
    audit.record(by=by, action="record", of=length)
    return length
