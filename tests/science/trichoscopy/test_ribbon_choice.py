"""Which of several followed strips are kept: those that explain edges nobody explained before."""

import numpy as np

from openmeso.science.kernels.ribbon_choice import choose

SHAPE = (120, 120)
WIDE = 10.0


def strip(first, last, left=1.0, right=1.0, points=40):
    """A straight path with an edge on either side."""
    at = np.linspace(first, last, points)
    return np.column_stack([at, np.full(points, left), np.full(points, right)]).astype(np.float32)


def chosen(*strips, widths=None, weights=None):
    ends = np.cumsum([0, *(len(one) for one in strips)])
    spans = np.column_stack([ends[:-1], ends[1:]])
    wide = np.full(len(strips), WIDE) if widths is None else np.array(widths)
    sure = np.full(len(strips), 0.9) if weights is None else np.array(weights)
    return choose(SHAPE, np.vstack(strips), spans, wide, sure, 2.0)


def test_a_strip_on_the_edges_of_a_better_one_explains_nothing():
    one = strip((20, 60), (100, 60))
    kept, fresh = chosen(one, one + np.float32([0, 0.5, 0, 0]), weights=[0.9, 0.6])
    assert kept.tolist() == [0]
    assert fresh[0].tolist() == [1.0, 1.0, 0.0]


def test_two_shafts_that_part_are_two_and_what_was_new_of_the_second_is_told():
    # edge to edge at the left end, 24 pixels apart at the right one
    kept, fresh = chosen(strip((20, 60), (100, 60)), strip((20, 64), (100, 84)), weights=[0.9, 0.8])
    assert kept.tolist() == [0, 1]
    assert fresh[0, 0] == 1.0
    assert 0.5 < fresh[1, 0] < 1.0


def test_half_as_wide_a_strip_within_a_chosen_one_is_no_hair():
    kept, _ = chosen(
        strip((20, 60), (100, 60)), strip((20, 57.5), (100, 57.5), right=0.0), widths=[WIDE, 5.0]
    )
    assert kept.tolist() == [0]


def test_a_crossing_shaft_is_kept():
    kept, fresh = chosen(strip((20, 60), (100, 60)), strip((60, 20), (60, 100)))
    assert sorted(kept.tolist()) == [0, 1]
    assert fresh[:, 0].min() > 0.8
