"""The page behind a private link, and the clinic's pages of what came through it."""

import json
import logging
import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from openmeso.gateways import clock
from openmeso.records.models import AdverseEvent, AuditEvent, PatientReport, ReportLink
from openmeso.services import patient as patients
from openmeso.services import patient_report as reports
from openmeso.services.knowledge import knowledge
from openmeso.terms.patient_report import HowBad, PatientAccount
from openmeso.web.patient_report.tell import WRONG_KEYS

SAID = {"signs": ["itching"], "how_bad": "mild", "text": "Since yesterday"}


@pytest.fixture
def key(patient, practitioner):
    return reports.make_link(by=practitioner, patient=patient, days=84)[1]


@pytest.fixture
def url(key):
    return reverse("patient_report_tell", args=[key])


@pytest.fixture
def report(patient, practitioner):
    link, _key = reports.make_link(by=practitioner, patient=patient, days=84)
    account = PatientAccount(("lumps",), HowBad.MODERATE, text="Two lumps on the left")
    return reports.receive(by=None, link=link, account=account)


def without_token(answer) -> str:
    """The page but for the token that guards its forms, which is drawn anew each time."""
    return re.sub(r'"X-CSRFToken": "[^"]*"', "", answer.content.decode())


def test_it_needs_no_sign_in_and_shows_nothing_of_the_record(client, url, patient, assessed):
    page = unescape(client.get(url).content.decode())
    assert patient.initials in page
    shown = page.casefold()
    for hidden in (
        patient.given_name, patient.family_name, patient.record_number, str(patient.pk), "1988",
        "alopecia", "norwood", "mesotherap", "minoxidil", "dutasteride",
    ):  # fmt: skip
        # the name may hide in no other word of the page
        assert hidden.casefold() not in shown.replace("openmeso", ""), hidden


def test_the_address_stays_with_the_patient(client, url):
    answer = client.get(url)
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]


def test_the_log_does_not_hold_the_key(client, url, key, caplog):
    client.get(url)
    client.post(url, SAID)
    client.get(reverse("patient_report_tell", args=[key + "x"]))
    # a form without its token is refused by Django itself, which would name the address
    assert Client(enforce_csrf_checks=True).post(url, SAID).status_code == 403
    assert caplog.records
    assert key not in caplog.text
    assert not logging.getLogger("django.security.csrf").isEnabledFor(logging.WARNING)


def test_help_comes_first_and_at_once(client, url):
    page = unescape(client.get(url).content.decode())
    emergencies = [s for s in knowledge().patient_signs.values() if s.urgency == "emergency"]
    form = page.index("<form")
    assert len(emergencies) >= 4
    assert all(-1 < page.find(each.words) < form for each in emergencies)
    assert "112" in page
    answer = client.post(url, {**SAID, "signs": ["itching", "breathing"]})
    page = unescape(answer.content.decode())
    assert "Get help now" in page
    assert knowledge().patient_signs["breathing"].advice in page


def test_what_is_told_is_kept_and_waits(client, url, patient):
    answer = client.post(url, {**SAID, "began_on": clock.today().isoformat(), "may_phone": "on"})
    assert answer.status_code == 200
    assert "It is with the clinic" in answer.content.decode()
    report = PatientReport.objects.get()
    assert (report.patient, report.signs, report.how_bad) == (patient, ["itching"], "mild")
    assert (report.began_on, report.may_phone, report.text) == (
        clock.today(), True, "Since yesterday",
    )  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [{"signs": []}, {"how_bad": ""}, {"signs": ["x"]}, {"began_on": "soon"}, {"text": "x" * 5000}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_fault_keeps_what_was_typed(client, url, wrong):
    answer = client.post(url, {**SAID, **wrong})
    assert answer.status_code == 422
    if "text" not in wrong:
        assert "Since yesterday" in answer.content.decode()
    assert not PatientReport.objects.exists()


def test_an_ended_link_and_one_that_never_was_get_the_same_answer(
    client, url, patient, practitioner
):
    reports.revoke_link(by=practitioner, patient=patient)
    ended = client.get(url)
    never = client.get(reverse("patient_report_tell", args=["never"]))
    assert ended.status_code == never.status_code == 404
    assert without_token(ended) == without_token(never)
    assert "112" in ended.content.decode()
    assert client.post(url, SAID).status_code == 404
    assert not PatientReport.objects.exists()


def test_guessers_wait_and_the_patient_does_not(client, url):
    answers = [
        client.get(reverse("patient_report_tell", args=[f"guess{n}"])).status_code
        for n in range(WRONG_KEYS + 2)
    ]
    assert answers == [404] * WRONG_KEYS + [429] * 2
    assert client.get(url).status_code == 200


def test_more_than_anybody_has_to_tell_is_answered_with_the_telephone(client, url):
    codes = [client.post(url, SAID).status_code for _ in range(reports.MOST_A_DAY + 1)]
    assert codes == [200] * reports.MOST_A_DAY + [429]


def test_a_link_is_shown_once(client, assistant, patient):
    client.force_login(assistant)
    page = client.post(reverse("patient_report_link", args=[patient.pk]), {"days": "84"})
    text = page.content.decode()
    start = text.index("http://testserver/tell/")
    address = text[start : text.index('"', start)]
    assert 'src="data:image/svg+xml;base64,' in text
    client.logout()
    assert client.get(address).status_code == 200
    client.force_login(assistant)
    shown = client.get(reverse("patient_page", args=[patient.pk])).content.decode()
    assert address.rsplit("/", 2)[1] not in shown
    assert "private link works until" in shown
    client.post(reverse("patient_report_end", args=[patient.pk]))
    client.logout()
    assert client.get(address).status_code == 404


def test_a_link_of_an_unheard_of_length_is_not_made(client, assistant, patient):
    client.force_login(assistant)
    client.post(reverse("patient_report_link", args=[patient.pk]), {"days": "9999"})
    assert not ReportLink.objects.exists()


def test_today_puts_it_first_and_a_practitioner_takes_it_up(client, practitioner, report, patient):
    client.force_login(practitioner)
    page = client.get("/").content.decode()
    assert page.index("Told by patients") < page.index('id="due"')
    page = unescape(client.get(reverse("patient_report_page", args=[report.pk])).content.decode())
    assert "Two lumps on the left" in page
    assert knowledge().red_flags["late_nodules"].action in page
    url = reverse("patient_report_take_up", args=[report.pk]) + "?term=nodule"
    assert "Two lumps on the left" in client.get(url).content.decode()
    said = {"grade": "2", "onset_on": clock.today().isoformat(), "outcome": "not_resolved"}
    assert client.post(url, {**said, "grade": "9"}).status_code == 422
    answer = client.post(url, said)
    event = AdverseEvent.objects.get()
    assert answer.url == reverse("adverse_event_page", args=[event.pk])
    assert "told by the patient" in client.get(answer.url).content.decode()
    assert "Told by patients" not in client.get("/").content.decode()


def test_it_is_laid_aside_with_a_reason_or_put_to_one_on_record(
    client, practitioner, report, patient
):
    from openmeso.services import adverse_event
    from openmeso.terms.adverse_event import AdverseEventState

    client.force_login(practitioner)
    aside = reverse("patient_report_lay_aside", args=[report.pk])
    assert client.post(aside, {"reason": " "}).status_code == 422
    state = AdverseEventState("nodule", 1, clock.today())
    event = adverse_event.record(by=practitioner, patient=patient, state=state)
    join = reverse("patient_report_join", args=[report.pk])
    client.post(join, {"event": "x"})
    report.refresh_from_db()
    assert report.settled_at is None
    assert client.post(join, {"event": event.pk}).url == reverse(
        "adverse_event_follow", args=[event.pk]
    )
    report.refresh_from_db()
    assert report.event == event
    assert client.post(aside, {"reason": "x"}).status_code == 422


def test_a_link_goes_by_e_mail_where_the_patient_agrees_and_names_no_treatment(
    client, assistant, patient, mailoutbox
):
    patients.change(by=assistant, patient=patient, email="deniz@example.org")
    client.force_login(assistant)
    make = reverse("patient_report_link", args=[patient.pk])
    client.post(make, {"days": "14"})
    assert not mailoutbox
    page = unescape(client.post(make, {"days": "14", "by_email": "on"}).content.decode())
    (mail,) = mailoutbox
    assert "Sent to deniz@example.org" in page
    (address,) = re.findall(r"http\S+", mail.body)
    assert address in page
    assert client.get(address).status_code == 200
    assert mail.to == ["deniz@example.org"]
    said = f"{mail.subject} {mail.body}".casefold()
    for word in ("meso", "treat", "inject", "hair", "reaction", "session", patient.name.casefold()):
        assert word not in said.replace(address.casefold(), "")
    noted = AuditEvent.objects.get(action="email_link")
    assert json.loads(noted.details) == {"patient_agreed": True}
    assert noted.by == assistant.pk


def test_without_a_mail_server_the_page_says_so_and_nothing_is_noted(
    client, assistant, patient, settings, mailoutbox
):
    patients.change(by=assistant, patient=patient, email="deniz@example.org")
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    client.force_login(assistant)
    page = client.get(reverse("patient_page", args=[patient.pk])).content.decode()
    assert "No mail server is named" in page
    make = reverse("patient_report_link", args=[patient.pk])
    sent = client.post(make, {"days": "14", "by_email": "on"}).content.decode()
    assert "did not go out" in sent
    assert not AuditEvent.objects.filter(action="email_link").exists()


def test_what_waits_is_in_view_on_every_page_about_the_patient(
    client, assistant, report, patient, practitioner
):
    client.force_login(assistant)
    page = unescape(client.get(reverse("photo_gallery", args=[patient.pk])).content.decode())
    told = knowledge().patient_signs["lumps"]
    assert f"Told from home: {told.words}" in " ".join(page.split())
    assert reverse("patient_report_page", args=[report.pk]) in page
    # a later one that presses less does not stand before it
    link, _key = reports.make_link(by=practitioner, patient=patient, days=84)
    mild = reports.receive(by=None, link=link, account=PatientAccount(("bruise",), HowBad.MILD))
    page = unescape(client.get(reverse("photo_gallery", args=[patient.pk])).content.decode())
    assert f"Told from home: {told.words} (2 wait)" in " ".join(page.split())
    reports.lay_aside(by=practitioner, report=mild, reason="known")
    reports.lay_aside(by=practitioner, report=report, reason="wrong patient")
    settled = client.get(reverse("photo_gallery", args=[patient.pk])).content.decode()
    assert reverse("patient_report_page", args=[report.pk]) not in settled


def test_the_navigation_counts_what_waits_for_those_who_may_take_it_up(
    client, practitioner, lead, assistant, auditor, stranger, report
):
    for person, sees in (
        (practitioner, True),
        (lead, True),
        (assistant, False),
        (auditor, False),
        (stranger, False),
    ):
        client.force_login(person)
        page = client.get("/knowledge/").content.decode()
        assert ("1 patient's report waits" in unescape(page)) is sees
    reports.lay_aside(by=practitioner, report=report, reason="wrong patient")
    client.force_login(practitioner)
    assert 'class="count"' not in client.get("/knowledge/").content.decode()
