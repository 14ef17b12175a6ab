"""How people sign in."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from allauth.account import auth_backends
from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from openmeso.services import member


class AuthenticationBackend(auth_backends.AuthenticationBackend):  # type: ignore[misc]
    """allauth's; whoever is signed in is read for every request, together with their place."""

    def get_user(self, user_id: UUID) -> Any:
        user = member.account(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are given by a clinic's lead; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def counted_username(request: HttpRequest | None, credentials: Mapping[str, str] | None) -> str:
    """Whose failed sign-ins are counted, whatever capitals they typed.

    Left to itself django-axes reads allauth's ``login`` field from credentials that call it
    ``username``, finds nobody, and locks nobody out.
    """
    typed = (credentials or {}).get("username") or (request.POST.get("login") if request else "")
    return (typed or "").lower()
