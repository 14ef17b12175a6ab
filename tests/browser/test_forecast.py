"""What to expect, in a browser: it comes by itself, answers as values change, and hurts nobody."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, TABLET

LOOKS = {
    "tablet": {"viewport": TABLET},
    "phone": {"viewport": PHONE},
    "desktop": {"viewport": DESKTOP},
    "dark": {"viewport": TABLET, "color_scheme": "dark"},
}
COMPUTING_MS = 30_000


@pytest.mark.parametrize("look", LOOKS)
def test_no_grave_fault(look, practitioner, draft, open_page, inspect_as) -> None:
    inspect = inspect_as(look)
    page = open_page(practitioner, **LOOKS[look])
    page.set_default_timeout(COMPUTING_MS)
    for path in (reverse("plan_forecast", args=[draft.pk]), reverse("explore")):
        assert page.goto(path).status == 200
        inspect(page)
    page.goto(reverse("plan_page", args=[draft.pk]))
    expect(page.locator("#forecast .chart:visible").first).to_be_visible(timeout=COMPUTING_MS)
    inspect(page)


def test_the_answer_follows_what_is_typed(practitioner, open_page) -> None:
    page = open_page(practitioner, reverse("explore"))
    points = page.locator("#answer dl div", has_text="Points").locator("dd")
    before = int(points.inner_text())
    page.get_by_label("Spacing of points").fill("20")
    expect(points).not_to_have_text(str(before), timeout=COMPUTING_MS)
    assert int(points.inner_text()) < before / 3
    page.get_by_label("Spacing of points").fill("0")
    expect(page.locator("#answer")).to_contain_text(re.compile("greater than or equal to 5"))


def test_without_scripts_a_button_computes(practitioner, open_page) -> None:
    page = open_page(practitioner, reverse("explore"), java_script_enabled=False)
    page.get_by_label("Spacing of points").fill("20")
    page.get_by_role("button", name="Compute").click()
    page.wait_for_url(re.compile("spacing_mm=20"))
    expect(page.locator("#answer .chart:visible").first).to_be_visible(timeout=COMPUTING_MS)
