"""A signed session stays as it was signed, whichever door is tried: ORM or SQL, row or part."""

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction

from openmeso.gateways import clock
from openmeso.records import triggers
from openmeso.records.models import Addendum, Session, SessionLot, SessionPoint, SessionZone
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
PARTS = (SessionPoint, SessionZone, SessionLot, Addendum)


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
        "UPDATE records_sessionzone SET points = points + 1",
        "DELETE FROM records_sessionzone",
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
    zone = SessionZone.objects.first()
    zone.pk, zone.syringe = None, 9
    with pytest.raises(DatabaseError, match="cannot be added"), transaction.atomic():
        zone.save(force_insert=True)
    lot = SessionLot.objects.first()
    lot.pk = uuid.uuid4()
    with pytest.raises(DatabaseError, match="cannot be added"), transaction.atomic():
        lot.save(force_insert=True)


def _point(session, number, **changes):
    values = {"zone": "vertex", "x_mm": 0, "y_mm": 0, "volume_ml": 0.1, "depth_mm": 4} | changes
    SessionPoint.objects.create(session=session, number=number, **values)


@pytest.mark.parametrize(
    ("zones", "refused"),
    [
        ([("vertex", 1, 2, 0.2), ("vertex", 2, 1, 0.1)], False),
        ([("vertex", 1, 2, 0.2)], True),
        ([("vertex", 1, 3, 0.3)], True),
        ([("vertex", 1, 2, 0.25), ("vertex", 2, 1, 0.1)], True),
        ([("vertex", 1, 1, 0.1), ("vertex", 2, 2, 0.2)], True),
        ([("vertex", 1, 2, 0.2), ("frontal", 2, 1, 0.1)], True),
        ([("vertex", 1, 2, 0.2), ("vertex", 2, 1, 0.1), ("frontal", 1, 1, 0.1)], True),
        ([], True),
    ],
)
def test_no_session_is_signed_unless_its_zones_add_up_to_its_points(
    session, trained, zones, refused
):
    _point(session, 1)
    _point(session, 2)
    _point(session, 3, syringe=2)
    _point(session, 4, state="skipped", volume_ml=0)
    for zone, syringe, points, volume_ml in zones:
        SessionZone.objects.create(
            session=session, zone=zone, syringe=syringe, points=points, volume_ml=volume_ml
        )
    fixed = {
        "status": "signed",
        "signed_at": clock.now(),
        "signed_by": trained,
        "given_on": clock.today(),
        "result": {},
    }
    if not refused:
        assert Session.objects.update(**fixed) == 1
        return
    with pytest.raises(DatabaseError, match="add up to its points"), transaction.atomic():
        Session.objects.update(**fixed)


def test_the_sessions_signed_before_are_counted_by_the_migration(signed):
    columns = ("session", "zone", "syringe", "points")
    counted = set(SessionZone.objects.values_list(*columns))
    volume_ml = sum(SessionZone.objects.values_list("volume_ml", flat=True))
    triggers.remove(connection)
    SessionZone.objects.all()._raw_delete("default")
    with connection.cursor() as cursor:
        cursor.execute(import_module("openmeso.records.migrations.0012_session_zone").COUNT)
    triggers.install(connection)
    assert set(SessionZone.objects.values_list(*columns)) == counted != set()
    again_ml = sum(SessionZone.objects.values_list("volume_ml", flat=True))
    assert again_ml == pytest.approx(volume_ml)


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
