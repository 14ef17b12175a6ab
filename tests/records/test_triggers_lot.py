"""The shelf's book: it only grows, it adds up, and a lot stays what it is."""

import uuid
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from openmeso.gateways import clock
from openmeso.records.models import Lot, ProductCode, StockMove


@pytest.fixture
def lot(clinic):
    return Lot.objects.create(
        clinic=clinic, product="p", product_name="P", number="1", expires_on=date(2029, 1, 1),
        ampoule_ul=5000, received_on=date(2026, 11, 1), created_at=clock.now(),
    )  # fmt: skip


def enter(lot, number: int, change_ul: int, left_ul: int, kind: str = "counted", **values):
    return StockMove.objects.create(
        lot=lot, number=number, kind=kind, change_ul=change_ul, left_ul=left_ul,
        created_at=clock.now(), **values,
    )  # fmt: skip


@pytest.fixture
def booked(lot):
    enter(lot, 1, 5000, 5000, "received", pieces=1)
    enter(lot, 2, -2000, 3000, "given", session=uuid.uuid4())
    return lot


def refused(statement: str) -> None:
    with pytest.raises(DatabaseError, match="cannot"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records_stockmove SET change_ul = 1",
        "UPDATE records_stockmove SET reason = 'x' WHERE number = 2",
        "DELETE FROM records_stockmove WHERE number = 2",
        "DELETE FROM records_stockmove",
        "UPDATE records_lot SET number = '2'",
        "UPDATE records_lot SET product = 'q'",
        "UPDATE records_lot SET expires_on = '2031-01-01'",
        "DELETE FROM records_lot",
    ],
)
def test_the_book_and_its_lot_stay(booked, statement):
    refused(statement)
    assert StockMove.objects.count() == 2


def test_a_lot_may_change_its_status(booked, practitioner):
    Lot.objects.update(
        status="recalled", status_reason="a", status_at=clock.now(), status_by=practitioner
    )
    assert Lot.objects.get().status == "recalled"


@pytest.mark.parametrize(
    ("number", "change_ul", "left_ul"),
    [(3, -1000, 3000), (3, 1000, 3000), (4, -1000, 2000), (1, 3000, 3000)],
)
def test_what_is_left_is_what_was_there_and_its_change(booked, number, change_ul, left_ul):
    with pytest.raises(DatabaseError), transaction.atomic():
        enter(booked, number, change_ul, left_ul)
    assert enter(booked, 3, -1000, 2000).pk


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("stock_is_never_below_nothing", {"change_ul": -4000, "left_ul": -1000}),
        ("stock_comes_in_or_goes_out", {"kind": "received", "change_ul": -1, "left_ul": 2999}),
        ("stock_comes_in_or_goes_out", {"kind": "lost", "change_ul": -1, "left_ul": 2999}),
        ("stock_given_names_its_session", {"kind": "given", "change_ul": -1, "left_ul": 2999}),
        ("stock_lost_says_why", {"kind": "wasted", "change_ul": -1, "left_ul": 2999}),
        ("stock_lost_says_why", {"kind": "returned", "change_ul": -1, "left_ul": 2999}),
    ],
)
def test_senseless_moves_are_refused(booked, constraint, values):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        enter(booked, 3, **values)


def test_a_lot_set_aside_says_why_and_by_whom(lot):
    with pytest.raises(IntegrityError, match="lot_set_aside"), transaction.atomic():
        Lot.objects.update(status="recalled")


@pytest.mark.parametrize("gtin", ["", "123", "abcdefghijklmn"])
def test_a_product_code_is_a_gtin(clinic, gtin):
    with pytest.raises(IntegrityError, match="fourteen"), transaction.atomic():
        ProductCode.objects.create(clinic=clinic, product="p", gtin=gtin, created_at=clock.now())


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no TRUNCATE")
@pytest.mark.parametrize("table", ["records_lot", "records_stockmove"])
def test_the_shelf_cannot_be_truncated(booked, table):
    connection.check_constraints()
    refused(f"TRUNCATE {table} CASCADE")
