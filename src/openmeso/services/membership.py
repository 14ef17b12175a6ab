"""Membership: who belongs to which clinic, in which role."""

import secrets

from allauth.mfa.models import Authenticator
from axes import utils as attempts
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from openmeso.gateways import clock
from openmeso.records.models import Clinic, Membership, User
from openmeso.services import audit, permission
from openmeso.services.member import forget, membership_of
from openmeso.services.refusal import NotAllowed
from openmeso.terms.practitioner import Role

__all__ = ["add", "change_role", "end", "give_password", "members", "membership_of", "reset_mfa"]


def members(clinic: Clinic) -> QuerySet[Membership]:
    """Everybody who belongs to the clinic now, by name."""
    return (
        Membership.objects.filter(clinic=clinic, ended_at__isnull=True)
        .select_related("user", "clinic")
        .order_by("user__last_name", "user__first_name", "user__username")
    )


@transaction.atomic
def add(
    *, by: User, username: str, given_name: str, family_name: str, role: Role
) -> tuple[Membership, str]:
    """A new account in the asker's clinic, with the password to hand over once."""
    clinic = permission.own_clinic(by)
    permission.require(by, "membership.manage", clinic)
    password = secrets.token_urlsafe(12)
    user = User(
        username=username.strip(), first_name=given_name.strip(), last_name=family_name.strip()
    )
    user.set_password(password)
    user.full_clean()
    user.save()
    membership = join(by=by, user=user, clinic=clinic, role=role)
    return membership, password


@transaction.atomic
def join(*, by: User, user: User, clinic: Clinic, role: Role) -> Membership:
    """Give an account its place; for the clinic's founder and for :func:`add`."""
    if not by.is_superuser:
        permission.require(by, "membership.manage", clinic)
    membership = Membership(
        user=user, clinic=clinic, role=role.value, created_at=clock.now(), created_by=by
    )
    membership.full_clean()
    membership.save()
    forget()
    audit.record(by=by, action="add", of=membership, details={"user": user.pk, "role": role.value})
    return membership


@transaction.atomic
def change_role(*, by: User, membership: Membership, role: Role) -> Membership:
    """Another role; a clinic keeps at least one lead."""
    permission.require(by, "membership.manage", membership)
    _keep_a_lead(membership, role)
    before, membership.role = membership.role, role.value
    membership.save(update_fields=["role"])
    forget()
    audit.record(
        by=by,
        action="change_role",
        of=membership,
        details={"user": membership.user_id, "from": before, "to": role.value},
    )
    return membership


@transaction.atomic
def end(*, by: User, membership: Membership) -> Membership:
    """Close somebody's access; the record of it stays."""
    permission.require(by, "membership.manage", membership)
    _keep_a_lead(membership, None)
    membership.ended_at, membership.ended_by = clock.now(), by
    membership.save(update_fields=["ended_at", "ended_by"])
    forget()
    audit.record(by=by, action="end", of=membership, details={"user": membership.user_id})
    return membership


@transaction.atomic
def reset_mfa(*, by: User, membership: Membership) -> int:
    """Take away a member's second factors, so that they can set up new ones; how many went."""
    permission.require(by, "membership.manage", membership)
    if membership.user_id == by.pk:
        raise NotAllowed("Another lead must reset your second factor.")
    removed = int(Authenticator.objects.filter(user=membership.user).delete()[0])
    audit.record(
        by=by,
        action="reset_mfa",
        of=membership,
        details={"user": membership.user_id, "removed": removed},
    )
    return removed


@transaction.atomic
def give_password(*, by: User, membership: Membership) -> str:
    """A new password for a member who has forgotten theirs, to hand over once.

    Their open sessions end, and their second factors stay.
    """
    permission.require(by, "membership.manage", membership)
    if membership.user_id == by.pk:
        raise NotAllowed("Change your own password under Sign-in and security.")
    password = secrets.token_urlsafe(12)
    membership.user.set_password(password)
    membership.user.save(update_fields=["password"])
    # what failed before was the old password's
    attempts.reset(username=membership.user.username.lower())
    audit.record(by=by, action="give_password", of=membership, details={"user": membership.user_id})
    return password


def _keep_a_lead(membership: Membership, role: Role | None) -> None:
    if membership.role != Role.LEAD.value or role is Role.LEAD:
        return
    if (
        not members(membership.clinic)
        .filter(role=Role.LEAD.value)
        .exclude(pk=membership.pk)
        .exists()
    ):
        raise ValidationError("A clinic needs a lead: make somebody else lead first.")
