"""Whoever asks the database: written records stay as they were written."""

import pytest
from django.db import IntegrityError, connection, transaction

from openmeso.gateways import clock
from openmeso.records.models import AuditEvent

REFUSED = "cannot be"


@pytest.fixture
def event():
    return AuditEvent.objects.create(seq=1, at=clock.now(), action="read", noun="patient", hash="a")


def refused(statement: str) -> None:
    with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
        connection.cursor().execute(statement)


def test_an_audit_event_cannot_be_changed(event):
    refused("UPDATE records_auditevent SET action = 'nothing'")


def test_an_audit_event_cannot_be_deleted(event):
    refused("DELETE FROM records_auditevent")


@pytest.mark.django_db(transaction=True)
def test_a_test_database_can_be_emptied_and_is_guarded_again(event):
    refused("DELETE FROM records_auditevent")


@pytest.mark.django_db(transaction=True)
def test_after_a_flush_the_triggers_are_back(event):
    assert AuditEvent.objects.count() == 1
    refused("DELETE FROM records_auditevent")
