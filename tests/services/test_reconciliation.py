"""The cabinet's book against the signed charts."""

import uuid

import pytest

from openmeso.services import lot as lots
from openmeso.services import reconciliation


@pytest.fixture
def lot(stocked, typed):
    return stocked[typed.lots[0].product]


@pytest.fixture
def row(lot, clinic):
    """The lot's row, asked anew each time."""
    return lambda: next(one for one in reconciliation.of_clinic(clinic) if one.lot == lot)


def test_a_lot_nobody_drew_from_agrees(row):
    one = row()
    assert one.agrees
    assert one.received_ml == one.left_ml > 0
    assert (one.drawn_book_ml, one.drawn_charts_ml) == (0, 0)


def test_what_a_signed_session_drew_stands_in_both(row, signed):
    one = row()
    assert one.drawn_charts_ml == pytest.approx(one.drawn_book_ml)
    assert one.drawn_book_ml > 0
    assert one.agrees


def test_a_draw_that_no_chart_knows_is_told_first(row, lot, trained, clinic):
    lots.use(by=trained, lot=lot, ml=1.0, session=uuid.uuid4())
    assert not row().agrees
    assert reconciliation.of_clinic(clinic)[0].lot == lot


def test_the_columns_add_up(row, lot, trained):
    lots.waste(by=trained, lot=lot, ml=1.2, reason="Dropped")
    lots.send_back(by=trained, lot=lot, ml=2.0, reason="Wrong order")
    lots.count(by=trained, lot=lot, ml=lots.stock_ml(lot) - 0.3, reason="A drop")
    one = row()
    assert (one.other_ml, one.counted_ml) == (3.2, -0.3)
    assert one.left_ml == pytest.approx(
        one.received_ml - one.drawn_book_ml - one.other_ml + one.counted_ml
    )


def test_another_clinic_s_lots_are_not_in_it(lot, other_clinic):
    assert reconciliation.of_clinic(other_clinic) == []
