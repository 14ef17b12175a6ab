"""Exact sampling of single follicles: counts with their chance, and a check of the expectation."""

import numpy as np
from numpy.typing import NDArray

from openmeso.science.follicles.chain import Array, generator
from openmeso.science.follicles.cycle import HairCycle

Indices = NDArray[np.int64]


def sample_counts(shares: Array, follicles: int, random: np.random.Generator) -> Indices:
    """How many of so many independent follicles stand in each state: multinomial, exact."""
    return random.multinomial(follicles, shares / shares.sum())


def sample_states(
    cycle: HairCycle, first: Indices, days: float, random: np.random.Generator
) -> Indices:
    """The state of each follicle after ``days``, event by event from the states ``first``."""
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
