"""HairMeasures: what a count, a biopsy or a comb would find of a population."""

from dataclasses import dataclass

import numpy as np

from openmeso.science.follicles.chain import Array, States
from openmeso.science.follicles.cycle import HairCycle

NON_VELLUS_UM = 40.0
"""A hair that counts is thicker than 40 um (Rushton 1983)."""
TERMINAL_UM = 60.0
"""Terminal hairs; the usual trichoscopic cut (assumption: sources differ, 40-60 um)."""
GROWTH_UM_PER_DAY = ((30.0, 30.0), (75.0, 367.0))
"""(diameter um, growth um/day): forehead vellus hair, and Caucasian scalp hair (Loussouarn 2005).
Straight between them, as thinner hairs grow slower (Van Neste 2016); the line is an assumption."""


@dataclass(frozen=True, slots=True)
class HairMeasures:
    """Expected measures at each time; densities and shedding per cm² of scalp.

    ``mean_diameter_um`` of non-vellus hairs, ``tv_ratio`` of hairs above to below 40 um (as in
    biopsies), ``anagen_pct`` of non-vellus hairs, ``shed_per_cm2_day`` hairs leaving telogen,
    ``growth_mass`` hair volume grown [um³/day/cm²]. ``lost_pct`` of all follicles.
    """

    days: Array
    total_per_cm2: Array
    non_vellus_per_cm2: Array
    terminal_per_cm2: Array
    mean_diameter_um: Array
    tv_ratio: Array
    anagen_pct: Array
    shed_per_cm2_day: Array
    growth_mass: Array
    lost_pct: Array


def growth_um_per_day(diameter_um: Array) -> Array:
    """Growth rate of a hair of this diameter [um/day]; 0 where the line falls below."""
    (d0, g0), (d1, g1) = GROWTH_UM_PER_DAY
    return np.maximum(g0 + (diameter_um - d0) * (g1 - g0) / (d1 - d0), 0.0)


def linear_readings(cycle: HairCycle, every: States) -> Array:
    """Weights of the states, a row for each additive reading; see ``READINGS``."""
    anagen, telogen = every.of_phase("anagen"), every.of_phase("telogen")
    visible = anagen | telogen | every.of_phase("catagen")
    thick = visible & (every.size_um >= NON_VELLUS_UM)
    last_telogen = telogen & ~np.append(telogen[1:], False)
    shed = last_telogen * (cycle.phases.telogen / cycle.telogen_days)
    grown = anagen * growth_um_per_day(every.size_um) * np.pi / 4 * every.size_um**2
    return np.array(
        [
            visible,
            thick,
            visible & (every.size_um >= TERMINAL_UM),
            thick * every.size_um,
            visible & ~thick,
            thick & anagen,
            shed,
            grown,
            every.size_index < 0,
        ],
        dtype=float,
    )


def measures(days: Array, readings: Array, follicles_per_cm2: float, growth: Array) -> HairMeasures:
    """Measures from additive readings per follicle (a row a time); ``growth`` multiplies mass."""
    total, thick, terminal, width, vellus, growing, shed, mass, lost = readings.T
    density = follicles_per_cm2
    return HairMeasures(
        days,
        density * total,
        density * thick,
        density * terminal,
        _ratio(width, thick),
        _ratio(thick, vellus),
        100 * _ratio(growing, thick),
        density * shed,
        density * mass * growth,
        100 * lost,
    )


def _ratio(over: Array, under: Array) -> Array:
    out = np.full_like(over, np.inf)
    return np.divide(over, under, out=out, where=under > 0)
