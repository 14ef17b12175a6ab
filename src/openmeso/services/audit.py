"""Audit: an append-only chain of who did what to whom, reads included.

Each row's hash covers the row and the hash before it, so that a change, a removal or an
insertion shows. With AUDIT_KEY set the hash is keyed, and whoever can write the database still
cannot forge it. Cutting rows off the end shows only against a head noted elsewhere (:func:`head`).
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from functools import cache
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model, QuerySet

from openmeso.gateways import clock
from openmeso.records.models import AuditEvent, Patient, User
from openmeso.services import permission

# Any number will do, so long as nothing else in this database locks the same one.
CHAIN_LOCK = 7_364_126
# asked before every row: putting together the same query each time takes longer than the database
LAST = "SELECT seq, hash FROM records_auditevent ORDER BY seq DESC LIMIT 1"


_FIELDS = AuditEvent._meta.concrete_fields


# without a savepoint: what is not noted is not done
@transaction.atomic(savepoint=False)
def record(
    *,
    by: User | None,
    action: str,
    of: Model,
    purpose: str = "",
    details: Mapping[str, object] | None = None,
) -> AuditEvent:
    """Add one row about ``of``; ``details`` names fields and ids, never clinical contents."""
    seq, previous = _locked_head()
    event = AuditEvent(
        seq=seq + 1,
        at=clock.now(),
        by=by.pk if by else None,
        clinic=permission.clinic_id_of(of),
        patient=of.pk if isinstance(of, Patient) else getattr(of, "patient_id", None),
        action=action,
        noun=str(of._meta.verbose_name).replace(" ", "_"),
        object_id=str(of.pk),
        purpose=purpose,
        details=_canonical(details) if details else "",
        previous_hash=previous,
    )
    event.hash = _hash(event)
    _add(event)
    return event


def verify() -> int | None:
    """The number of the first row that does not fit the chain, or None when all fit."""
    expected, previous = 1, ""
    for event in AuditEvent.objects.order_by("seq").iterator(chunk_size=2000):
        fits = event.seq == expected and event.previous_hash == previous
        if not fits or not hmac.compare_digest(event.hash, _hash(event)):
            return expected
        expected, previous = expected + 1, event.hash
    return None


def head() -> tuple[int, str]:
    """Number and hash of the last row: note them elsewhere to prove later that none was cut off."""
    with connection.cursor() as cursor:
        cursor.execute(LAST)
        return cursor.fetchone() or (0, "")


def hash_at(seq: int) -> str:
    """The hash of a row, to compare with one noted elsewhere; empty where there is no such row."""
    return AuditEvent.objects.filter(seq=seq).values_list("hash", flat=True).first() or ""


def of_patient(*, by: User, patient: Patient) -> QuerySet[AuditEvent]:
    """Everything done to one patient's record, newest first; itself noted."""
    permission.require(by, "audit.see", patient)
    record(by=by, action="read_audit", of=patient, purpose="audit")
    return AuditEvent.objects.filter(patient=patient.pk).order_by("-seq")


def of_clinic(*, by: User) -> QuerySet[AuditEvent]:
    """Everything done in the asker's clinic, newest first; itself noted."""
    clinic = permission.own_clinic(by)
    permission.require(by, "audit.see", clinic)
    record(by=by, action="read_audit", of=clinic, purpose="audit")
    return AuditEvent.objects.filter(clinic=clinic.pk).order_by("-seq")


def names(events: Iterable[AuditEvent]) -> dict[UUID, str]:
    """Who the ``by`` ids of the events are."""
    ids = {event.by for event in events if event.by}
    return {user.pk: user.name for user in User.objects.filter(pk__in=ids)}


def _locked_head() -> tuple[int, str]:
    """The last row, and nobody else adds one until this transaction ends."""
    # SQLite's transactions begin IMMEDIATE, so only one writer is ever here.
    if connection.vendor != "postgresql":
        return head()
    with connection.cursor() as cursor:
        # sent at once, yet the row is looked for when the lock is held, not before
        cursor.execute(f"SELECT pg_advisory_xact_lock({CHAIN_LOCK}); {LAST}")
        cursor.nextset()
        return cursor.fetchone() or (0, "")


def _add(event: AuditEvent) -> None:
    values = [
        each.get_db_prep_save(getattr(event, each.attname), connection=connection)
        for each in _FIELDS
    ]
    with connection.cursor() as cursor:
        cursor.execute(_adding(connection.vendor), values)
    event._state.adding = False


@cache
def _adding(vendor: str) -> str:
    """One row more, in SQL; put together once, for every answer waits for it."""
    columns = ", ".join(connection.ops.quote_name(str(each.column)) for each in _FIELDS)
    places = ", ".join(["%s"] * len(_FIELDS))
    return f"INSERT INTO {AuditEvent._meta.db_table} ({columns}) VALUES ({places})"  # noqa: S608


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str, ensure_ascii=False)


def _hash(event: AuditEvent) -> str:
    said = [
        event.seq,
        event.at.isoformat(timespec="microseconds"),
        event.by,
        event.clinic,
        event.patient,
        event.action,
        event.noun,
        event.object_id,
        event.purpose,
        event.details,
        event.previous_hash,
    ]
    key = settings.AUDIT_KEY.encode()
    return hmac.new(key, _canonical(said).encode(), hashlib.sha256).hexdigest()
