"""The population against hand-worked values, published equations, a solver and a simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from openmeso.science.follicles.chain import (
    after_years,
    evolve,
    exponential,
    generator,
    healthy,
    states,
    stationary,
)
from openmeso.science.follicles.cycle import PHASES, HairCycle, PhaseCounts
from openmeso.science.follicles.halloy_2000 import (
    ANAGEN_MONTHS,
    DAYS_PER_MONTH,
    LATENCY_MONTHS,
    START,
    TELOGEN_MONTHS,
    halloy_cycle,
)
from openmeso.science.follicles.sample import sample_counts, sample_states

CYCLE = HairCycle(
    anagen_days=360.0,
    catagen_days=14.0,
    telogen_days=90.0,
    kenogen_days=55.0,
    anagen_exponent=1.5,
    kenogen_exponent=1.0,
    p_down=0.24,
    p_up=0.05,
    p_loss=0.5,
)
durations = st.floats(5.0, 1500.0)


def one_size(durations_days, phases):
    return HairCycle(
        anagen_days=durations_days[0],
        catagen_days=durations_days[1] if phases.catagen else 0.0,
        telogen_days=durations_days[2],
        kenogen_days=durations_days[3],
        anagen_exponent=0.0,
        kenogen_exponent=0.0,
        p_down=0.0,
        p_up=0.0,
        p_loss=0.0,
        sizes_um=(60.0,),
        phases=phases,
    )


def by_phase(cycle, shares):
    every = states(cycle)
    return [float(shares[..., every.of_phase(phase)].sum()) for phase in PHASES]


@given(
    st.tuples(durations, durations, durations, durations),
    st.builds(
        PhaseCounts, st.integers(1, 6), st.integers(0, 4), st.integers(1, 6), st.integers(1, 6)
    ),
)
def test_long_run_phases_are_duration_over_cycle_for_any_number_of_stages(days, phases):
    cycle = one_size(days, phases)
    expected = np.array(cycle.mean_days(60.0)) / sum(cycle.mean_days(60.0))
    assert by_phase(cycle, stationary(cycle)) == pytest.approx(expected, abs=1e-12)
    assert by_phase(cycle, healthy(cycle)) == pytest.approx(expected, abs=1e-12)
    still = evolve(healthy(cycle), generator(cycle), np.array([400.0]))[-1]
    assert still == pytest.approx(healthy(cycle), abs=1e-12)


def test_exponential_phases_reproduce_the_published_ode():
    cycle = halloy_cycle()
    start = np.array([START["anagen"], START["telogen"], START["kenogen"], 0.0])
    months = np.linspace(0, 60, 61)
    ours = evolve(start, generator(cycle), months * DAYS_PER_MONTH)[:, :3]

    def published(_, y):
        anagen, telogen, latency = y
        return [
            latency / LATENCY_MONTHS - anagen / ANAGEN_MONTHS,
            anagen / ANAGEN_MONTHS - telogen / TELOGEN_MONTHS,
            telogen / TELOGEN_MONTHS - latency / LATENCY_MONTHS,
        ]

    theirs = solve_ivp(
        published, (0, 60), start[:3], method="DOP853", t_eval=months, rtol=1e-12, atol=1e-13
    ).y.T
    assert np.abs(ours - theirs).max() < 1e-9
    assert ours[-1] == pytest.approx([0.45, 0.30, 0.25], abs=1e-9)


def test_follicles_do_not_multiply_as_in_the_published_file():
    """The file's epsilon 0.1 turns one follicle into 17.6 in 60 months; ours stay one."""
    published = np.zeros((4, 4))  # anagen, telogen, latency, miniaturised
    published[0, [0, 2]] = -1 / ANAGEN_MONTHS, 1 / LATENCY_MONTHS
    published[1, [0, 1]] = 1 / ANAGEN_MONTHS, -1 / TELOGEN_MONTHS
    published[2, [1, 2, 3]] = 1 / TELOGEN_MONTHS, -1 / LATENCY_MONTHS, 0.1
    published[3, 1] = 0.1
    leak = evolve(np.array([0.34, 0.33, 0.33, 0.0]), published.T, np.array([60.0]))[-1]
    assert leak.sum() == pytest.approx(17.6, abs=0.1)
    ours = evolve(healthy(CYCLE), generator(CYCLE), np.array([60 * DAYS_PER_MONTH]))[-1]
    assert ours.sum() == pytest.approx(1.0, abs=1e-12)


def test_expectation_against_a_solver():
    rates = generator(CYCLE)
    days = np.array([1.0, 30.0, 365.0, 1825.0])
    ours = evolve(healthy(CYCLE), rates, days)
    theirs = solve_ivp(
        lambda _, y: y @ rates,
        (0, 1825),
        healthy(CYCLE),
        method="DOP853",
        t_eval=days,
        rtol=1e-11,
        atol=1e-13,
    ).y.T
    assert np.abs(ours - theirs).max() < 1e-8


def test_expectation_against_single_follicles():
    follicles, days = 20_000, 700.0
    random = np.random.default_rng(20000)
    start = after_years(CYCLE, 12.0)
    first = np.repeat(np.arange(len(start)), sample_counts(start, follicles, random))
    now = sample_states(CYCLE, first, days, random)
    expected = evolve(start, generator(CYCLE), np.array([days]))[-1]
    every = states(CYCLE)
    groups = [every.of_phase(phase) for phase in PHASES]
    groups += [every.size_index == j for j in range(-1, 7)]
    for group in groups:
        share = expected[group].sum()
        sd = np.sqrt(share * (1 - share) / follicles)
        assert abs(group[now].mean() - share) < 4 * sd


def test_counts_vary_as_independent_follicles_must():
    cycle = halloy_cycle()
    random, shares = np.random.default_rng(4000), stationary(cycle)
    counts = np.array([sample_counts(shares, 200, random) for _ in range(4000)])
    assert counts.sum(axis=1).tolist() == [200] * 4000
    assert counts[:, 0].var() == pytest.approx(200 * 0.45 * 0.55, rel=0.1)


@given(
    durations,
    st.floats(0.0, 0.6),
    st.floats(0.0, 0.4),
    st.floats(0.0, 1.0),
    st.floats(0.0, 4000.0),
)
def test_follicles_are_conserved(anagen, p_down, p_up, p_loss, days):
    cycle = HairCycle(anagen, 14.0, 90.0, 60.0, 1.0, 1.0, p_down, p_up, p_loss)
    rates = generator(cycle)
    assert np.abs(rates.sum(axis=1)).max() < 1e-12
    assert (rates - np.diag(rates.diagonal())).min() >= 0
    shares = evolve(healthy(cycle), rates, np.array([days]))[-1]
    assert shares.sum() == pytest.approx(1.0, abs=1e-10)
    assert shares.min() > -1e-12


def test_the_lost_stay_lost():
    shares = evolve(after_years(CYCLE, 10.0), generator(CYCLE), np.arange(0.0, 2000.0, 100.0))
    assert np.all(np.diff(shares[:, -1]) >= 0)
    assert shares[-1, -1] > shares[0, -1]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"anagen_days": 0.0}, "anagen_days must be above 0 days; got 0.0"),
        ({"telogen_days": float("nan")}, "telogen_days must be above 0 days; got nan"),
        ({"catagen_days": 0.0}, "catagen_days 0.0 does not fit its stages"),
        ({"p_down": 1.2}, "p_down is a chance from 0 to 1; got 1.2"),
        ({"p_down": 0.7, "p_up": 0.7}, "at most 1; got 1.4"),
        ({"sizes_um": (40.0, 20.0)}, "sizes_um must ascend"),
    ],
)
def test_an_impossible_cycle_is_refused(change, says):
    from dataclasses import replace

    with pytest.raises(ValueError, match=says.replace("(", r"\(")):
        replace(CYCLE, **change)


def test_questions_without_an_answer_are_refused():
    with pytest.raises(ValueError, match="empty scalp"):
        stationary(CYCLE)
    with pytest.raises(ValueError, match="ascend"):
        evolve(healthy(CYCLE), generator(CYCLE), np.array([5.0, 1.0]))
    with pytest.raises(ValueError, match="stages must be 1 or more"):
        PhaseCounts(0, 1, 1, 1)
    with pytest.raises(ValueError, match="years must be a finite number, 0 or more; got -1"):
        after_years(CYCLE, -1.0)


def test_runs_of_equal_days_are_the_exponential_of_each():
    cycle = HairCycle(280.0, 14.0, 90.0, 64.0, 1.7, 1.0, 0.28, 0.09, 0.5)
    rates, start = generator(cycle), healthy(cycle)
    days = np.concatenate([[0.0, 0.0], np.arange(1.0, 40.0), [50.0, 60.0, 70.0, 71.5]])
    found = evolve(start, rates, days)
    for day, row in zip(days, found, strict=True):
        assert row == pytest.approx(start @ expm(rates * day), abs=1e-12)


@pytest.mark.parametrize("days", [0.0, 0.01, 1.0, 30.0, 3650.0])
def test_the_exponential_is_that_of_scipy(days):
    rates = generator(halloy_cycle()) if days < 1 else generator(CYCLE)
    found = exponential(rates, days)
    assert np.abs(found - expm(rates * days)).max() < 1e-12
    assert found.min() >= 0.0
    assert np.abs(found.sum(axis=1) - 1.0).max() < 1e-12


def test_what_never_changes_stays():
    assert (exponential(np.zeros((3, 3)), 5.0) == np.eye(3)).all()
