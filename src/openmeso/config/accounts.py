"""How people sign in."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from allauth.account import auth_backends
from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth import get_user_model
from django.http import HttpRequest

from openmeso.gateways.prepared import Prepared

_USER: Prepared[Any] = Prepared(lambda pk: get_user_model()._default_manager.filter(pk=pk), pk=UUID)


class AuthenticationBackend(auth_backends.AuthenticationBackend):  # type: ignore[misc]
    """allauth's; whoever is signed in is read for every request, so by a prepared query."""

    def get_user(self, user_id: UUID) -> Any:
        user = _USER.first(pk=user_id)
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
