"""Consent on the tablet: signed with a finger, by keyboard alone, and renewed after a new version."""

from dataclasses import replace

import pytest

from openmeso.records.models import Consent
from openmeso.services import consent_text


def sign_with_a_finger(page) -> None:
    pad = page.locator(".signature__pad")
    pad.scroll_into_view_if_needed()
    edge = pad.bounding_box()
    page.mouse.move(edge["x"] + 60, edge["y"] + 90)
    page.mouse.down()
    for step in range(25):
        page.mouse.move(edge["x"] + 60 + 10 * step, edge["y"] + 90 + (30 if step % 4 < 2 else -30))
    page.mouse.up()


def hand_over(page) -> None:
    page.get_by_role("button", name="Hand over").click()
    page.get_by_role("link", name="Read and sign now").click()
    page.get_by_role("heading", name="What you sign").wait_for()


@pytest.fixture
def new_version(monkeypatch):
    def come_out() -> None:
        known = consent_text.knowledge()
        forms = {key: replace(one, version="2027-01") for key, one in known.consent_forms.items()}
        changed = replace(known, consent_forms=forms)
        monkeypatch.setattr(consent_text, "knowledge", lambda: changed)

    return come_out


def test_signed_on_the_screen_and_renewed_when_the_text_changes(
    open_page, practitioner, draft, new_version, no_grave_fault
):
    page = open_page(practitioner, f"/plans/{draft.pk}/")
    page.get_by_role("link", name="Hand over, read and sign").click()
    no_grave_fault(page)
    hand_over(page)
    assert page.get_by_role("link", name="Patients").count() == 0
    no_grave_fault(page)
    page.get_by_label("I have read the whole text").check()
    page.get_by_label("I got the text today").check()
    page.get_by_role("button", name="Sign", exact=True).click()
    page.get_by_text("Sign in the field, or choose").first.wait_for()
    sign_with_a_finger(page)
    page.get_by_role("button", name="Clear").click()
    assert page.locator("[name=strokes]").input_value() == ""
    sign_with_a_finger(page)
    page.get_by_role("button", name="Sign", exact=True).click()
    page.get_by_text("signed and kept").wait_for()
    no_grave_fault(page)
    page.goto(f"/plans/{draft.pk}/")
    page.get_by_text("Consent signed").wait_for()

    new_version()
    page.reload()
    page.get_by_text("Text has changed: sign again").wait_for()
    page.get_by_role("link", name="Hand over, read and sign").click()
    page.get_by_text("The text has changed since the patient signed").wait_for()
    hand_over(page)
    page.get_by_label("I have read the whole text").check()
    page.get_by_label("I got the text today").check()
    sign_with_a_finger(page)
    page.get_by_role("button", name="Sign", exact=True).click()
    page.get_by_text("signed and kept").wait_for()
    assert sorted(Consent.objects.values_list("version", flat=True)) == ["2026-11", "2027-01"]


def test_by_keyboard_alone(open_page, practitioner, draft):
    page = open_page(practitioner, f"/plans/{draft.pk}/consent/")
    page.get_by_role("button", name="Hand over").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Read and sign now").focus()
    page.keyboard.press("Enter")
    page.get_by_label("I have read the whole text").focus()
    page.keyboard.press("Space")
    page.get_by_label("I got the text today").focus()
    page.keyboard.press("Space")
    page.get_by_label("By hand").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".signature__pad").is_hidden()
    page.get_by_text("declares that it stands for their signature").wait_for()
    page.get_by_role("button", name="Sign", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_text("signed and kept").wait_for()
    assert Consent.objects.get().signing["method"] == "typed"
