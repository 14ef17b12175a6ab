"""The hair cycle as a continuous-time Markov chain (phase-type durations), solved exactly.

Follicles do not influence each other, so the expected population is the solution of a linear
equation, p'(t) = p(t) Q, and no simulation is needed. States run through the size classes, in each
through the stages of anagen, catagen, telogen and kenogen; the last state holds lost follicles.
"""

import math
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from openmeso.science.follicles.cycle import PHASES, HairCycle

Array = NDArray[np.float64]
ROUNDING = 1e-9
"""How far below 0 a share may come by rounding."""

ALONE = 200_000
"""Multiplications of a product that OpenBLAS leaves to one thread; its threshold is 2^18."""


@dataclass(frozen=True, slots=True)
class States:
    """What each state of a cycle's chain stands for; the lost state has size index -1."""

    size_index: NDArray[np.int64]
    phase_index: NDArray[np.int64]
    size_um: Array

    @property
    def count(self) -> int:
        """Number of states, the lost one among them."""
        return len(self.size_index)

    def of_phase(self, phase: str) -> NDArray[np.bool_]:
        """Mask of the states of a phase."""
        mask: NDArray[np.bool_] = self.phase_index == PHASES.index(phase)
        return mask


def states(cycle: HairCycle) -> States:
    """The states of a cycle's chain in order."""
    per_size = np.repeat(np.arange(len(PHASES)), cycle.stages())
    sizes = len(cycle.sizes_um)
    return States(
        np.append(np.repeat(np.arange(sizes), len(per_size)), -1),
        np.append(np.tile(per_size, sizes), -1),
        np.append(np.repeat(cycle.sizes_um, len(per_size)), 0.0),
    )


def generator(cycle: HairCycle) -> Array:
    """Transition rates Q [1/day]; rows sum to 0, off-diagonal entries are 0 or more."""
    stages = cycle.stages()
    per_size, sizes = sum(stages), len(cycle.sizes_um)
    rates = np.zeros((per_size * sizes + 1, per_size * sizes + 1))
    for j, size_um in enumerate(cycle.sizes_um):
        days = cycle.mean_days(size_um)
        leave = np.repeat([n / d if n else 0.0 for n, d in zip(stages, days, strict=True)], stages)
        first = j * per_size
        rows = np.arange(first, first + per_size - 1)
        rates[rows, rows + 1] = leave[:-1]
        for target, chance in _next_sizes(cycle, j):
            column = target * per_size if target >= 0 else -1
            rates[first + per_size - 1, column] += leave[-1] * chance
    np.fill_diagonal(rates, rates.diagonal() - rates.sum(axis=1))
    return rates


def _next_sizes(cycle: HairCycle, j: int) -> list[tuple[int, float]]:
    """Size class of the next cycle (-1: lost) with its chance, from class ``j``."""
    last = len(cycle.sizes_um) - 1
    up = cycle.p_up if j < last else 0.0
    if j > 0:
        return [(j - 1, cycle.p_down), (j + 1 if j < last else j, up), _stay(j, cycle.p_down + up)]
    lost = cycle.p_down * cycle.p_loss
    return [(-1, lost), (min(j + 1, last), up), _stay(j, lost + up)]


def _stay(j: int, leaving: float) -> tuple[int, float]:
    return j, 1.0 - leaving


def evolve(start: Array, rates: Array, days: Array) -> Array:
    """Expected shares at the ascending ``days`` after ``start``, one row a day.

    Exact to rounding: a matrix exponential for each distinct step. A run of equal steps is doubled
    until it is filled, so that ten years of days cost a dozen matrix products.
    """
    steps = np.diff(days, prepend=0.0)
    if not (np.isfinite(steps) & (steps >= 0)).all():
        raise ValueError(f"days must be finite and ascend from 0 or later; got {np.asarray(days)}")
    if not (np.isfinite(start) & (start > -ROUNDING)).all():
        raise ValueError(f"shares must be finite and 0 or more; got {start.min()}")
    known: dict[float, Array] = {}
    out, now = np.empty((len(days), len(start))), start
    firsts = np.flatnonzero(np.diff(steps, prepend=np.nan) != 0)
    for first, end in zip(firsts, [*firsts[1:], len(days)], strict=True):
        step = float(steps[first])
        if step > 0 and step not in known:
            known[step] = exponential(rates, step)
        run = out[first:end]
        run[:] = now if step == 0 else _doubled(now, known[step], len(run))
        now = run[-1]
    return out


def exponential(rates: Array, days: float) -> Array:
    """exp(rates · days) of generator ``rates``, exact to rounding: its terms are all positive.

    The time is halved until half a jump is expected in it; sixteen terms of the Poisson series are
    then summed in powers of four (Paterson and Stockmeyer 1973), and the result squared back.
    """
    jump_rate = float(-rates.diagonal().min(initial=0.0))
    if not jump_rate * days > 0:
        return np.eye(len(rates))
    halvings = max(0, math.ceil(math.log2(jump_rate * days)) + 1)
    mean = jump_rate * days / 2**halvings
    weights = [math.exp(-mean) * mean**k / math.factorial(k) for k in range(16)]
    powers = [np.eye(len(rates)), np.eye(len(rates)) + rates / jump_rate]
    powers += [_product(powers[1], powers[1])]
    powers += [_product(powers[2], powers[1]), _product(powers[2], powers[2])]
    found = np.zeros_like(rates)
    for first in (12, 8, 4, 0):
        found = _product(found, powers[4])
        for k in range(4):
            found += weights[first + k] * powers[k]
    for _ in range(halvings):
        found = _product(found, found)
    return found


def _product(one: Array, other: Array) -> Array:
    """The matrix product, in blocks so small that OpenBLAS wakes no threads for them.

    For matrices of this size it mostly waits for its threads, a hundred times the work when the
    processor is busy.
    """
    rows = max(1, int(ALONE / other.size))
    if len(one) <= rows:
        return np.asarray(one @ other)
    return np.concatenate([one[i : i + rows] @ other for i in range(0, len(one), rows)])


def _doubled(start: Array, step: Array, count: int) -> Array:
    """The states after 1 to ``count`` equal steps."""
    out = np.empty((count, len(start)))
    out[0], done = _product(start[None], step)[0], 1
    while done < count:
        more = min(done, count - done)
        out[done : done + more] = _product(out[:more], step)
        done += more
        if done < count:
            step = _product(step, step)
    return out


def stationary(cycle: HairCycle) -> Array:
    """Shares that do not change in time; with one size class, exactly duration / cycle length.

    ValueError when follicles are lost (nothing would remain) or the sizes do not connect.
    """
    if cycle.p_loss * cycle.p_down > 0:
        raise ValueError("with loss the only stationary state is an empty scalp; set p_loss to 0")
    if len(cycle.sizes_um) > 1 and not (cycle.p_down > 0 and cycle.p_up > 0):
        raise ValueError("several sizes need p_down and p_up above 0")
    rates = generator(cycle)[:-1, :-1]
    system = np.vstack([rates.T, np.ones(len(rates))])
    shares = np.linalg.lstsq(system, np.append(np.zeros(len(rates)), 1.0), rcond=None)[0]
    return np.append(shares, 0.0)


def healthy(cycle: HairCycle) -> Array:
    """Every follicle at the largest size, its phases as they stand in the long run."""
    days = np.array(cycle.mean_days(cycle.sizes_um[-1]))
    stages = np.array(cycle.stages())
    shares = np.repeat(days / days.sum() / np.maximum(stages, 1), stages)
    start = np.zeros(len(shares) * len(cycle.sizes_um) + 1)
    start[-1 - len(shares) : -1] = shares
    return start


def after_years(cycle: HairCycle, years: float) -> Array:
    """The shares after so many untreated years from :func:`healthy`: a baseline's severity."""
    if not (isfinite(years) and years >= 0):
        raise ValueError(f"years must be a finite number, 0 or more; got {years}")
    shares: Array = evolve(healthy(cycle), generator(cycle), np.array([years * 365.25]))[-1]
    return shares
