"""Photos on the tablet: uploaded, laid over the last one, taken with the camera, compared."""

from datetime import timedelta

import pytest

from openmeso.gateways import clock
from openmeso.records.models import Photo
from openmeso.services import photo as photos
from openmeso.services.photo import About
from tests.browser.conftest import PHONE
from tests.gateways.example_picture import gradient, saved

JPEG = saved(gradient(1200, 900), "JPEG")


@pytest.fixture
def taken(practitioner, patient):
    prepared = photos.prepare(JPEG)
    return [
        photos.add(
            by=practitioner, patient=patient, prepared=prepared,
            about=About("vertex", clock.today() - timedelta(days=days)),
        )
        for days in (90, 30)
    ]  # fmt: skip


def a_file(content: bytes = JPEG, name: str = "head.jpg") -> dict[str, object]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def opacity(page) -> str:
    return page.locator("[data-ghost-image]").evaluate("one => getComputedStyle(one).opacity")


def until_loaded(page, pictures: str, width_px: int) -> None:
    """Ask until all have come; the page's own rules forbid Playwright to wait inside it."""
    found: list[int] = []
    for _ in range(100):
        found = page.locator(pictures).evaluate_all("all => all.map(one => one.naturalWidth)")
        if found and set(found) == {width_px}:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{pictures}: {found}")


def test_uploaded_over_the_ghost_of_the_last_one_and_compared(
    open_page, practitioner, patient, taken, no_grave_fault
):
    page = open_page(practitioner, f"/patients/{patient.pk}/photos/new/")
    assert page.locator("[data-ghost-image]").is_hidden()
    page.get_by_role("radio", name="Vertex").check()
    ghost = page.locator("[data-ghost-image]")
    ghost.wait_for(state="visible")
    assert str(taken[1].pk) in ghost.get_attribute("src")
    assert opacity(page) == "0.4"
    page.get_by_label("Last photo shows through").fill("75")
    assert opacity(page) == "0.75"
    page.get_by_label("From a file").set_input_files(a_file())
    page.locator("[data-canvas]").wait_for(state="visible")
    no_grave_fault(page)
    page.get_by_role("button", name="Keep and finish").click()
    page.get_by_text("The photo is kept").wait_for()
    assert page.locator(".thumb img").count() == 3
    until_loaded(page, ".thumb img", 320)
    no_grave_fault(page)

    page.get_by_role("link", name="Compare dates").click()
    until_loaded(page, ".compare img", 1200)
    no_grave_fault(page)
    page.get_by_text("Slider").click()
    page.get_by_label("How much of the later photo shows").fill("30")
    cut = page.locator(".compare__after img").evaluate("one => getComputedStyle(one).clipPath")
    assert "30%" in cut
    no_grave_fault(page)
    page.get_by_label("Before").select_option(str(taken[1].pk))
    page.wait_for_url("**before=**how=slider**")
    assert page.get_by_label("How much of the later photo shows").is_visible()


def test_taken_with_the_tablets_own_camera(open_page, practitioner, patient, taken):
    page = open_page(practitioner, f"/patients/{patient.pk}/photos/new/?view=vertex")
    # a camera that shows a red card: the browser under test has none of its own
    page.evaluate("""() => {
        const card = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
        const paint = () => {
            const ink = card.getContext("2d");
            ink.fillStyle = "#d01020";
            ink.fillRect(0, 0, 640, 480);
            requestAnimationFrame(paint);
        };
        paint();
        navigator.mediaDevices.getUserMedia = async () => card.captureStream();
    }""")
    page.get_by_role("button", name="Open the camera").click()
    page.get_by_role("button", name="Take", exact=True).click()
    page.get_by_text("Taken. Keep it").wait_for()
    page.get_by_role("button", name="Keep, then the next view").click()
    page.get_by_text("The photo is kept").wait_for()
    assert page.get_by_role("radio", name="Midline").is_checked()
    photo = Photo.objects.order_by("-created_at").first()
    assert (photo.view, photo.width_px, photo.height_px) == ("vertex", 640, 480)


def test_a_camera_that_is_refused_leaves_the_files(open_page, practitioner, patient):
    page = open_page(practitioner, f"/patients/{patient.pk}/photos/new/?view=vertex")
    page.evaluate("""() => {
        navigator.mediaDevices.getUserMedia = async () => { throw new Error("no"); };
    }""")
    page.get_by_role("button", name="Open the camera").click()
    page.get_by_text("The browser gives no camera").wait_for()
    page.get_by_label("From a file").set_input_files(
        a_file(b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "scalp.jpg")
    )
    page.get_by_role("textbox", name="Note").fill("after washing")
    page.get_by_role("button", name="Keep and finish").click()
    page.get_by_text("This is no picture but SVG").wait_for()
    assert page.get_by_role("textbox", name="Note").input_value() == "after washing"
    assert page.get_by_role("radio", name="Vertex").is_checked()


def test_on_a_phone_and_without_scripts(open_page, practitioner, patient, taken, no_grave_fault):
    page = open_page(practitioner, f"/patients/{patient.pk}/photos/", viewport=PHONE)
    no_grave_fault(page)
    page.goto(f"/patients/{patient.pk}/photos/new/")
    no_grave_fault(page)
    page = open_page(
        practitioner, f"/patients/{patient.pk}/photos/new/?view=frontal", java_script_enabled=False
    )
    page.get_by_label("From a file").set_input_files(a_file())
    page.get_by_role("button", name="Keep and finish").click()
    assert page.get_by_text("The photo is kept").is_visible()
