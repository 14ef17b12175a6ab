"""An emergency as it is met: another clinic's link, a reason, a loud banner, and closed again."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, TABLET

LOOKS = {"tablet": {"viewport": TABLET}, "phone-dark": {"viewport": PHONE, "color_scheme": "dark"}}


@pytest.mark.parametrize("look", LOOKS)
def test_from_the_link_to_the_record_and_back(
    look, stranger, lead, draft, open_page, no_grave_fault
) -> None:
    page = open_page(stranger, f"/patients/{draft.patient_id}/", **LOOKS[look])
    expect(page.get_by_role("heading", level=1)).to_have_text("Not found")
    no_grave_fault(page)
    page.get_by_role("link", name="Open a record in an emergency").click()
    expect(page.get_by_label("Reference of the record")).to_have_value(str(draft.patient_id))
    page.get_by_role("button", name="Open the record").click()
    expect(page.locator("#error-summary")).to_be_visible()
    no_grave_fault(page)
    page.get_by_label("Why must it be opened now?").fill("Collapsed in our waiting room")
    page.get_by_role("button", name="Open the record").click()
    banner = page.get_by_role("region", name="Emergency access")
    expect(banner).to_contain_text("to read only, until")
    no_grave_fault(page)
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"emergency-{look}.png")
    page.goto(f"/plans/{draft.pk}/")
    expect(banner).to_be_visible()
    no_grave_fault(page)

    theirs = open_page(lead, "/audit/emergency/", **LOOKS[look])
    expect(theirs.locator("main")).to_contain_text("Collapsed in our waiting room")
    no_grave_fault(theirs)

    banner.get_by_role("button", name="Close it now").click()
    page.wait_for_url(re.compile(r"/$"))
    page.goto(f"/patients/{draft.patient_id}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Not found")
