"""A shaft that the border cuts is led on to it; one that ends before is not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmeso.science.kernels.ribbon_border import reach_border

HEIGHT, WIDTH = 120, 160
WIDE = 10.0


def bar(first, last, dark=0.7):
    """Absorption of one straight bar ``WIDE`` pixels across on pale skin."""
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(float)
    way = np.subtract(last, first) / np.hypot(*np.subtract(last, first))
    along = (x - first[0]) * way[0] + (y - first[1]) * way[1]
    across = -(x - first[0]) * way[1] + (y - first[1]) * way[0]
    inside = (np.abs(across) <= WIDE / 2) & (along >= 0)
    inside &= along <= np.hypot(*np.subtract(last, first))
    return np.where(inside, dark, 0.03).astype(np.float32)


def path(first, last):
    points = max(int(np.hypot(*np.subtract(last, first)) / 2), 2)
    at = np.linspace(first, last, points)
    return np.column_stack([at, np.ones((points, 2))]).astype(np.float32)


def reached(a, *paths, most=40.0):
    ends = np.cumsum([0, *(len(one) for one in paths)])
    spans = np.column_stack([ends[:-1], ends[1:]])
    points, held = reach_border(a, np.vstack(paths), spans, np.full(len(paths), WIDE), most)
    return [points[low:high] for low, high in held]


def test_a_shaft_cut_by_the_border_is_led_to_it_and_its_other_end_stays():
    known = path((30, 60), (60, 60))
    (led,) = reached(bar((0, 60), (60, 60)), known)
    assert led[0, 0] <= 2.0
    assert led[:, 1] == pytest.approx(60.0)
    assert led[-1].tolist() == known[-1].tolist()
    assert led[-len(known) :].tolist() == known.tolist()
    assert not led[: -len(known), 2:].any()  # what is added has no edge


def test_a_shaft_that_ends_before_the_border_stays():
    known = path((30, 60), (60, 60))
    (led,) = reached(bar((22, 60), (60, 60)), known)
    assert led.tolist() == known.tolist()


def test_a_border_that_is_too_far_is_not_reached():
    known = path((50, 60), (90, 60))
    (led,) = reached(bar((0, 60), (90, 60)), known, most=40.0)
    assert led.tolist() == known.tolist()


def test_several_paths_keep_their_order_and_each_its_own_end():
    a = np.maximum(bar((0, 30), (60, 30)), bar((100, 90), (159, 90)))
    left, right = path((30, 30), (60, 30)), path((105, 90), (140, 90))
    first, second = reached(a, left, right)
    assert first[0, 0] <= 2.0
    assert first[-1, 0] == 60.0
    assert second[0, 0] == 105.0
    assert second[-1, 0] >= WIDTH - 3.0


@given(
    st.floats(0, 2 * np.pi),
    st.integers(3, 30),
    st.floats(1, HEIGHT - 2),
    st.integers(0, 2**32 - 1),
)
def test_nothing_leaves_the_picture_and_what_was_there_is_kept(angle, points, y, seed):
    a = np.random.default_rng(seed).random((HEIGHT, WIDTH), np.float32)
    steps = 2.0 * np.arange(points)[:, None] * [np.cos(angle), np.sin(angle)]
    at = np.clip(np.add([80, y], steps), 0, [WIDTH - 1, HEIGHT - 1])
    known = np.column_stack([at, np.ones((points, 2))]).astype(np.float32)
    (led,) = reached(a, known)
    assert led[:, 0].min() >= 0
    assert led[:, 1].min() >= 0
    assert led[:, 0].max() <= WIDTH - 1
    assert led[:, 1].max() <= HEIGHT - 1
    rows = [row.tolist() for row in led]
    where = rows.index(known[0].tolist())
    assert rows[where : where + points] == known.tolist()
