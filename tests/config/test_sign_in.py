"""Signing in: by username, counted, noted; nobody signs up."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model

from openmeso.records.models import AuditEvent
from tests.conftest import PASSWORD

LOGIN = "/accounts/login/"


def sign_in(client, username, password=PASSWORD):
    return client.post(LOGIN, {"login": username, "password": password})


def test_somebody_signs_in_and_it_is_noted(client, practitioner):
    assert sign_in(client, "practitioner").status_code == 302
    assert client.session["_auth_user_id"] == str(practitioner.pk)
    event = AuditEvent.objects.get()
    assert (event.action, event.by) == ("sign_in", practitioner.pk)


def test_signing_out_is_noted(client, practitioner):
    client.force_login(practitioner)
    client.post("/accounts/logout/")
    assert AuditEvent.objects.last().action == "sign_out"


def test_after_five_failures_even_the_right_password_waits(client, practitioner):
    for _ in range(5):
        answer = sign_in(client, "practitioner", "wrong")
    assert answer.status_code == 429
    for spelt in ("practitioner", "PRACTITIONER"):
        assert sign_in(client, spelt).status_code == 429
    assert "_auth_user_id" not in client.session


def test_somebody_else_can_still_sign_in(client, practitioner, lead):
    for _ in range(5):
        sign_in(client, "practitioner", "wrong")
    assert sign_in(client, "lead").status_code == 302


def test_guessing_a_second_factor_is_slowed(client, practitioner):
    Authenticator.objects.create(
        user=practitioner, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"}
    )
    sign_in(client, "practitioner")
    answers = [
        client.post("/accounts/2fa/authenticate/", {"code": f"{code:06}"}).content.decode()
        for code in range(12)
    ]
    assert "Too many failed" in answers[-1]
    assert "Too many failed" not in answers[0]


def test_nobody_signs_up(client):
    client.post(
        "/accounts/signup/",
        {"username": "new", "password1": "a-long-enough-one", "password2": "a-long-enough-one"},
    )
    assert not get_user_model().objects.filter(username="new").exists()


def test_a_second_factor_is_asked_for(client, practitioner):
    Authenticator.objects.create(
        user=practitioner, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"}
    )
    answer = sign_in(client, "practitioner")
    assert answer.url.startswith("/accounts/2fa/authenticate/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("page", ["totp/activate/", "recovery-codes/generate/", "webauthn/add/"])
def test_second_factors_can_be_set_up(client, practitioner, page):
    sign_in(client, "practitioner")
    assert client.get(f"/accounts/2fa/{page}").status_code in {200, 302, 403, 404}


@pytest.mark.parametrize("password", ["short", "123456789012345", "password1234"])
def test_weak_passwords_are_refused(password):
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        validate_password(password)
