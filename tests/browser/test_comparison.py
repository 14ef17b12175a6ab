"""Same spot, earlier: chosen by key, shown side by side, kinds of hair hidden, no grave fault."""

import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image
from playwright.sync_api import expect

from openmeso.gateways import clock, trichoscopy
from openmeso.gateways.picture import read_picture
from openmeso.services import measurement as measurements
from openmeso.services.measurement import Taken
from openmeso.terms.measurement import Place, Site
from openmeso.terms.trichoscopy import Scale
from tests.browser.conftest import PHONE, TABLET
from tests.example_spot import EVERY, UM_PER_PX, view

LOST = frozenset({11, 18, 20, 27})


def png(drawn: frozenset[int]) -> bytes:
    out = io.BytesIO()
    Image.fromarray(view(drawn, drawn).image).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def later(practitioner, patient, monkeypatch):
    """The later of two pictures, in which four hairs are missing."""
    for drawn, days_ago in ((EVERY, 90), (EVERY - LOST, 0)):
        field = view(drawn, drawn).field
        monkeypatch.setattr(
            trichoscopy,
            "read_field",
            lambda shown, *, scale, setting, field=field: replace(field, scale=scale),
        )
        taken = Taken(
            clock.today() - timedelta(days_ago), Place(Site.VERTEX), scale=Scale(UM_PER_PX)
        )
        made = measurements.measure(
            by=practitioner, patient=patient, shown=read_picture(png(drawn)), taken=taken
        )
    return made


@pytest.mark.parametrize(("viewport", "scheme"), [(TABLET, "light"), (PHONE, "dark")])
def test_two_pictures_are_compared(
    practitioner, later, open_page, no_grave_fault, viewport, scheme
):
    page = open_page(practitioner, viewport=viewport, color_scheme=scheme)
    page.set_default_timeout(60_000)  # the science may have to be loaded
    # two pictures asked for at once would meet in the test's one database
    page.route(
        "**/picture/", lambda route: route.fulfill(body=png(EVERY), content_type="image/png")
    )
    page.goto(f"/measurements/{later.pk}/")
    page.get_by_role("link", name="Same spot, earlier").click()
    no_grave_fault(page)
    page.goto(f"/patients/{later.patient_id}/")
    page.get_by_role("button", name="Compare hair by hair").press("Enter")  # one touch
    page.wait_for_url(re.compile("/comparisons/"))
    no_grave_fault(page)

    lost, kept = page.locator("g.fate--lost"), page.locator("g.fate--kept").first
    expect(lost).to_have_count(2 * len(LOST))
    expect(kept).to_be_visible()
    page.get_by_role("checkbox", name=re.compile("Kept")).uncheck()
    expect(kept).to_be_hidden()
    expect(lost.first).to_be_visible()
    page.get_by_text("One by one").click()
    expect(page.get_by_role("row", name=re.compile("Lost"))).to_have_count(len(LOST))
    page.get_by_role("button", name="Accept").click()
    expect(page.locator(".page-head").get_by_text("Accepted")).to_be_visible()
    page.goto(f"/patients/{later.patient_id}/")
    told = page.locator("#comparisons")
    expect(told.get_by_text("4 lost")).to_be_visible()
    expect(told.get_by_text("a change beyond error").first).to_be_visible()
    expect(page.get_by_role("button", name="Compare hair by hair")).to_have_count(0)
