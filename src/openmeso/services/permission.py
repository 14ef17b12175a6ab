"""Permission: who may do what, as predicates over a user and a row.

Ask with :func:`may` or :func:`require`; templates ask the same rules with ``{% has_perm %}``.
Superusers get no shortcut: whoever runs the server has no business in a patient's record.
"""

from typing import Any
from uuid import UUID

import rules as untyped_rules
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Model

from openmeso.records.models import Clinic, Membership
from openmeso.services.member import membership_of
from openmeso.services.refusal import NotAllowed
from openmeso.terms.practitioner import Role

rules: Any = untyped_rules  # the package has no types

Asker = AbstractBaseUser | AnonymousUser

CARE = (Role.PRACTITIONER, Role.ASSISTANT, Role.LEAD)
DECIDE = (Role.PRACTITIONER, Role.LEAD)

ALLOWED: dict[str, tuple[Role, ...]] = {
    "patient.see": CARE,
    "patient.add": CARE,
    "patient.change": CARE,
    "assessment.save": CARE,
    "plan.draft": CARE,
    "plan.override": DECIDE,
    "plan.approve": DECIDE,
    "plan.supersede": DECIDE,
    "product.save": DECIDE,
    "protocol.save": DECIDE,
    "session.give": CARE,
    "session.sign": DECIDE,
    "session_length.record": CARE,
    "consent.hand_over": CARE,
    "consent.take": DECIDE,
    "consent.withdraw": CARE,
    "photo.add": CARE,
    "photo.remove": DECIDE,
    "document.add": CARE,
    "measurement.save": CARE,
    "measurement.accept": CARE,
    "measurement.withdraw": DECIDE,
    "comparison.save": CARE,
    "comparison.accept": CARE,
    "comparison.withdraw": DECIDE,
    "device.see": (*CARE, Role.AUDITOR),
    "device.save": (Role.LEAD,),
    "file.see": CARE,
    "file.keep": CARE,
    "course.book": CARE,
    "course.stop": DECIDE,
    "adverse_event.record": CARE,
    "adverse_event.decide": DECIDE,
    "patient_report.invite": CARE,
    "patient_report.settle": CARE,
    "patient_report.take_up": DECIDE,
    "lot.see": (*CARE, Role.AUDITOR),
    "lot.receive": CARE,
    "lot.move": CARE,
    "lot.quarantine": CARE,
    "lot.decide": DECIDE,
    "recall.trace": DECIDE,
    "training.see": (*CARE, Role.AUDITOR),
    "training.record": (Role.LEAD,),
    "clinic.manage": (Role.LEAD,),
    "membership.manage": (Role.LEAD,),
    "audit.see": (Role.LEAD, Role.AUDITOR),
}


def clinic_id_of(row: Model) -> UUID | None:
    """The clinic whose boundary the row lies in."""
    if isinstance(row, Clinic):
        return row.pk
    if hasattr(row, "clinic_id"):
        return row.clinic_id  # type: ignore[no-any-return]
    patient = getattr(row, "patient", None)
    return patient.clinic_id if patient is not None else None


def _member_as(*roles: Role) -> Any:
    def member_as(user: Asker, row: Model | None) -> bool:
        membership = membership_of(user)
        if membership is None or membership.role not in roles:
            return False
        return row is None or clinic_id_of(row) == membership.clinic_id

    return rules.predicate(member_as)


for _name, _roles in ALLOWED.items():
    rules.set_perm(_name, _member_as(*_roles))


def may(user: Asker, name: str, row: Model | None = None) -> bool:
    """Whether the user may do it to the row (or, without one, in their own clinic)."""
    return bool(rules.has_perm(name, user, row))


def require(user: Asker, name: str, row: Model | None = None) -> None:
    """Raise NotAllowed unless the user may."""
    if not may(user, name, row):
        raise NotAllowed(f"Your role does not allow this ({name}).")


def own_membership(user: Asker) -> Membership:
    """The user's place; NotAllowed for somebody who has none."""
    membership = membership_of(user)
    if membership is None:
        raise NotAllowed("This account belongs to no clinic.")
    return membership


def own_clinic(user: Asker) -> Clinic:
    """The clinic the user works in; NotAllowed for somebody who works in none."""
    return own_membership(user).clinic
