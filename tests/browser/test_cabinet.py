"""A lot is scanned in, recalled, and finds its patient; a series is booked. On a tablet."""

from datetime import time

import pytest
from django.urls import reverse

from openmeso.records.models import Appointment, Lot, RecallNotice
from openmeso.services import clinic as clinics
from openmeso.services import course as courses
from openmeso.terms.course import OpeningHours
from tests.browser.conftest import DESKTOP, PHONE, TABLET

GTIN = "08690123456789"
LOOKS = {
    "tablet": {"viewport": TABLET},
    "phone": {"viewport": PHONE},
    "desktop": {"viewport": DESKTOP},
    "dark": {"viewport": TABLET, "color_scheme": "dark"},
}


def test_a_box_is_scanned_in_as_a_keyboard_scanner_types_it(trained, open_page) -> None:
    page = open_page(trained, "/cabinet/")
    field = page.locator("[data-scan]")
    assert field.evaluate("one => one === document.activeElement")
    page.keyboard.type(f"01{GTIN}1729063010A1")
    page.keyboard.press("Control+]")  # the separator
    page.keyboard.type("21S9")
    page.keyboard.press("Enter")
    page.get_by_label("Product").select_option("dutasteride_0_05")
    page.get_by_label("How many").fill("3")
    page.get_by_role("button", name="Put on the shelf").click()
    page.get_by_text("is on the shelf").wait_for()
    lot = Lot.objects.get()
    assert (lot.number, lot.gtin) == ("A1", GTIN)


def test_a_lot_is_recalled_and_its_patient_told(trained, signed, patient, open_page) -> None:
    lot = signed.lots.first().lot
    page = open_page(trained, reverse("lot_page", args=[lot.pk]))
    page.locator("summary", has_text="Recall").click()
    page.locator("#recall_reason").fill("Sterility in doubt, the maker's letter")
    page.get_by_role("button", name="Recall this lot").click()
    page.get_by_role("link", name="Who was given this lot").click()
    page.get_by_text(patient.name).first.wait_for()
    assert page.get_by_text("Still to tell").count() == 1
    page.get_by_text("Write down that they were told").click()
    page.get_by_label("Note").fill("Comes on Friday")
    page.get_by_role("button", name="Write down", exact=True).click()
    page.get_by_text("Comes on Friday").wait_for()
    assert RecallNotice.objects.get().channel == "phone"


@pytest.fixture
def course(approved, trained, lead, clinic):
    hours = OpeningHours(tuple((day, time(9), time(18)) for day in range(1, 8)))
    clinics.set_opening_hours(by=lead, clinic=clinic, hours=hours)
    return courses.start(by=trained, plan=approved)


def test_a_series_is_booked_after_a_conflict_is_mended(trained, course, open_page) -> None:
    page = open_page(trained, reverse("course_book", args=[course.pk]))
    page.get_by_role("button", name="Show every date").click()
    page.get_by_text("Every date is free").wait_for()
    page.locator("#id_at_3").fill("07:00")
    page.get_by_role("button", name="Book all").click()
    page.get_by_text("Outside opening hours").wait_for()
    assert Appointment.objects.count() == 0
    page.locator("#id_at_3").fill("09:30")
    page.get_by_role("button", name="Book all").click()
    page.get_by_text("Booked: 10 new").wait_for()
    assert Appointment.objects.filter(status="booked").count() == 10


@pytest.mark.parametrize("look", LOOKS)
def test_no_grave_fault(look, lead, signed, course, open_page, inspect_as) -> None:
    lot = signed.lots.first().lot
    page = open_page(lead, **LOOKS[look])
    inspect = inspect_as(look)
    first_on = "first_on=2027-03-01&at=10:00"
    for path in (
        "/cabinet/", "/cabinet/receive/", "/cabinet/reconcile/", "/recall/", "/courses/",
        "/appointments/", "/appointments/?view=week", "/clinic/opening-hours/",
        reverse("lot_page", args=[lot.pk]), reverse("recall_lot", args=[lot.pk]),
        reverse("course_page", args=[course.pk]), reverse("course_decision", args=[course.pk]),
        f"{reverse('course_book', args=[course.pk])}?{first_on}",
    ):  # fmt: skip
        assert page.goto(path).status == 200, path
        inspect(page)
