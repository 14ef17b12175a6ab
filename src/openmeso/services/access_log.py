"""Access log: the audit trail of one patient, gathered by day and person to be given to them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from openmeso.records.models import AuditEvent, EmergencyAccess, Membership, Patient, User
from openmeso.services import audit, permission
from openmeso.terms.access_log import AccessLine, Deed

EMERGENCY = ("break_glass", "emergency_read")
LOOKS = ("read", "list", "trace", "search")
COPIES = ("download", "export", "print")

Key = tuple[date, UUID | None, Deed, str, str]


@transaction.atomic
def of_patient(*, by: User, patient: Patient) -> tuple[AccessLine, ...]:
    """Every look and every change, newest day first; that it was taken out is noted."""
    permission.require(by, "audit.see", patient)
    events = list(AuditEvent.objects.filter(patient=patient.pk).order_by("seq"))
    audit.record(by=by, action="print_access_log", of=patient, purpose="audit")
    zone = ZoneInfo(patient.clinic.timezone)
    opened = list(
        EmergencyAccess.objects.filter(patient=patient).values_list(
            "user", "created_at", "until", "reason"
        )
    )
    gathered: dict[Key, list[tuple[datetime, str]]] = {}
    for event in events:
        deed = deed_of(event.action)
        reason = _reason(event, opened) if deed is Deed.OPENED else ""
        at = event.at.astimezone(zone)
        key = (at.date(), event.by, deed, event.purpose, reason)
        gathered.setdefault(key, []).append((at, event.noun))
    names, roles = audit.names(events), _roles(patient, {event.by for event in events})
    lines = [_line(key, found, names, roles) for key, found in gathered.items()]
    return tuple(sorted(lines, key=lambda one: (one.first.date(), one.first), reverse=True))


def deed_of(action: str) -> Deed:
    """What an audit event's action comes to for the patient."""
    if action in EMERGENCY:
        return Deed.OPENED
    if action.startswith(COPIES):
        return Deed.TOOK
    return Deed.LOOKED if action.startswith(LOOKS) else Deed.WROTE


def _reason(event: AuditEvent, opened: Iterable[tuple[UUID, datetime, datetime, str]]) -> str:
    reasons = [
        reason
        for user, since, until, reason in opened
        if user == event.by and since <= event.at <= until
    ]
    return reasons[-1] if reasons else ""


def _roles(patient: Patient, people: set[UUID | None]) -> Mapping[UUID, str]:
    """What each was at the patient's clinic, last; nothing for those from elsewhere."""
    held = Membership.objects.filter(clinic=patient.clinic_id, user__in=people - {None})
    return dict(held.order_by("created_at").values_list("user", "role"))


def _line(
    key: Key,
    found: list[tuple[datetime, str]],
    names: Mapping[UUID, str],
    roles: Mapping[UUID, str],
) -> AccessLine:
    _on, who, deed, purpose, reason = key
    return AccessLine(
        first=found[0][0],
        last=found[-1][0],
        times=len(found),
        who=names.get(who, "") if who else "",
        role=roles.get(who, "") if who else "",
        deed=deed,
        nouns=tuple(dict.fromkeys(noun for _at, noun in found)),
        purpose=purpose,
        reason=reason,
    )
