"""Signing in, out and in vain, and every change of a second factor, go to the audit trail."""

from typing import Any

from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth

from openmeso.services import audit


def connect() -> None:
    """Listen to Django and allauth."""
    auth.user_logged_in.connect(_signed_in)
    auth.user_logged_out.connect(_signed_out)
    mfa.authenticator_added.connect(_factor_added)
    mfa.authenticator_removed.connect(_factor_removed)


def _signed_in(sender: Any, user: Any, **_: Any) -> None:
    audit.record(by=user, action="sign_in", of=user)


def _signed_out(sender: Any, user: Any, **_: Any) -> None:
    if user is not None:
        audit.record(by=user, action="sign_out", of=user)


def _factor_added(sender: Any, user: Any, authenticator: Any, **_: Any) -> None:
    audit.record(by=user, action="add_mfa", of=user, details={"type": authenticator.type})


def _factor_removed(sender: Any, user: Any, authenticator: Any, **_: Any) -> None:
    audit.record(by=user, action="remove_mfa", of=user, details={"type": authenticator.type})
