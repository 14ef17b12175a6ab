"""Whoever asks the database: written records stay as they were written."""

import uuid
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError

from openmeso.gateways import clock
from openmeso.records import triggers
from openmeso.records.models import AuditEvent, Plan, StoredFile
from openmeso.services import file as files
from openmeso.terms.file import FileKind


@pytest.fixture
def event():
    return AuditEvent.objects.create(seq=1, at=clock.now(), action="read", noun="patient", hash="a")


def refused(statement: str) -> None:
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE records_auditevent SET action = 'nothing'",
        "UPDATE records_auditevent SET hash = 'b' WHERE seq = 1",
        "DELETE FROM records_auditevent",
        "DELETE FROM records_auditevent WHERE seq = 1",
    ],
)
def test_an_audit_event_stays(event, change):
    refused(change)
    assert AuditEvent.objects.get().action == "read"


def test_the_orm_is_refused_as_well(event):
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
        event.save()
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
        event.delete()


@pytest.mark.parametrize(
    "change", ["UPDATE records_assessment SET indication = 'x'", "DELETE FROM records_assessment"]
)
def test_an_assessment_stays(assessed, change):
    refused(change)


def test_a_draft_can_be_changed_and_deleted(draft):
    Plan.objects.filter(pk=draft.pk).update(title="Another")
    assert Plan.objects.filter(pk=draft.pk).delete()[0] == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE records_plan SET title = 'x'",
        "UPDATE records_plan SET result = '{}'",
        "UPDATE records_plan SET choice = '{}'",
        "UPDATE records_plan SET knowledge_version = 'x'",
        "UPDATE records_plan SET approved_by_id = created_by_id, title = 'y'",
        "UPDATE records_plan SET start_on = '2030-01-01', status = 'superseded'",
        "UPDATE records_plan SET status = 'draft', approved_at = NULL, approved_by_id = NULL",
        "DELETE FROM records_plan",
    ],
)
def test_an_approved_plan_stays(approved, change):
    refused(change)
    assert Plan.objects.get().result == approved.result


@pytest.fixture
def kept(patient, practitioner):
    return files.keep(
        by=practitioner, patient=patient, content=b"x", media_type="a/b", kind=FileKind.PHOTO
    )


def test_a_kept_file_stays_but_for_its_key(kept):
    refused("DELETE FROM records_storedfile")
    StoredFile.objects.filter(pk=kept.pk).update(key_id="0" * 16)
    for field in StoredFile._meta.concrete_fields:
        if field.name != "key_id":
            other = OTHER[field.get_internal_type()]
            with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
                StoredFile.objects.filter(pk=kept.pk).update(**{field.attname: other})


OTHER = {
    "UUIDField": uuid.UUID(int=7),
    "ForeignKey": uuid.UUID(int=7),
    "OneToOneField": uuid.UUID(int=7),
    "DateTimeField": datetime(2030, 1, 1, tzinfo=UTC),
    "DateField": date(2030, 1, 1),
    "JSONField": {"other": 1},
    "CharField": "other",
    "PositiveIntegerField": 9,
    "PositiveBigIntegerField": 9,
}


@pytest.mark.parametrize(
    "field", [field for field in Plan._meta.concrete_fields if field.name != "status"], ids=str
)
def test_every_column_of_an_approved_plan_is_guarded(approved, field):
    other = OTHER[field.get_internal_type()]
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
        Plan.objects.filter(pk=approved.pk).update(**{field.attname: other})


def test_an_approved_plan_can_be_superseded_once(approved):
    Plan.objects.filter(pk=approved.pk).update(status="superseded")
    refused("UPDATE records_plan SET status = 'approved'")
    refused("UPDATE records_plan SET title = 'x'")
    refused("DELETE FROM records_plan")


def test_a_patient_with_records_cannot_be_deleted(assessed):
    with pytest.raises(ProtectedError):
        assessed.delete()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no TRUNCATE")
@pytest.mark.parametrize("table", triggers.TABLES)
def test_a_table_cannot_be_truncated(table, signed, kept):
    connection.check_constraints()  # deferred ones pending would forbid TRUNCATE by themselves
    refused(f"TRUNCATE {table} CASCADE")


def test_triggers_can_be_laid_again(event):
    triggers.install(connection)
    refused("DELETE FROM records_auditevent")


@pytest.mark.django_db(transaction=True)
def test_emptying_a_test_database_is_possible(event):
    assert AuditEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_and_brings_the_triggers_back(event):
    refused("DELETE FROM records_auditevent")
