"""Patients: find, add, change, look at."""

import pytest
from django.urls import reverse

from openmeso.gateways import clock
from openmeso.records.models import AuditEvent, Patient
from openmeso.services import course as courses
from openmeso.services import patient as patients

TYPED = {
    "given_name": "Şule",
    "family_name": "Öz",
    "record_number": "S-77",
    "birth_date": "1990-02-03",
    "sex": "female",
}


@pytest.fixture
def many_patients(clinic, practitioner):
    Patient.objects.bulk_create(
        Patient(
            clinic=clinic,
            record_number=f"M-{n:04}",
            given_name=f"Given{n}",
            family_name="Family",
            sex="female",
            created_at=clock.now(),
            created_by=practitioner,
        )
        for n in range(120)
    )


def test_list_shows_own_clinics_patients_only(client, practitioner, patient, foreign_patient):
    client.force_login(practitioner)
    page = client.get(reverse("patient_list")).content.decode()
    assert patient.record_number in page
    assert foreign_patient.record_number not in page


def test_search_finds_by_part_of_name_or_number(client, practitioner, patient, many_patients):
    client.force_login(practitioner)
    for words in ("kay", "deniz kaya", "P-00"):
        page = client.get(reverse("patient_list"), {"q": words}).content.decode()
        assert "Kaya, Deniz" in page
        assert "M-0001" not in page


def test_search_by_htmx_answers_with_the_rows_alone(client, practitioner, patient):
    client.force_login(practitioner)
    page = client.get(reverse("patient_list"), {"q": "kaya"}, headers={"HX-Request": "true"})
    assert b"Kaya, Deniz" in page.content
    assert b"<html" not in page.content


def test_list_takes_as_many_queries_for_many_as_for_few(
    client, practitioner, patient, many_patients
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(practitioner)
    client.get(reverse("patient_list"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("patient_list"), {"q": "P-001"})
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("patient_list"), {"page": "2"})
    assert len(many) == len(few)


def test_add_keeps_a_patient_and_leads_to_the_page(client, assistant):
    client.force_login(assistant)
    answer = client.post(reverse("patient_add"), TYPED)
    added = Patient.objects.get(record_number="S-77")
    assert answer.url == reverse("patient_page", args=[added.pk])
    assert AuditEvent.objects.filter(action="add", patient=added.pk).exists()


def test_add_without_a_number_takes_the_next_free_one(client, assistant, patient):
    client.force_login(assistant)
    client.post(reverse("patient_add"), TYPED | {"record_number": ""})
    assert Patient.objects.get(family_name="Öz").record_number.startswith("P-")


def test_refused_add_keeps_what_was_typed_and_leads_to_the_field(client, assistant):
    client.force_login(assistant)
    answer = client.post(reverse("patient_add"), TYPED | {"birth_date": "2999-01-01"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Şule"' in page
    assert 'href="#id_birth_date"' in page
    assert 'aria-invalid="true"' in page


def test_taken_record_number_is_told_on_the_form(client, assistant, patient):
    client.force_login(assistant)
    answer = client.post(reverse("patient_add"), TYPED | {"record_number": patient.record_number})
    assert answer.status_code == 422
    assert 'value="Şule"' in answer.content.decode()


def test_edit_changes_and_notes_the_change(client, practitioner, patient):
    client.force_login(practitioner)
    address = reverse("patient_edit", args=[patient.pk])
    assert b"Kaya" in client.get(address).content
    client.post(address, TYPED | {"sex": "male", "stood": patients.standing(patient)})
    patient.refresh_from_db()
    assert (patient.family_name, patient.record_number) == ("Öz", "S-77")


def test_page_names_the_patient_and_offers_to_assess(client, practitioner, patient):
    client.force_login(practitioner)
    page = client.get(reverse("patient_page", args=[patient.pk])).content.decode()
    assert "Deniz Kaya" in page
    assert reverse("assessment_add", args=[patient.pk]) in page
    assert AuditEvent.objects.filter(action="read", patient=patient.pk, purpose="care").exists()


def test_access_log_is_for_the_lead(client, lead, practitioner, patient):
    address = reverse("patient_access_log", args=[patient.pk])
    client.force_login(lead)
    assert b"read patient" in client.get(address).content
    client.force_login(practitioner)
    assert client.get(address).status_code == 403


PAGES = ("patient_page", "patient_edit", "patient_access_log")


@pytest.mark.parametrize("name", PAGES)
def test_stranger_does_not_learn_that_the_patient_exists(client, stranger, patient, name):
    client.force_login(stranger)
    assert client.get(reverse(name, args=[patient.pk])).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_researcher_and_auditor_see_no_patient(client, researcher, auditor, patient, name):
    for user in (researcher, auditor):
        client.force_login(user)
        assert client.get(reverse(name, args=[patient.pk])).status_code == 403
    assert client.get(reverse("patient_list")).status_code == 403
    assert client.get(reverse("patient_add")).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_signed_out_are_led_to_sign_in(client, patient, name):
    answer = client.get(reverse(name, args=[patient.pk]))
    assert answer.url.startswith(reverse("account_login"))


def test_wrong_methods_are_refused(client, practitioner, patient):
    client.force_login(practitioner)
    for name, of in (("patient_list", []), ("patient_page", [patient.pk])):
        assert client.post(reverse(name, args=of)).status_code == 405
    assert client.delete(reverse("patient_edit", args=[patient.pk])).status_code == 405


def test_the_journey_stands_on_one_axis_and_as_a_list(client, practitioner, signed, patient):
    client.force_login(practitioner)
    page = client.get(reverse("patient_page", args=[patient.pk])).content.decode()
    assert page.count('<svg class="journey-chart') == 2  # wide and narrow
    assert "journey-mark--signed" in page
    assert "journey-mark--planned" in page
    assert "1 session given" in page
    # the drawing is for the eye: the same stands in a list that any keyboard reaches
    listed = page[page.index('id="journey-list"') :].partition("</details>")[0]
    assert reverse("session_page", args=[signed.pk]) in listed
    assert listed.count("Session ") >= 10


def test_the_patients_courses_are_listed(client, practitioner, signed, patient):
    client.force_login(practitioner)
    course = courses.start(by=practitioner, plan=signed.plan)
    page = client.get(reverse("patient_page", args=[patient.pk])).content.decode()
    assert reverse("course_page", args=[course.pk]) in page
    assert "1 of 10 sessions given" in page


def test_the_next_session_is_begun_from_the_patients_page(client, practitioner, signed, patient):
    client.force_login(practitioner)
    begin = reverse("session_start", args=[signed.plan_id, 2])
    page = client.get(reverse("patient_page", args=[patient.pk])).content.decode()
    assert begin in page
    assert "Give session 2" in page
    draft = client.post(begin)["Location"]
    page = client.get(reverse("patient_page", args=[patient.pk])).content.decode()
    assert "Go on with session 2" in page
    assert draft in page


def test_without_anything_the_journey_says_how_it_begins(client, practitioner, patient):
    client.force_login(practitioner)
    page = client.get(reverse("patient_page", args=[patient.pk])).content.decode()
    assert "It begins with an approved plan" in page
    assert "journey-chart" not in page


def test_the_access_log_is_printed_for_the_patient(client, lead, patient):
    client.force_login(lead)
    page = client.get(reverse("patient_access_log", args=[patient.pk])).content.decode()
    address = reverse("patient_access_log_pdf", args=[patient.pk])
    assert address in page
    answer = client.get(address)
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")


def test_the_forecast_comes_onto_the_axis_with_and_without_script(
    client, practitioner, signed, patient
):
    client.force_login(practitioner)
    address = reverse("patient_journey", args=[patient.pk])
    page = client.get(reverse("patient_page", args=[patient.pk])).content.decode()
    assert page.count(address) == 2  # asked by htmx, and a link for whoever runs no script
    alone = client.get(address, headers={"HX-Request": "true"}).content.decode()
    whole = client.get(address).content.decode()
    assert alone.count("journey-band") == whole.count("journey-band") == 2  # wide and narrow
    assert "<html" not in alone
    assert "journey-mark--signed" in whole
