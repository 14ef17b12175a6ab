"""Rates of reactions: out of signed sessions and their patients, by period and product."""

from datetime import timedelta

import pytest

from openmeso.gateways import clock
from openmeso.services import adverse_event as events
from openmeso.services import event_rate
from openmeso.services.event_rate import Period
from openmeso.services.refusal import NotAllowed
from openmeso.terms.adverse_event import AdverseEventState


def bruise(grade: int = 1, **changes) -> AdverseEventState:
    return AdverseEventState("bruising", grade, clock.today(), **changes)


def test_each_session_and_patient_counts_once(signed, trained):
    for grade in (1, 2):
        events.record(by=trained, patient=signed.patient, state=bruise(grade), session=signed)
    found = event_rate.of_clinic(by=trained, period=Period())
    (rate,) = found.terms
    assert rate.term.id == "bruising"
    assert (rate.sessions.events, rate.sessions.of) == (1, 1)
    assert (rate.patients.events, rate.patients.of) == (1, 1)
    assert found.any_of_sessions.low == pytest.approx(0.025)
    assert (found.sessions, found.patients, found.without_session) == (1, 1, 0)


def test_without_a_session_it_counts_among_patients(signed, trained):
    events.record(by=trained, patient=signed.patient, state=bruise())
    found = event_rate.of_clinic(by=trained, period=Period())
    assert (found.any_of_sessions.events, found.any_of_patients.events) == (0, 1)
    assert found.without_session == 1


def test_what_was_recorded_in_error_counts_nowhere(signed, trained):
    event = events.record(by=trained, patient=signed.patient, state=bruise(), session=signed)
    events.withdraw(by=trained, event=event, reason="another patient's")
    found = event_rate.of_clinic(by=trained, period=Period())
    assert (found.terms, found.any_of_patients.events) == ((), 0)


def test_only_sessions_of_the_period_and_product_count(signed, trained):
    events.record(by=trained, patient=signed.patient, state=bruise(), session=signed)
    tomorrow = clock.today() + timedelta(days=1)
    product = signed.lots.first().product
    cases = {
        Period(first_on=tomorrow): 0,
        Period(last_on=clock.today() - timedelta(days=1)): 0,
        Period(clock.today(), clock.today()): 1,
        Period(product=product): 1,
        Period(product="another"): 0,
    }
    for period, sessions in cases.items():
        found = event_rate.of_clinic(by=trained, period=period)
        assert (found.sessions, len(found.terms)) == (sessions, sessions), period


def test_another_clinic_s_are_another_s(signed, trained, stranger, researcher):
    events.record(by=trained, patient=signed.patient, state=bruise(), session=signed)
    found = event_rate.of_clinic(by=stranger, period=Period())
    assert (found.sessions, found.terms) == (0, ())
    with pytest.raises(NotAllowed):
        event_rate.of_clinic(by=researcher, period=Period())


def test_without_a_session_its_onset_lies_in_the_period_too(signed, trained):
    events.record(by=trained, patient=signed.patient, state=bruise())
    events.record(
        by=trained, patient=signed.patient,
        state=AdverseEventState("nausea", 1, clock.today() - timedelta(days=1)),
    )  # fmt: skip
    found = event_rate.of_clinic(by=trained, period=Period(first_on=clock.today()))
    assert ([one.term.id for one in found.terms], found.without_session) == (["bruising"], 1)
    found = event_rate.of_clinic(by=trained, period=Period(product="another"))
    assert (found.terms, found.without_session) == ((), 0)
