"""Signing in as people do: password, second factors, passkeys, and when it goes wrong."""

import os
import re
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from openmeso.gateways import clock
from openmeso.records.models import AuditEvent
from tests.browser.conftest import PHONE, TABLET, sign_in
from tests.conftest import PASSWORD

LOGIN = "/accounts/login/"
SECURITY = "/accounts/2fa/"
PERIOD = 30  # [s], of a code from an authenticator app
LOOKS = {"tablet": {"viewport": TABLET}, "phone-dark": {"viewport": PHONE, "color_scheme": "dark"}}


def code_of(secret: str, steps: int = 0) -> str:
    """What the authenticator app shows, ``steps`` half-minutes from now."""
    return format_hotp_value(hotp_value(secret, int(clock.now().timestamp()) // PERIOD + steps))


def password_of(page: Page, username: str, password: str = PASSWORD) -> None:
    page.goto(LOGIN)
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Account").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("/login/"))


def snap(page: Page, name: str) -> None:
    """Keep a picture where one is asked for, to look at by eye."""
    folder = os.environ.get("PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def confirm(page: Page) -> None:
    """Changes of how one signs in ask for the password once more."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm Access")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def new_key(page: Page) -> None:
    page.goto(f"{SECURITY}webauthn/add/")
    confirm(page)


def add_app(page: Page) -> str:
    """Set an authenticator app up; its secret."""
    page.goto(SECURITY)
    page.get_by_role("link", name="Activate").click()
    confirm(page)
    secret = page.locator("#authenticator_secret").input_value()
    snap(page, "totp-activate")
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Activate").click()
    page.wait_for_url(re.compile("recovery-codes"))
    return secret


def recovery_codes(page: Page) -> list[str]:
    page.goto(f"{SECURITY}recovery-codes/")
    return page.locator("#recovery_codes").input_value().split()


def add_virtual_key(page: Page) -> None:
    """A security key inside the browser, which says yes by itself."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


@pytest.mark.parametrize("look", LOOKS)
def test_an_app_then_guards_the_account(look, practitioner, open_page, no_grave_fault) -> None:
    page = open_page(practitioner, SECURITY, **LOOKS[look])
    no_grave_fault(page)
    secret = add_app(page)
    no_grave_fault(page)
    snap(page, f"recovery-{look}")
    sign_out(page)

    password_of(page, "practitioner")
    expect(page.get_by_role("heading", level=1)).to_have_text("Two-Factor Authentication")
    no_grave_fault(page)
    snap(page, f"second-factor-{look}")
    code = page.get_by_label("Code")
    code.fill("000000")
    page.get_by_role("button", name="Sign In").click()
    expect(page.locator("#error-summary")).to_contain_text("Incorrect code")
    # the code that set the app up is used up: the next one
    code.fill(code_of(secret, 1))
    page.get_by_role("button", name="Sign In").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Good day")
    assert AuditEvent.objects.filter(action="add_mfa", by=practitioner.pk).exists()


def test_a_recovery_code_lets_in_once(practitioner, open_page) -> None:
    page = open_page(practitioner)
    add_app(page)
    code = recovery_codes(page)[0]
    for works in (True, False):
        sign_out(page)
        password_of(page, "practitioner")
        page.get_by_label("Code").fill(code)
        page.get_by_role("button", name="Sign In").click()
        if works:
            page.wait_for_url(re.compile(r"/$"))
        else:
            expect(page.locator("#error-summary")).to_contain_text("Incorrect code")


def test_a_passkey_is_added_and_signs_in_alone(practitioner, open_page, no_grave_fault) -> None:
    page = open_page(practitioner)
    add_virtual_key(page)
    new_key(page)
    no_grave_fault(page)
    snap(page, "passkey-add")
    page.get_by_label("Name").fill("Tablet in room 2")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(re.compile("recovery-codes"))
    assert Authenticator.objects.filter(user=practitioner, type="webauthn").exists()
    page.goto(f"{SECURITY}webauthn/")
    expect(page.locator("main")).to_contain_text("Tablet in room 2")
    no_grave_fault(page)
    snap(page, "passkey-list")
    sign_out(page)

    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Good day")
    assert AuditEvent.objects.filter(action="sign_in", by=practitioner.pk).count() == 2


def test_a_passkey_is_a_second_factor_too(practitioner, open_page) -> None:
    page = open_page(practitioner)
    add_virtual_key(page)
    new_key(page)
    page.get_by_label("Name").fill("Key on the ring")
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(re.compile("recovery-codes"))
    sign_out(page)
    password_of(page, "practitioner")
    page.get_by_role("button", name="Use a security key").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Good day")


def test_a_passkey_that_fails_says_so_in_words(db, open_page) -> None:
    page = open_page(path=LOGIN)
    # no key answers: the browser refuses, as when somebody cancels
    page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new Error('cancelled')) }"
    )
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("The passkey was not used")
    snap(page, "passkey-failed")


def test_at_a_numbered_address_passkeys_are_not_offered(
    live_server, practitioner, open_page
) -> None:
    numbered = live_server.url.replace("localhost", "127.0.0.1")
    page = open_page(path=LOGIN, base_url=numbered)
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    sign_in(page, "practitioner")
    new_key(page)
    expect(page.get_by_role("button", name="Add")).to_be_hidden()
    expect(page.get_by_role("alert")).to_contain_text("open OpenMeso by its name")
    snap(page, "passkey-by-number")


def test_the_lead_resets_a_lost_factor(lead, practitioner, open_page, no_grave_fault) -> None:
    theirs = open_page(practitioner)
    add_app(theirs)
    page = open_page(lead, "/clinic/members/")
    page.get_by_role("link", name="Practitioner Test").click()
    no_grave_fault(page)
    page.get_by_role("link", name="Reset the second factor").click()
    snap(page, "reset-mfa")
    no_grave_fault(page)
    page.get_by_role("button", name="Reset the second factor").click()
    expect(page.locator("#messages")).to_contain_text("second factor")
    assert not Authenticator.objects.filter(user=practitioner).exists()
    assert AuditEvent.objects.filter(action="reset_mfa", by=lead.pk).exists()
    sign_out(theirs)
    sign_in(theirs, "practitioner")
    expect(theirs.get_by_role("heading", level=1)).to_contain_text("Good day")


@pytest.mark.parametrize("look", LOOKS)
def test_after_five_failures_the_page_says_what_to_do(
    look, practitioner, open_page, no_grave_fault
) -> None:
    page = open_page(path=LOGIN, **LOOKS[look])
    snap(page, f"login-{look}")
    password_of(page, "practitioner", "wrong")
    expect(page.locator("#error-summary")).to_be_visible()
    snap(page, f"wrong-{look}")
    for _ in range(4):
        password_of(page, "practitioner", "wrong")
    expect(page.locator("main")).to_contain_text("fifteen minutes")
    expect(page.locator("main")).to_contain_text("lead gives you a new one")
    no_grave_fault(page)
    snap(page, f"locked-{look}")
    password_of(page, "practitioner")
    expect(page.locator("main")).to_contain_text("fifteen minutes")


def test_a_weak_password_is_refused_with_its_reason(
    practitioner, open_page, no_grave_fault
) -> None:
    page = open_page(practitioner, "/accounts/password/change/")
    for weak, reason in (("short", "at least 12 characters"), ("password1234", "too common")):
        page.get_by_label("Current Password").fill(PASSWORD)
        page.get_by_label("New Password", exact=True).fill(weak)
        page.get_by_label("New Password (again)").fill(weak)
        page.get_by_role("button", name="Change Password").click()
        expect(page.locator("#error-summary")).to_contain_text(reason)
    no_grave_fault(page)
    snap(page, "password-refused")
    strong = "seven-otters-in-the-harbour"
    page.get_by_label("Current Password").fill(PASSWORD)
    page.get_by_label("New Password", exact=True).fill(strong)
    page.get_by_label("New Password (again)").fill(strong)
    page.get_by_role("button", name="Change Password").click()
    page.wait_for_url(re.compile("/login/"))
    sign_in(page, "practitioner", strong)
