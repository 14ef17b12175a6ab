"""A signed session stays as it was signed, whichever door is tried: ORM or SQL, row or part."""

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from openmeso.gateways import clock
from openmeso.records.models import Addendum, Session, SessionLot, SessionPoint
from openmeso.services import session as sessions

OTHER = {
    "UUIDField": uuid.UUID(int=7),
    "ForeignKey": uuid.UUID(int=7),
    "BigAutoField": 10**9,
    "DateTimeField": datetime(2030, 1, 1, tzinfo=UTC),
    "DateField": date(2030, 1, 1),
    "JSONField": {"other": 1},
    "CharField": "other",
    "TextField": "other",
    "PositiveIntegerField": 9,
    "PositiveSmallIntegerField": 9,
    "FloatField": 1.25,
}
PARTS = (SessionPoint, SessionLot, Addendum)


@pytest.fixture
def addended(signed, trained):
    sessions.addend(by=trained, session=signed, text="Left side first.", reason="omitted")
    return signed


def contents():
    return [list(model.objects.order_by("pk").values()) for model in (Session, *PARTS)]


def columns() -> Iterator[object]:
    for model in (Session, *PARTS):
        for field in model._meta.concrete_fields:
            yield pytest.param(model, field, id=f"{model.__name__}.{field.name}")


@pytest.mark.parametrize(("model", "field"), list(columns()))
def test_every_column_is_guarded(addended, model, field):
    before = contents()
    other = OTHER[field.get_internal_type()]
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
        model.objects.update(**{field.attname: other})
    assert contents() == before


@pytest.mark.parametrize("model", [Session, *PARTS])
def test_the_orm_neither_saves_nor_deletes(addended, model):
    row = model.objects.first()
    for field in ("text", "product_name", "zone", "client_token"):
        if hasattr(row, field):
            setattr(row, field, "other")
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
        row.save()
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
        model.objects.filter(pk=row.pk)._raw_delete("default")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records_session SET status = 'draft', signed_at = NULL, signed_by_id = NULL",
        "UPDATE records_session SET status = 'abandoned', abandoned_reason = 'x'",
        "DELETE FROM records_session",
        "UPDATE records_sessionpoint SET volume_ml = 9 WHERE number = 1",
        "DELETE FROM records_sessionpoint WHERE number = 1",
        "UPDATE records_sessionlot SET number = 'clean'",
        "DELETE FROM records_sessionlot",
        "UPDATE records_addendum SET text = 'other'",
        "DELETE FROM records_addendum",
    ],
)
def test_sql_is_refused(addended, statement):
    before = contents()
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
        connection.cursor().execute(statement)
    assert contents() == before


def test_a_signed_session_takes_no_further_point_or_lot(signed, trained):
    point = SessionPoint.objects.first()
    point.pk, point.number = None, 5000
    with pytest.raises(DatabaseError, match="cannot be added"), transaction.atomic():
        point.save(force_insert=True)
    lot = SessionLot.objects.first()
    lot.pk = uuid.uuid4()
    with pytest.raises(DatabaseError, match="cannot be added"), transaction.atomic():
        lot.save(force_insert=True)


def test_a_draft_takes_no_addendum(session, trained):
    addendum = Addendum(
        session=session, text="x", reason="y", created_at=clock.now(), created_by=trained
    )
    with pytest.raises(DatabaseError, match="cannot be addended"), transaction.atomic():
        addendum.save(force_insert=True)


def test_nothing_is_born_signed(signed):
    signed.pk, signed.number = uuid.uuid4(), 2
    with pytest.raises(DatabaseError, match="cannot begin"), transaction.atomic():
        signed.save(force_insert=True)


def test_a_draft_changes_but_is_not_deleted(session):
    Session.objects.update(version=2)
    with pytest.raises(DatabaseError, match="cannot be changed or deleted"), transaction.atomic():
        session.delete()


def test_an_abandoned_session_stays(session, trained):
    sessions.abandon(by=trained, session=session, reason="Fever")
    with pytest.raises(DatabaseError, match="cannot be"), transaction.atomic():
        Session.objects.update(abandoned_reason="none")


def test_a_number_is_given_once_at_a_time(session):
    session.pk = uuid.uuid4()
    with pytest.raises(DatabaseError), transaction.atomic():
        session.save(force_insert=True)
