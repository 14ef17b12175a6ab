"""Scores worked by hand, by quadrature and on data whose distribution is known."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from openmeso.science.forecast.score import (
    Naive,
    Scored,
    block,
    crps_of_normal,
    crps_of_samples,
    naive_class,
)


@pytest.mark.parametrize(
    ("mean", "sd", "found"), [(0.0, 1.0, 0.0), (3.0, 2.0, 7.5), (-4.0, 9.0, 1.0)]
)
def test_crps_of_a_normal_is_the_integral_of_the_squared_distance(mean, sd, found):
    below, _ = quad(lambda x: norm.cdf(x, mean, sd) ** 2, mean - 12 * sd, found)
    above, _ = quad(lambda x: norm.sf(x, mean, sd) ** 2, found, mean + 12 * sd)
    assert crps_of_normal(mean, sd, found) == pytest.approx(below + above, abs=1e-7)


def test_crps_of_samples():
    assert crps_of_samples(np.array([4.0]), 7.0) == 3.0
    assert crps_of_samples(np.array([0.0, 2.0]), 1.0) == pytest.approx(0.5)
    exact = norm.ppf((np.arange(20_000) + 0.5) / 20_000, 3.0, 2.0)
    assert crps_of_samples(exact, 7.5) == pytest.approx(crps_of_normal(3.0, 2.0, 7.5), abs=1e-3)
    assert crps_of_normal(2.0, 0.0, 5.0) == 3.0


def scored(found, change, half_50, half_90, naive=0.0):
    return Scored(
        found,
        change,
        abs(found - change) <= half_50,
        abs(found - change) <= half_90,
        0.0,
        Naive(naive, 0.0, 1),
    )


def test_a_block_worked_by_hand():
    made = block([scored(10.0, 8.0, 1.0, 3.0, 4.0), scored(-2.0, 1.0, 3.0, 5.0, 4.0)])
    assert (made.n, made.mae, made.naive_zero_mae, made.naive_class_mae) == (2, 2.5, 6.0, 6.0)
    assert (made.coverage_50, made.coverage_90) == (0.5, 1.0)
    assert made.naive_class_crps == 6.0
    assert block([]).mae is None


def test_coverage_is_nominal_when_the_intervals_are_right():
    random = np.random.default_rng(7)
    z50, z90 = norm.ppf(0.75), norm.ppf(0.95)
    rows = []
    for change, sd in zip(random.normal(0, 20, 20_000), random.uniform(1, 30, 20_000), strict=True):
        rows.append(scored(random.normal(change, sd), change, z50 * sd, z90 * sd))
    made = block(rows)
    assert made.coverage_50 == pytest.approx(0.5, abs=0.011)
    assert made.coverage_90 == pytest.approx(0.9, abs=0.007)


def test_the_class_mean_forecaster():
    assert naive_class([10.0, 20.0], [10.0, 20.0, 0.0]) == Naive(15.0, 10.0, 2)
    assert naive_class([1.0, 2.0, 3.0], [1.0, 2.0, 3.0, 50.0]) == Naive(2.0, 1.0, 3)
    assert naive_class([], [10.0, 20.0, 0.0]) == Naive(10.0, 10.0, 0)
    assert naive_class([], []) == Naive(0.0, 0.0, 0)
