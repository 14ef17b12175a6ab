"""How people sign in."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are given by a clinic's lead; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
