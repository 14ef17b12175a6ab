"""Sign-in and security, in the clinic's own dress."""

import pytest
from django.urls import reverse

from tests.conftest import PASSWORD


def test_sign_in_leads_to_today(client, practitioner):
    page = client.get(reverse("account_login")).content.decode()
    assert "entrance" in page
    answer = client.post(reverse("account_login"), {"login": "practitioner", "password": PASSWORD})
    assert answer.url == "/"


def test_refused_sign_in_keeps_the_name_not_the_password(client, practitioner):
    page = client.post(
        reverse("account_login"), {"login": "practitioner", "password": "wrong-password"}
    ).content.decode()
    assert 'value="practitioner"' in page
    assert "wrong-password" not in page
    assert "error-summary" in page


@pytest.mark.parametrize(
    "name", ["mfa_index", "account_change_password", "account_logout", "account_reauthenticate"]
)
def test_account_pages_wear_the_shell(client, practitioner, name):
    client.force_login(practitioner)
    page = client.get(reverse(name)).content.decode()
    assert "skip-link" in page
    assert 'class="btn' in page


def test_password_reset_is_reached_without_signing_in(client):
    assert b"entrance" in client.get(reverse("account_reset_password")).content
