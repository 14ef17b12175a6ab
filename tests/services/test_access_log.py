"""A patient's own access log: everybody who looked, gathered, with the reason of an emergency."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from openmeso.gateways import clock
from openmeso.gateways.access_log_sheet import access_log_html, in_words
from openmeso.records.models import AuditEvent
from openmeso.services import access_log, emergency_access
from openmeso.services import patient as patients
from openmeso.services.refusal import NotAllowed
from openmeso.terms.access_log import Deed

REASON = "Unconscious in our waiting room, allergies unknown"


def test_every_look_and_change_is_counted_once(lead, practitioner, assistant, patient):
    for user in (practitioner, practitioner, assistant):
        patients.get(by=user, pk=patient.pk, purpose="care")
    patients.change(by=assistant, patient=patient, phone="1")
    lines = access_log.of_patient(by=lead, patient=patient)
    found = {(one.who, one.role, one.deed): one.times for one in lines}
    assert found == {
        ("Practitioner Test", "practitioner", Deed.LOOKED): 2,
        ("Assistant Test", "assistant", Deed.LOOKED): 1,
        ("Assistant Test", "assistant", Deed.WROTE): 1,
    }
    assert (
        sum(one.times for one in lines) == AuditEvent.objects.filter(patient=patient.pk).count() - 1
    )


def test_that_it_was_taken_out_is_noted_and_stands_in_the_next_one(lead, patient):
    assert access_log.of_patient(by=lead, patient=patient) == ()
    (again,) = access_log.of_patient(by=lead, patient=patient)
    assert (again.who, again.deed, again.purpose) == ("Lead Test", Deed.TOOK, "audit")


def test_an_emergency_says_who_from_elsewhere_and_why(lead, stranger, patient):
    emergency_access.open_with_reason(by=stranger, pk=patient.pk, reason=REASON)
    patients.get(by=stranger, pk=patient.pk, purpose="care")
    lines = access_log.of_patient(by=lead, patient=patient)
    assert {(one.who, one.role, one.deed, one.reason) for one in lines} == {
        ("Stranger Test", "", Deed.OPENED, REASON)
    }
    said = in_words(lines[0])
    assert (str(said.role), str(said.why)) == ("from another clinic", REASON)


def test_each_day_has_its_own_line_on_the_clinics_clock(lead, practitioner, patient):
    zone = ZoneInfo(patient.clinic.timezone)
    evening = clock.now().astimezone(zone).replace(hour=23, minute=50) - timedelta(days=3)
    for moment in (evening, evening + timedelta(minutes=20)):
        with clock.as_of(moment):
            patients.get(by=practitioner, pk=patient.pk, purpose="care")
    newest, oldest = access_log.of_patient(by=lead, patient=patient)
    assert (f"{newest.first:%H:%M}", f"{oldest.first:%H:%M}") == ("00:10", "23:50")
    assert newest.first.date() == oldest.first.date() + timedelta(days=1)


@pytest.mark.parametrize("who", ["practitioner", "assistant", "researcher", "stranger"])
def test_only_who_may_see_the_trail_hands_it_out(cast, patient, who):
    with pytest.raises(NotAllowed):
        access_log.of_patient(by=getattr(cast, who), patient=patient)


def test_the_sheet_speaks_to_the_patient(lead, practitioner, patient):
    patients.get(by=practitioner, pk=patient.pk, purpose="care")
    page = access_log_html(
        access_log.of_patient(by=lead, patient=patient), clinic="C", patient_label="Deniz Kaya"
    )
    for words in ("Practitioner Test", "looked at: your details", "for your care", "Deniz Kaya"):
        assert words in page


def test_what_the_reason_says_is_text(lead, stranger, patient):
    emergency_access.open_with_reason(by=stranger, pk=patient.pk, reason="<b>ten letters</b>")
    page = access_log_html(access_log.of_patient(by=lead, patient=patient))
    assert "<b>ten" not in page
