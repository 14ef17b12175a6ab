"""A device is calibrated: a ruler's picture stays here, two touches and the arrow keys measure it."""

import re

import pytest
from playwright.sync_api import expect

from openmeso.records.models import Device
from tests.browser.conftest import PHONE
from tests.browser.test_measurement import scalp


@pytest.mark.parametrize("viewport", [PHONE])
def test_two_touches_on_a_ruler_give_a_scale(lead, open_page, no_grave_fault, viewport):
    page = open_page(lead, "/clinic/devices/new/", viewport=viewport, has_touch=True)
    sent = []
    page.on("request", lambda request: sent.append(request.post_data_buffer or b""))
    page.get_by_label("Name").fill("Chair 1")
    page.get_by_label("Picture of the ruler").set_input_files(
        {"name": "ruler.png", "mimeType": "image/png", "buffer": scalp()}
    )
    surface = page.locator("[data-ruler-surface]")
    expect(page.get_by_label("Width of its pictures")).to_have_value("1200")
    surface.scroll_into_view_if_needed()
    box = surface.bounding_box()
    for share in (0.2, 0.7):
        page.touchscreen.tap(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
    length = page.get_by_label("Length on the picture")
    assert float(length.input_value()) == pytest.approx(600, abs=4)
    second = page.get_by_role("button", name="Point 2")
    before = float(length.input_value())
    second.press("ArrowRight")
    second.press("Shift+ArrowRight")
    assert float(length.input_value()) == pytest.approx(before + 11, abs=0.2)
    page.get_by_label("Its true length").fill("3")
    page.get_by_label("By what").fill("Stage micrometer")
    no_grave_fault(page)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/devices/[0-9a-f-]{36}/"))
    no_grave_fault(page)
    assert Device.objects.get().um_per_px == pytest.approx(3000 / (before + 11), rel=1e-3)
    assert max(map(len, sent)) < 10_000  # the picture was not among it
