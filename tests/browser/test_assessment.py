"""What is typed on an assessment outlives the session, on this device, until it is saved."""

import re

from playwright.sync_api import Page, expect

from openmeso.records.models import Assessment
from tests.browser.conftest import sign_in
from tests.conftest import PASSWORD

NOTES = "Father bald at forty; itching since spring."
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('openmeso-assessment')).length"


def type_some(page: Page) -> None:
    page.get_by_label("What is it for?").select_option("alopecia_areata")
    page.get_by_role("radio", name=re.compile("25 to 49")).check(force=True)
    page.get_by_label("Weight").fill("82")
    page.get_by_label("History and notes").fill(NOTES)
    page.get_by_role("button", name="No to all the rest").first.click()


def test_an_ended_session_loses_nothing_typed(practitioner, assessed, open_page) -> None:
    address = f"/patients/{assessed.pk}/assess/"
    page = open_page(practitioner, address)
    type_some(page)
    page.context.clear_cookies()
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.wait_for_load_state()
    sign_in(page, "practitioner", PASSWORD)
    page.goto(address)

    expect(page.locator("#draft-note")).to_be_visible()
    expect(page.get_by_label("History and notes")).to_have_value(NOTES)
    expect(page.get_by_label("Weight")).to_have_value("82")
    expect(page.get_by_role("radio", name=re.compile("25 to 49"))).to_be_checked()
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.wait_for_url(re.compile(rf"/patients/{assessed.pk}/$"))
    assert Assessment.objects.filter(patient=assessed).count() == 2
    assert page.evaluate(KEPT) == 0
    page.goto(address)
    expect(page.locator("#draft-note")).to_be_hidden()


def test_start_afresh_and_signing_out_forget_it(practitioner, assessed, open_page) -> None:
    address = f"/patients/{assessed.pk}/assess/"
    page = open_page(practitioner, address)
    page.get_by_label("History and notes").fill(NOTES)
    page.goto(address)
    page.get_by_role("button", name="Start afresh").click()
    page.wait_for_load_state()
    expect(page.get_by_label("History and notes")).to_have_value("")
    page.get_by_label("History and notes").fill(NOTES)
    assert page.evaluate(KEPT) == 1
    page.get_by_label("Account").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("/login/"))
    assert page.evaluate(KEPT) == 0
