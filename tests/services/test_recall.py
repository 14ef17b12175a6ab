"""From a lot, a product or a hand to everybody it reached; who was told, and how."""

import json
import uuid
from dataclasses import replace
from datetime import date
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, IntegrityError, transaction

from openmeso.gateways import clock
from openmeso.records.models import (
    AuditEvent,
    RecallNotice,
    SessionLot,
    SessionPoint,
)
from openmeso.services import adverse_event, recall
from openmeso.services import lot as lots
from openmeso.services import patient as patients
from openmeso.services import recall_message as messages
from openmeso.services import session as sessions
from openmeso.services.refusal import NotAllowed, NotFound
from openmeso.terms.adverse_event import AdverseEventState
from openmeso.terms.contraindication import Answer
from openmeso.terms.lot import Receipt
from openmeso.terms.recall import Channel, ZoneReached
from openmeso.terms.session import PointException, PointState, Reaction
from tests.conftest import PASSWORD
from tests.services.example_recall import copied


@pytest.fixture
def lot(stocked, typed):
    """The shelf's row that the session's first product is drawn from."""
    return stocked[typed.lots[0].product]


@pytest.fixture
def give(session, typed, trained):
    def sign(**changes):
        return sessions.sign(
            by=trained, session=session, entry=replace(typed, **changes), version=1, token="t",
            proof=PASSWORD,
        )  # fmt: skip

    return sign


def test_a_lot_finds_its_patient_session_zones_points_and_reactions(give, lot, trained, patient):
    seen = (Reaction("bruising", 1), Reaction("nausea", 2))
    skipped = PointException(1, PointState.SKIPPED)
    session = give(reactions_seen=Answer.YES, reactions=seen, exceptions=(skipped,))
    trace = recall.trace_lot(by=trained, lot=lot)
    (one,) = trace.patients
    assert (one.patient, one.told, trace.untold) == (patient, False, 1)
    (found,) = one.sessions
    assert (found.pk, found.given_on, found.number) == (session.pk, clock.today(), 1)
    assert found.practitioner == trained.name
    given = SessionPoint.objects.exclude(state="skipped")
    assert trace.points == found.points == given.count() == session.points_given
    zones = {zone.zone: zone.points for zone in found.zones}
    assert zones == {
        name: given.filter(zone=name).count() for name in given.values_list("zone", flat=True)
    }
    assert sum(zone.volume_ml for zone in found.zones) == pytest.approx(session.volume_ml)
    assert [(one.term, one.grade) for one in found.reactions] == [("bruising", 1), ("nausea", 2)]
    assert trace.reactions == 2


def test_late_reactions_count_once_and_withdrawn_ones_nowhere(give, lot, trained, patient):
    give()
    state = AdverseEventState("abscess", 2, clock.today())
    late, wrong = (adverse_event.record(by=trained, patient=patient, state=state) for _ in range(2))
    adverse_event.withdraw(by=trained, event=wrong, reason="Another patient's")
    trace = recall.trace_lot(by=trained, lot=lot)
    ((reaction,),) = [each.reactions for one in trace.patients for each in one.sessions]
    assert (reaction.event, reaction.is_open, trace.reactions) == (late.pk, True, 1)


def test_everybody_is_counted_and_a_part_named(give, lot, trained, patient):
    """Three patients with a session of the lot; one was told, one was sought in vain."""
    session = give(reactions_seen=Answer.YES, reactions=(Reaction("bruising", 1),))
    others = [copied(session, lot, name, {1: 10}).patient for name in ("Aydin", "Zeybek")]
    recall.tell(by=trained, lot=lot, patient=others[0], channel=Channel.PHONE)
    recall.tell(by=trained, lot=lot, patient=patient, channel=Channel.NOT_REACHED, note="Two calls")
    trace = recall.trace_lot(by=trained, lot=lot)
    whole = trace.patients
    assert [one.patient for one in whole] == [others[0], patient, others[1]]
    assert [trace.part(n, 1) for n in range(4)] == [*((one,) for one in whole), ()]
    assert trace.part(0, 2) == whole[:2]
    assert (trace.reached, trace.sessions, trace.reactions) == (3, 3, 1)
    assert trace.points == sum(one.points for one in whole) == 20 + session.points_given
    assert trace.untold == sum(not one.told for one in whole) == 2


@pytest.mark.parametrize(("drawn_into", "counted"), [(None, 30), (1, 10), (2, 20)])
def test_a_lot_of_one_syringe_reaches_that_one_s_points(signed, lot, trained, drawn_into, counted):
    copy = copied(signed, lot, "Aydin", {1: 10, 2: 20}, syringe=drawn_into)
    trace = recall.trace_lot(by=trained, lot=lot)
    (found,) = trace.patients[0].sessions
    assert (found.pk, found.points) == (copy.pk, counted)
    assert found.zones == (ZoneReached("vertex", counted, pytest.approx(counted * 0.01)),)
    assert trace.points == counted + signed.points_given


def test_a_draft_reaches_nobody(lot, session, typed, trained):
    sessions.save(by=trained, session=session, entry=typed, version=1, token="a")
    assert not recall.trace_lot(by=trained, lot=lot).patients


def test_only_the_syringes_it_went_into_count(give, lot, trained, typed):
    session = give()
    for row in SessionLot.objects.all():
        assert row.syringe is None
    assert recall.trace_lot(by=trained, lot=lot).points == session.points_given


def test_another_lot_reaches_nobody(give, lot, trained, clinic):
    give()
    receipt = Receipt(lot.product, "OTHER", date(2029, 6, 30), 1)
    other = lots.receive(by=trained, clinic=clinic, receipt=receipt)
    assert not recall.trace_lot(by=trained, lot=other).patients


def test_a_product_and_a_hand_lead_to_the_same_patient(give, lot, trained, lead, patient):
    give()
    by_product = recall.trace_product(by=lead, product=lot.product)
    by_hand = recall.trace_practitioner(by=lead, practitioner=trained)
    for trace in (by_product, by_hand):
        assert [one.patient for one in trace.patients] == [patient]
        assert trace.points > 0
    assert not recall.trace_product(by=lead, product="unobtainium").patients
    assert not recall.trace_practitioner(by=lead, practitioner=lead).patients
    noted = AuditEvent.objects.filter(action__startswith="trace_")
    assert {one.purpose for one in noted} == {"recall"}


@pytest.mark.parametrize("who", ["assistant", "researcher", "auditor", "stranger", "outsider"])
def test_recalls_are_for_those_who_decide(cast, give, lot, patient, who):
    give()
    by = getattr(cast, who)
    for as_file in (False, True):
        with pytest.raises(NotAllowed):
            recall.trace_lot(by=by, lot=lot, as_file=as_file)
    with pytest.raises(NotAllowed):
        recall.tell(by=by, lot=lot, patient=patient, channel=Channel.PHONE)
    with pytest.raises(NotAllowed):
        messages.letters(by=by, lot=lot, message=messages.Message("a", "b"))


def test_another_clinic_s_products_are_its_own(give, lot, stranger):
    give()
    assert not recall.trace_product(by=stranger, product=lot.product).patients


def test_who_was_told_when_and_by_whom(give, lot, trained, patient):
    give()
    recall.tell(by=trained, lot=lot, patient=patient, channel=Channel.NOT_REACHED, note="Two calls")
    assert recall.trace_lot(by=trained, lot=lot).untold == 1
    recall.tell(by=trained, lot=lot, patient=patient, channel=Channel.PHONE)
    (one,) = recall.trace_lot(by=trained, lot=lot).patients
    assert [each.channel for each in one.notices] == ["not_reached", "phone"]
    assert one.told
    event = AuditEvent.objects.filter(action="tell").last()
    assert (event.patient, event.by) == (patient.pk, trained.pk)
    assert "Two calls" not in event.details


def test_trying_in_vain_says_how(give, lot, trained, patient):
    give()
    with pytest.raises(ValidationError, match="how it was tried"):
        recall.tell(by=trained, lot=lot, patient=patient, channel=Channel.NOT_REACHED)
    with pytest.raises(IntegrityError, match="in_vain"), transaction.atomic():
        RecallNotice.objects.create(
            lot=lot, patient=patient, channel="not_reached", created_at=clock.now()
        )


def test_nobody_else_can_be_told(lot, trained, patient):
    with pytest.raises(NotFound):
        recall.tell(by=trained, lot=lot, patient=patient, channel=Channel.PHONE)


def test_a_notice_stays(give, lot, trained, patient):
    give()
    notice = recall.tell(by=trained, lot=lot, patient=patient, channel=Channel.PHONE)
    notice.channel = "letter"
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
        notice.save()
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
        notice.delete()


class RefusingBackend(BaseEmailBackend):
    """A mail server that is not there."""

    def send_messages(self, messages):
        raise SMTPServerDisconnected("no server")


EMAIL = messages.Message("A message from {clinic}", "Please call {clinic}.")


def test_an_e_mail_says_nothing_of_the_patient_in_its_subject(give, lot, trained, patient):
    give()
    patients.change(by=trained, patient=patient, email="deniz@example.org")
    sent = messages.emails(by=trained, lot=lot, message=EMAIL)
    assert (sent.sent, sent.without_address, sent.failed) == (1, 0, 0)
    (one,) = mail.outbox
    assert one.to == ["deniz@example.org"]
    assert one.subject == "A message from Test Clinic"
    assert patient.family_name not in one.subject + one.body
    assert RecallNotice.objects.get().channel == "email"
    assert messages.emails(by=trained, lot=lot, message=EMAIL).sent == 0  # told already


def test_a_blank_of_the_patient_in_a_subject_stays_a_blank(give, lot, trained, patient):
    give()
    patients.change(by=trained, patient=patient, email="deniz@example.org")
    messages.emails(by=trained, lot=lot, message=messages.Message("For {name}", "a"))
    assert mail.outbox[0].subject == "For {name}"


def test_a_mail_that_did_not_go_out_is_not_noted(give, lot, trained, patient, settings):
    give()
    patients.change(by=trained, patient=patient, email="deniz@example.org")
    settings.EMAIL_BACKEND = "tests.services.test_recall.RefusingBackend"
    sent = messages.emails(by=trained, lot=lot, message=EMAIL)
    assert (sent.sent, sent.failed) == (0, 1)
    assert not RecallNotice.objects.exists()


def test_without_an_address_a_letter_is_left(give, lot, trained, patient):
    give()
    assert messages.emails(by=trained, lot=lot, message=EMAIL).without_address == 1
    lots.recall(by=trained, lot=lot, reason="Sterility")
    text = messages.Message("About {product}", "Dear {name},\n\nlot {lot} on {dates}: {reason}")
    pdf = messages.letters(by=trained, lot=lot, message=text)
    assert pdf.startswith(b"%PDF-")
    assert RecallNotice.objects.get().channel == "letter"
    assert messages.letters(by=trained, lot=lot, message=text) is None


def test_the_trail_counts_and_names_nobody(give, lot, trained, patient):
    give()
    counted = {"patients": 1, "sessions": 1}
    asked = (
        (recall.trace_lot, {"lot": lot}, {}),
        (recall.trace_product, {"product": lot.product}, {"product": lot.product}),
        (recall.trace_practitioner, {"practitioner": trained}, {"practitioner": str(trained.pk)}),
    )
    for ask, of, named in asked:
        for as_file in (False, True):
            ask(by=trained, **of, as_file=as_file)
            event = AuditEvent.objects.last()
            assert event.action == ("export_recall" if as_file else ask.__name__)
            assert json.loads(event.details) == counted | named


def test_a_lot_that_is_not_there_reaches_nobody(lot):
    with pytest.raises(NotFound):
        recall.reached(lot, uuid.uuid4())
