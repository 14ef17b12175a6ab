"""The private link: nobody guesses it, it ends, it tells nothing; and what becomes of a report."""

import hashlib
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from openmeso.gateways import clock
from openmeso.records.models import AdverseEvent, AuditEvent, PatientReport, ReportLink
from openmeso.services import adverse_event as events
from openmeso.services import patient_report as reports
from openmeso.services.knowledge import knowledge
from openmeso.services.refusal import NotAllowed, NotFound
from openmeso.terms.adverse_event import AdverseEventState, Urgency
from openmeso.terms.patient_report import HowBad, PatientAccount

ACCOUNT = PatientAccount(("lumps", "pain"), HowBad.MODERATE, text="Two lumps", may_phone=True)


@pytest.fixture
def made(patient, practitioner):
    return reports.make_link(by=practitioner, patient=patient, days=84)


@pytest.fixture
def report(made):
    return reports.receive(by=None, link=made[0], account=ACCOUNT)


def state(term="nodule", grade=2):
    return AdverseEventState(term, grade, clock.today())


def test_only_the_hash_of_the_key_is_kept(made):
    link, key = made
    assert len(key) >= 43  # 256 bits in base64
    assert link.token_hash == hashlib.sha256(key.encode()).hexdigest()
    held = [str(value) for row in ReportLink.objects.values() for value in row.values()]
    noted = [event.details + event.object_id for event in AuditEvent.objects.all()]
    assert not any(key in text for text in held + noted)


def test_every_key_is_another(patient, practitioner):
    keys = {reports.make_link(by=practitioner, patient=patient, days=14)[1] for _ in range(20)}
    assert len(keys) == 20


def test_it_opens_until_it_ends(made, patient, practitioner, monkeypatch):
    link, key = made
    assert reports.open_link(key).pk == link.pk
    for wrong in (key[:-1], key + "A", key.swapcase(), "", "x" * 5000):
        with pytest.raises(NotFound):
            reports.open_link(wrong)
    after = link.expires_at + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: after)
    with pytest.raises(NotFound):
        reports.open_link(key)


def test_a_revoked_one_opens_no_more_and_a_new_one_replaces_it(made, patient, practitioner):
    _link, key = made
    _new, newer = reports.make_link(by=practitioner, patient=patient, days=14)
    with pytest.raises(NotFound):
        reports.open_link(key)
    assert reports.open_link(newer)
    assert reports.revoke_link(by=practitioner, patient=patient) == 1
    with pytest.raises(NotFound):
        reports.open_link(newer)
    assert reports.link_of(patient) is None


def test_the_database_lets_nothing_in_through_a_dead_link(made, patient, foreign_patient):
    link, _key = made

    def enter(**changes):
        values = {"patient": patient, "link": link, "signs": ["pain"], "how_bad": "mild"}
        PatientReport.objects.create(**{**values, "created_at": clock.now(), **changes})

    for changes in (
        {"created_at": link.expires_at + timedelta(seconds=1)},
        {"patient": foreign_patient},
        {"settled_at": clock.now()},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            enter(**changes)
    with pytest.raises(IntegrityError), transaction.atomic():
        enter(how_bad="terrible")
    reports.revoke_link(by=link.created_by, patient=patient)
    with pytest.raises(DatabaseError, match="living link"), transaction.atomic():
        enter()


def test_a_link_and_a_report_stay_as_they_were(report, practitioner):
    for row, change in (
        (report.link, {"expires_at": clock.now() + timedelta(days=999)}),
        (report.link, {"token_hash": "0" * 64}),
        (report, {"text": "nothing"}),
    ):
        with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**change)
    reports.lay_aside(by=practitioner, report=report, reason="Sent in error")
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
        PatientReport.objects.filter(pk=report.pk).update(laid_aside="otherwise")


def test_what_came_in_is_noted_and_nobody_of_the_clinic_wrote_it(report, patient):
    event = AuditEvent.objects.get(action="receive")
    assert (event.by, event.patient, event.object_id) == (None, patient.pk, str(report.pk))
    assert report.created_by is None


def test_a_link_takes_so_many_a_day(made, monkeypatch):
    link, _key = made
    for _ in range(reports.MOST_A_DAY):
        reports.receive(by=None, link=link, account=ACCOUNT)
    with pytest.raises(reports.TooMany):
        reports.receive(by=None, link=link, account=ACCOUNT)
    tomorrow = clock.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert reports.receive(by=None, link=link, account=ACCOUNT)


@pytest.mark.parametrize(
    ("account", "field"),
    [
        (PatientAccount((), HowBad.MILD), "signs"),
        (PatientAccount(("unobtainium",), HowBad.MILD), "signs"),
        (PatientAccount(("pain",), HowBad.MILD, text="x" * 4001), "text"),
        (PatientAccount(("pain",), HowBad.MILD, clock.today() + timedelta(days=3)), "began_on"),
    ],
)
def test_what_cannot_be_is_refused(made, account, field):
    with pytest.raises(ValidationError) as refused:
        reports.receive(by=None, link=made[0], account=account)
    assert field in refused.value.message_dict
    assert not PatientReport.objects.exists()


def test_the_most_pressing_waits_on_top(made, assistant):
    link, _key = made
    for signs in (("itching",), ("bald_patches",), ("breathing", "pain"), ("lumps",)):
        reports.receive(by=None, link=link, account=PatientAccount(signs, HowBad.MILD))
    found = reports.waiting(by=assistant)
    assert [one.urgency for one in found] == [
        Urgency.EMERGENCY, Urgency.SAME_DAY, Urgency.SOON, None,
    ]  # fmt: skip
    assert found[0].signs[0].id == "breathing"  # and so does the gravest sign


def test_a_practitioner_makes_a_reaction_of_it(report, practitioner, patient):
    event = reports.take_up(by=practitioner, report=report, state=state())
    report.refresh_from_db()
    assert (report.event, report.settled_by) == (event, practitioner)
    assert event.reporter == "patient"
    assert not reports.waiting(by=practitioner)
    assert [one.event for one in events.open_of(patient)] == [event]
    with pytest.raises(ValidationError, match="meanwhile"):
        reports.take_up(by=practitioner, report=report, state=state())
    assert AdverseEvent.objects.count() == 1


def test_half_a_taking_up_does_not_happen(report, practitioner):
    with pytest.raises(ValidationError):
        reports.take_up(by=practitioner, report=report, state=state("syncope", 1))
    report.refresh_from_db()
    assert report.settled_at is None
    assert not AdverseEvent.objects.exists()


def test_it_may_tell_of_one_on_record(
    report, assistant, practitioner, patient, foreign_patient, stranger
):
    event = events.record(by=practitioner, patient=patient, state=state())
    theirs = events.record(by=stranger, patient=foreign_patient, state=state())
    with pytest.raises(NotFound):
        reports.join(by=assistant, report=report, event=theirs)
    reports.join(by=assistant, report=report, event=event)
    assert event.reports.get() == report


def test_laying_aside_wants_a_reason(report, practitioner):
    with pytest.raises(ValidationError, match="why"):
        reports.lay_aside(by=practitioner, report=report, reason="  ")
    reports.lay_aside(by=practitioner, report=report, reason="A question about an appointment")
    assert not reports.waiting(by=practitioner)


@pytest.mark.parametrize("who", ["researcher", "auditor", "stranger", "outsider"])
def test_those_without_the_right_are_refused(cast, who, report, patient):
    by = getattr(cast, who)
    for deed in (
        lambda: reports.make_link(by=by, patient=patient, days=84),
        lambda: reports.revoke_link(by=by, patient=patient),
        lambda: reports.take_up(by=by, report=report, state=state()),
        lambda: reports.lay_aside(by=by, report=report, reason="x"),
        lambda: reports.get(by=by, pk=report.pk, purpose="care"),
    ):
        with pytest.raises((NotAllowed, NotFound)):
            deed()


def test_an_assistant_reads_but_does_not_take_up(report, assistant):
    assert reports.get(by=assistant, pk=report.pk, purpose="care")
    with pytest.raises(NotAllowed):
        reports.take_up(by=assistant, report=report, state=state())


def test_every_red_flag_has_its_plain_words_and_advice():
    signs = knowledge().patient_signs.values()
    urgent = [one for one in signs if one.urgency]
    assert {one.red_flag for one in urgent} == set(knowledge().red_flags)
    assert all(one.advice and one.terms for one in urgent)
    assert all(one.assumption for one in signs)
    for one in urgent:  # and may be recorded as a term that raises it
        flag = knowledge().red_flags[one.red_flag]
        assert set(one.terms) & set(flag.terms), one.id
