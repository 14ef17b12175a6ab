"""Exact sampling of single follicles: counts with their chance, and a check of the expectation."""

from math import isfinite

import numpy as np
from numpy.typing import NDArray

from openmeso.science.follicles.chain import Array, generator
from openmeso.science.follicles.cycle import HairCycle

Indices = NDArray[np.int64]


def sample_counts(shares: Array, follicles: int, random: np.random.Generator) -> Indices:
    """How many of so many independent follicles stand in each state: multinomial, exact."""
    if follicles < 0:
        raise ValueError(f"follicles must be 0 or more; got {follicles}")
    if not (np.isfinite(shares) & (shares >= 0)).all() or not shares.sum() > 0:
        raise ValueError(f"shares must be finite and 0 or more, not all 0; got {shares}")
    return random.multinomial(follicles, shares / shares.sum())


def sample_states(
    cycle: HairCycle, first: Indices, days: float, random: np.random.Generator
) -> Indices:
    """The state of each follicle after ``days``, event by event from the states ``first``."""
    if not (isfinite(days) and days >= 0):
        raise ValueError(f"days must be a finite number, 0 or more; got {days}")
    rates = generator(cycle)
    leave = -rates.diagonal()
    jumps = rates.copy()
    np.fill_diagonal(jumps, 0.0)
    chances = np.cumsum(jumps, axis=1)
    chances /= np.where(leave > 0, chances[:, -1], 1.0)[:, None]
    now = first.copy()
    left = np.full(len(now), float(days))
    moving = np.flatnonzero(leave[now] > 0)
    while len(moving):
        left[moving] -= random.exponential(1.0 / leave[now[moving]])
        moving = moving[left[moving] > 0]
        draws = random.random(len(moving))[:, None]
        now[moving] = (chances[now[moving]] < draws).sum(axis=1)
        moving = moving[leave[now[moving]] > 0]
    return now
