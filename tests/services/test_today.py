"""Who is due today: the clinic's approved plans, the next session that is not signed."""

from datetime import timedelta

import pytest

from openmeso.gateways import clock
from openmeso.records.models import AuditEvent
from openmeso.services import session as sessions
from openmeso.services import today
from openmeso.services.refusal import NotAllowed


def test_the_first_session_is_due_on_its_day(approved, assistant):
    [due] = today.due(by=assistant)
    assert (due.plan, due.number, due.days_late, due.session) == (approved.pk, 1, 0, None)
    assert AuditEvent.objects.filter(action="list_today").count() == 1


def test_one_begun_stands_first_and_one_signed_no_more(session, typed, trained, signed):
    assert today.due(by=trained) == []


def test_a_begun_session_is_gone_on_with(session, trained):
    [due] = today.due(by=trained)
    assert due.session == session


def test_what_was_not_given_is_overdue(signed, trained, monkeypatch):
    later = clock.today() + timedelta(days=20)
    monkeypatch.setattr(clock, "today", lambda: later)
    [due] = today.due(by=trained)
    assert (due.number, due.days_late) == (2, 6)


def test_one_given_up_is_due_again(session, trained):
    sessions.abandon(by=trained, session=session, reason="Fever")
    [due] = today.due(by=trained)
    assert (due.number, due.session) == (1, None)


def test_another_clinics_sessions_are_not_listed(approved, stranger, outsider):
    assert today.due(by=stranger) == []
    with pytest.raises(NotAllowed):
        today.due(by=outsider)
