"""A reaction recorded, followed and closed on a tablet; a patient tells from a phone and is taken up."""

from django.urls import reverse
from playwright.sync_api import expect

from openmeso.records.models import AdverseEvent, PatientReport
from openmeso.services import adverse_event as events
from openmeso.services.knowledge import knowledge
from tests.browser.conftest import PHONE, TABLET


def test_recorded_followed_and_closed(open_page, practitioner, patient, no_grave_fault):
    home = reverse("patient_page", args=[patient.pk])
    page = open_page(practitioner, home, viewport=TABLET)
    page.get_by_role("button", name="Bruising").click()  # one touch
    expect(page.get_by_text("Bruising, grade 1, is on record.")).to_be_visible()
    bar = page.get_by_role("region", name="Patient", exact=True)
    expect(bar.get_by_role("link", name="Open reaction: Bruising, grade 1")).to_be_visible()
    no_grave_fault(page)
    page.get_by_role("link", name="Another, or worse").click()
    no_grave_fault(page)
    page.get_by_role("link", name="Abscess at an injection point").click()
    flag = knowledge().red_flags["scalp_abscess"]
    expect(page.get_by_text(flag.action)).to_be_visible()
    page.get_by_text("Grade 2", exact=True).click()
    no_grave_fault(page)
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("heading", name="Abscess at an injection point")).to_be_visible()
    expect(page.locator('[data-red-flag="scalp_abscess"]')).to_be_visible()
    no_grave_fault(page)
    page.get_by_role("link", name="Follow up").click()
    page.get_by_label("How it stands").select_option("resolving")
    page.get_by_label("Since last time").select_option("improving")
    page.get_by_label("Treatment given").fill("drained, culture sent")
    page.get_by_text("Judge it: causality and seriousness").click()
    page.get_by_label("Does it come of what was injected?").select_option("probable")
    page.get_by_text("Medically important otherwise").click()
    no_grave_fault(page)
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_text("drained, culture sent")).to_be_visible()
    page.get_by_role("button", name="Gone without a trace: close it").click()
    expect(page.get_by_text("The reaction is closed.")).to_be_visible()
    expect(page.locator("[data-red-flag]")).to_have_count(0)
    event = AdverseEvent.objects.get(notes__term="abscess", notes__number=1)
    assert [note.kind for note in events.notes_of(event)] == ["recorded", "followed_up", "closed"]
    standing = events.standing_of(event)
    assert (standing.state.causality, standing.is_open) == ("probable", False)


def test_a_patient_tells_from_home_and_is_taken_up(
    open_page, practitioner, patient, no_grave_fault
):
    page = open_page(practitioner, reverse("patient_page", args=[patient.pk]), viewport=TABLET)
    page.get_by_text("Make a private link").click()
    page.get_by_role("button", name="Make it").click()
    address = page.get_by_label("The link", exact=True).input_value()
    assert page.get_by_alt_text("The link as a QR code").evaluate("image => image.naturalWidth") > 0
    no_grave_fault(page)

    phone = open_page(None, "/" + address.split("/", 3)[3], viewport=PHONE)
    no_grave_fault(phone)
    advice = knowledge().patient_signs["lumps"].advice
    expect(phone.get_by_text(advice)).to_be_hidden()
    phone.get_by_text("Lumps or boils where the injections were").click()
    expect(phone.get_by_text(advice)).to_be_visible()  # at once, before anything is sent
    phone.get_by_role("button", name="Send it to the clinic").click()
    expect(phone.get_by_role("alert")).to_contain_text("How bad is it?")
    phone.get_by_text("It gets in my way").click()
    phone.get_by_label("In your own words").fill("Two lumps near the top")
    phone.get_by_role("button", name="Send it to the clinic").click()
    expect(phone.get_by_role("heading", name="See a doctor today")).to_be_visible()
    no_grave_fault(phone)

    page.goto("/")
    expect(page.get_by_role("heading", name="Told by patients")).to_be_visible()
    no_grave_fault(page)
    page.get_by_role("link", name="Read").click()
    expect(page.get_by_text("Two lumps near the top")).to_be_visible()
    no_grave_fault(page)
    page.get_by_role("link", name="Nodule at an injection point").click()
    no_grave_fault(page)
    page.get_by_role("button", name="Take it up").click()
    expect(page.get_by_text("told by the patient")).to_be_visible()
    assert PatientReport.objects.get().event == AdverseEvent.objects.get()
