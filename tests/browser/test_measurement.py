"""A picture on the tablet: uploaded, traced, corrected by finger and key, accepted, in the record."""

import io
import re

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from openmeso.records.models import Measurement

HAIRS = 36


def scalp() -> bytes:
    """Dark level hairs on skin, 60 µm wide at 5 µm a pixel, well apart."""
    random = np.random.default_rng(7)
    skin = np.full((900, 1200, 3), (212, 170, 146), np.float64) + random.normal(
        0, 3, (900, 1200, 1)
    )
    image = Image.fromarray(skin.clip(0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    for n in range(HAIRS):
        x, y = 120 + 170 * (n % 6), 110 + 125 * (n // 6)
        pen.line(((x, y), (x + 110, y + 25)), fill=(45, 32, 28), width=12)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def page(practitioner, patient, open_page) -> Page:
    page = open_page(practitioner, f"/patients/{patient.pk}/measure/")
    page.set_default_timeout(120_000)  # the kernels may have to be compiled
    page.get_by_label("Pictures", exact=True).set_input_files(
        {"name": "vertex.png", "mimeType": "image/png", "buffer": scalp()}
    )
    page.get_by_label("I know it").check()
    page.locator("[name=mm_per_px]").fill("0.005")
    page.get_by_role("button", name="Measure", exact=True).click()
    page.wait_for_url(re.compile("/measurements/"))
    return page


def hairs(page: Page):
    return page.locator("[data-hairs] g")


def spot(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a point of the picture stands on the screen, the picture brought there first."""
    surface = page.locator("[data-surface]")
    surface.evaluate("e => e.scrollIntoView({block: 'end', behavior: 'instant'})")
    box = surface.bounding_box()
    return box["x"] + x * box["width"] / 1200, box["y"] + y * box["height"] / 900


def test_a_picture_is_traced_corrected_and_accepted(page, patient, no_grave_fault):
    read = hairs(page).count()
    assert 0.8 * HAIRS <= read <= 1.2 * HAIRS
    no_grave_fault(page)

    page.get_by_role("button", name="Add", exact=True).click()
    page.mouse.move(*spot(page, 300, 500))
    page.mouse.down()
    page.mouse.move(*spot(page, 350, 520), steps=5)
    page.mouse.move(*spot(page, 400, 545), steps=5)
    page.mouse.up()
    expect(hairs(page)).to_have_count(read + 1)
    page.get_by_role("button", name="Undo").click()
    expect(hairs(page)).to_have_count(read)
    page.get_by_role("button", name="Redo").click()

    surface = page.locator("[data-surface]")
    surface.focus()
    surface.press("n")
    surface.press("s")
    expect(hairs(page)).to_have_count(read + 2)
    surface.press("n")
    surface.press("Delete")
    expect(hairs(page)).to_have_count(read + 1)
    expect(page.get_by_role("button", name="Accept")).to_be_disabled()

    page.reload()  # the tablet slept: what was corrected is still there
    expect(hairs(page)).to_have_count(read + 1)
    page.get_by_role("button", name="Save the correction").click()
    expect(page.get_by_text("What the software had read")).to_be_visible()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("it counts in the charts")).to_be_visible()

    page.goto(f"/patients/{patient.pk}/")
    expect(page.get_by_role("link", name=re.compile("Vertex.*Hairs.*Accepted"))).to_be_visible()
    newest = Measurement.objects.order_by("-revision").first()
    assert (newest.revision, newest.is_corrected) == (2, True)
