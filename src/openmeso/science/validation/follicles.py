"""Follicles against hand-worked shares, the published automaton and a simulation."""

import numpy as np
from scipy.integrate import solve_ivp

from openmeso.science.follicles import chain, cycle, halloy_2000, sample
from openmeso.science.follicles.course import Epoch, course
from openmeso.science.forecast.structure import WEEKS, effects_of, hair_cycle
from openmeso.science.validation.material import Material
from openmeso.terms.validation import Figure, Finding, Line

_CYCLES = 40
_FOLLICLES = 20_000
_PRICE_WEEKS = 96.0
_BACK_WEEKS = 24.0


def stationary_phases(_: Material) -> Finding:
    """Long-run shares of the phases against mean duration over cycle length."""
    random = np.random.default_rng(20261122)
    expected, found = [], []
    for _round in range(_CYCLES):
        days = np.exp(random.uniform(np.log(5), np.log(1500), 4))
        stages = cycle.PhaseCounts(*(int(n) for n in random.integers(1, 6, 4)))
        anagen, catagen, telogen, kenogen = map(float, days)
        one = cycle.HairCycle(
            anagen, catagen, telogen, kenogen, 0.0, 0.0, 0.0, 0.0, 0.0, (60.0,), phases=stages
        )
        shares, every = chain.stationary(one), chain.states(one)
        found += [float(shares[every.of_phase(phase)].sum()) for phase in cycle.PHASES]
        expected += list(days / days.sum())
    error = float(np.abs(np.array(found) - np.array(expected)).max())
    return Finding(
        error,
        f"{_CYCLES} random cycles of 1 to 5 stages a phase",
        Figure(
            "duration over cycle length",
            "share of follicles",
            (
                Line("equal", (0.0, 1.0), (0.0, 1.0)),
                Line("computed", tuple(expected), tuple(found), True),
            ),
        ),
    )


def published_automaton(_: Material) -> Finding:
    """Exponential durations against the published equations, by a general solver."""
    start = np.array([*(halloy_2000.START[phase] for phase in ("anagen", "telogen", "kenogen")), 0])
    months = np.linspace(0.0, 60.0, 121)
    rates = chain.generator(halloy_2000.halloy_cycle())
    ours = chain.evolve(start, rates, months * halloy_2000.DAYS_PER_MONTH)[:, :3]
    out = 1.0 / np.array(
        [halloy_2000.ANAGEN_MONTHS, halloy_2000.TELOGEN_MONTHS, halloy_2000.LATENCY_MONTHS]
    )
    theirs = solve_ivp(
        lambda _, y: np.roll(out * y, 1) - out * y,
        (0.0, 60.0), start[:3], method="DOP853", t_eval=months, rtol=1e-12, atol=1e-13,
    ).y.T  # fmt: skip
    names, at = ("anagen", "telogen", "latency"), tuple(map(float, months))
    lines = [
        line
        for i, name in enumerate(names)
        for line in (
            Line(name, at, tuple(map(float, ours[:, i]))),
            Line(f"{name}, published", at[::6], tuple(map(float, theirs[::6, i])), True),
        )
    ]
    return Finding(
        float(np.abs(ours - theirs).max()),
        "60 months; both end at 0.45, 0.30 and 0.25",
        Figure("months", "share of follicles", tuple(lines)),
    )


def follicles_do_not_multiply(material: Material) -> Finding:
    """The published file makes 17.6 follicles of one with epsilon 0.1; ours must stay one."""
    out = 1.0 / np.array(
        [halloy_2000.ANAGEN_MONTHS, halloy_2000.TELOGEN_MONTHS, halloy_2000.LATENCY_MONTHS]
    )
    theirs = np.zeros((4, 4))  # anagen, telogen, latency, miniaturised; columns feed rows
    theirs[[0, 1, 2], [0, 1, 2]] = -out
    theirs[[1, 2, 0], [0, 1, 2]] += out
    theirs[2, 3] = theirs[3, 1] = 0.1
    months = np.linspace(0.0, 60.0, 61)
    leak = chain.evolve(np.array([0.34, 0.33, 0.33, 0.0]), theirs.T, months).sum(axis=1)
    own = hair_cycle(material.structure)
    ours = chain.evolve(
        chain.healthy(own), chain.generator(own), months * halloy_2000.DAYS_PER_MONTH
    ).sum(axis=1)
    at = tuple(map(float, months))
    return Finding(
        float(np.abs(ours - 1.0).max()),
        f"the published file would make {leak[-1]:.1f} of one",
        Figure(
            "months",
            "follicles of one",
            (
                Line("ours", at, tuple(map(float, ours))),
                Line("published file, ε = 0.1", at, tuple(map(float, leak))),
            ),
            log_y=True,
        ),
    )


def sampler_against_expectation(material: Material) -> Finding:
    """Twenty thousand follicles followed one by one against the expected shares."""
    own, days = hair_cycle(material.structure), 700.0
    random = np.random.default_rng(20000)
    start = chain.after_years(own, 12.0)
    first = np.repeat(np.arange(len(start)), sample.sample_counts(start, _FOLLICLES, random))
    now = sample.sample_states(own, first, days, random)
    expected = chain.evolve(start, chain.generator(own), np.array([days]))[-1]
    every = chain.states(own)
    groups = [every.of_phase(phase) for phase in cycle.PHASES]
    groups += [every.size_index == j for j in range(-1, len(own.sizes_um))]
    share = np.array([expected[group].sum() for group in groups])
    seen = np.array([group[now].mean() for group in groups])
    z = (seen - share) / np.sqrt(share * (1.0 - share) / _FOLLICLES)
    return Finding(
        float(np.abs(z).max()),
        f"{_FOLLICLES:,} follicles after {days:g} days, by phase and by size",
        Figure(
            "expected share",
            "share of sampled follicles",
            (
                Line("equal", (0.0, 1.0), (0.0, 1.0)),
                Line("sampled", tuple(map(float, share)), tuple(map(float, seen)), True),
            ),
        ),
    )


def minoxidil_fades(material: Material) -> Finding:
    """Hair weight 24 weeks after minoxidil is stopped, as a part of what it had gained."""
    own = hair_cycle(material.structure)
    start = chain.after_years(own, dict(material.structure)["history_years"])
    weeks = WEEKS[WEEKS <= 160.0]
    on = Epoch(0.0, effects_of(material.structure)[2])
    stopped = course(own, start, weeks * 7, [on, Epoch(_PRICE_WEEKS * 7)])
    never = course(own, start, weeks * 7)
    gain = stopped.growth_mass / never.growth_mass - 1.0
    before = float(np.interp(_PRICE_WEEKS - 1e-6, weeks[weeks < _PRICE_WEEKS],
                             gain[weeks < _PRICE_WEEKS]))  # fmt: skip
    after = float(np.interp(_PRICE_WEEKS + _BACK_WEEKS, weeks, gain))
    return Finding(
        abs(after) / before,
        f"gain {before:.0%} at week {_PRICE_WEEKS:.0f}, {after:.1%} {_BACK_WEEKS:.0f} weeks later",
        Figure(
            "weeks",
            "hair weight against untreated, %",
            (Line("stopped at week 96", tuple(map(float, weeks)), tuple(map(float, 100 * gain))),),
        ),
    )
