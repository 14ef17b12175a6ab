"""Session length: from the technique first, then from the clinic's own sessions."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmeso.science.planning.minutes import session_minutes
from openmeso.terms.provenance import Quantity, Statement
from openmeso.terms.schedule import RecordedLength
from openmeso.terms.technique import Technique


def assumed(unit: str, low: float, high: float) -> Quantity:
    return Quantity(unit, low=low, high=high, assumption="no source times it")


TECHNIQUE = Technique(
    id="point_by_point",
    name="Point by point",
    description=Statement("x", ("F0169",)),
    regions=("scalp",),
    depth_mm=assumed("mm", 2, 4),
    default_depth_mm=4.0,
    volume_per_point_ml=assumed("mL", 0.02, 0.05),
    default_volume_per_point_ml=0.02,
    spacing_mm=assumed("mm", 10, 20),
    default_spacing_mm=10.0,
    seconds_per_point=assumed("s", 2, 4),
    fixed_minutes=assumed("min", 8, 12),
    needle=Statement("x", ("F0137",)),
    needle_gauge="30G",
    needle_length_mm=4.0,
    points_per_needle=assumed("points", 100, 200),
    session_minutes=Quantity("min", low=10, high=40, facts=("F0040", "F0015")),
)


def recorded(points: int, minutes: float, times: int = 1) -> list[RecordedLength]:
    return [RecordedLength("point_by_point", points, minutes)] * times


def test_two_hundred_points_by_hand() -> None:
    # 10 min + 200 x 3 s = 20 min; 8 + 200 x 2 s = 14.67; 12 + 200 x 4 s = 25.33
    found = session_minutes(TECHNIQUE, 200)
    assert found.minutes == pytest.approx(20.0, abs=1e-12)
    assert (found.low, found.high) == pytest.approx((14 + 2 / 3, 25 + 1 / 3), abs=1e-9)
    assert (found.published_low, found.published_high) == (10, 40)
    assert found.facts == ("F0040", "F0015")
    assert found.recorded == 0
    assert found.basis == "200 points at 2–4 s each and 8–12 min beside them (assumption)."


def test_five_sessions_twice_as_long_move_it_half_the_way() -> None:
    # weight 5 / (5 + 5): factor 2 ** 0.5; their spread is nil, the technique's counts half
    found = session_minutes(TECHNIQUE, 200, recorded(200, 40.0, times=5))
    assert found.minutes == pytest.approx(20 * 2**0.5, rel=1e-12)
    assert found.high == pytest.approx(found.minutes * ((25 + 1 / 3) / 20) ** 0.5, rel=1e-12)
    assert found.recorded == 5
    assert found.basis.endswith("times 1.41 from 5 recorded sessions of the clinic.")


def test_one_forgotten_stopwatch_does_not_count() -> None:
    calm = session_minutes(TECHNIQUE, 200, recorded(200, 20.0, times=8))
    mixed = session_minutes(TECHNIQUE, 200, recorded(200, 20.0, times=8) + recorded(200, 600.0))
    assert mixed.minutes == pytest.approx(calm.minutes)


def test_with_many_sessions_their_own_length_wins() -> None:
    found = session_minutes(TECHNIQUE, 100, recorded(200, 30.0, times=2000))
    assert found.minutes == pytest.approx(15 * 1.5, rel=2e-3)
    assert found.high - found.low < 0.1


def test_sessions_of_other_techniques_and_empty_ones_are_left_out() -> None:
    others = [
        RecordedLength("nappage", 200, 90.0),
        RecordedLength("point_by_point", 0, 90.0),
        RecordedLength("point_by_point", 200, 0.0),
    ]
    assert session_minutes(TECHNIQUE, 200, others) == session_minutes(TECHNIQUE, 200)


def test_without_a_published_length_the_own_range_stands_there() -> None:
    found = session_minutes(dataclasses.replace(TECHNIQUE, session_minutes=None), 200)
    assert (found.published_low, found.published_high) == (found.low, found.high)


@given(
    st.integers(0, 2000),
    st.lists(st.tuples(st.integers(1, 900), st.floats(1, 240)), max_size=12),
)
def test_the_range_holds_the_expected_and_more_points_take_longer(points, lengths) -> None:
    own = [RecordedLength("point_by_point", *one) for one in lengths]
    found = session_minutes(TECHNIQUE, points, own)
    assert 0 < found.low <= found.minutes * (1 + 1e-12)
    assert found.minutes <= found.high * (1 + 1e-12)
    assert session_minutes(TECHNIQUE, points + 1, own).minutes > found.minutes
