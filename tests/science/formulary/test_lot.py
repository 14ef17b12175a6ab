"""Earliest expiry first, and nothing drawn that is not there."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmeso.science.formulary.lot import draw
from openmeso.terms.lot import Draw, Expiry, expiry, ml_of, ul_of

DAY = date(2026, 11, 25)
AMOUNTS = st.integers(0, 50_000).map(ml_of)
STOCK = st.lists(
    st.tuples(st.uuids().map(str), st.dates(DAY, DAY + timedelta(days=60)), AMOUNTS),
    max_size=8, unique_by=lambda one: one[0],
)  # fmt: skip


def test_the_first_to_expire_is_emptied_first():
    stock = [("late", date(2027, 5, 1), 10.0), ("early", date(2027, 2, 1), 3.0)]
    assert draw(4.5, stock) == (Draw("early", 3.0), Draw("late", 1.5))


@given(AMOUNTS, STOCK)
def test_what_is_drawn_is_there_and_no_later_lot_is_opened_in_vain(need_ml, stock):
    drawn = draw(need_ml, stock)
    left = {lot: ul_of(ml) for lot, _, ml in stock}
    assert all(0 < ul_of(one.ml) <= left[one.lot] for one in drawn)
    in_all = sum(ul_of(one.ml) for one in drawn)
    assert in_all == min(ul_of(need_ml), sum(left.values()))
    order = [lot for lot, *_ in sorted(stock, key=lambda one: (one[1], one[0])) if left[lot]]
    assert [one.lot for one in drawn] == order[: len(drawn)]
    assert all(ul_of(one.ml) == left[one.lot] for one in drawn[:-1])


def test_a_need_below_nothing_is_refused():
    with pytest.raises(ValueError, match="negative"):
        draw(-0.1, [])


@pytest.mark.parametrize(
    ("days", "stands"),
    [(-1, Expiry.EXPIRED), (0, Expiry.EXPIRES_SOON), (90, Expiry.EXPIRES_SOON), (91, Expiry.IN_DATE)],
)  # fmt: skip
def test_a_lot_may_be_used_through_its_last_day(days, stands):
    assert expiry(DAY + timedelta(days=days), DAY) is stands


@given(st.integers(0, 10_000_000))
def test_microlitres_come_back_exactly(ul):
    assert ul_of(ml_of(ul)) == ul
