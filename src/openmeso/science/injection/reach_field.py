r"""Free drug at every follicle of a site, for one substance and for any doubt of its transport.

Written in :math:`\tau = Dt` a ball's field is :math:`f(r,\tau)\,e^{-\tau/\lambda^2}`: the shape
:math:`f` needs no drug at all, decay length enters as a factor and diffusivity as the clock. All
cases of the doubt thus share one table of :math:`f`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openmeso.science.injection.bolus import ball_concentration, ball_exposure
from openmeso.science.injection.dancik_2013 import DermalTransport, Solute, dermal_transport
from openmeso.science.injection.depot import depot_exposure, depot_hours
from openmeso.science.injection.exposure import Lateral, Neighbours, lateral, with_image
from openmeso.science.injection.reach_layers import Layers
from openmeso.science.injection.reach_site import Site
from openmeso.terms.substance import Deposit, Substance

Floats = NDArray[np.float64]

NG_PER_MG = 1e6
_TIMES = 60
# by then a decay length of 1.1 mm, at the 90 % edge of its doubt, has cleared all but e^-20
_LAST_TAU_MM2 = 25.0


@dataclass(frozen=True, slots=True, eq=False)
class Release:
    """One substance at one concentration in one site's boluses.

    ``c0_free_ng_ml`` is the free concentration where a whole bolus lies in dermis. ``layers`` is
    None where the skin is taken as dermis throughout.
    """

    substance: Substance
    transport: DermalTransport
    site: Site
    c0_free_ng_ml: float
    layers: Layers | None = None

    @property
    def length_mm(self) -> float:
        """Decay length, the middle of its doubt [mm]."""
        return self.transport.decay_length_mm


def release_of(
    substance: Substance, mg_per_ml: float, site: Site, border_mm: float | None = None
) -> Release:
    """Transport constants and starting concentration of one substance.

    ``border_mm`` is the depth below which fat takes the dermis' place; None for nowhere.
    """
    solute = Solute(
        substance.molecular_weight_g_mol.middle,
        substance.log_kow.middle,
        substance.unbound.middle,
    )
    transport = dermal_transport(solute)
    layers = None if border_mm is None else Layers(solute, transport, site, border_mm)
    c0_free_ng_ml = mg_per_ml * NG_PER_MG / transport.partition
    return Release(substance, transport, site, c0_free_ng_ml, layers)


def exposure_tables(release: Release, to: Lateral, lengths_mm: Sequence[float]) -> list[Floats]:
    """Free exposure [ng h/mL] times clearance [1/h] of one bolus at each depth of ``to``.

    Each is (lateral distances, decay lengths).
    """
    site = release.site
    is_depot = release.substance.deposit is Deposit.DEPOT
    single = depot_exposure if is_depot else ball_exposure
    values = [single(to.radii_mm, site.radius_mm, length**2, 1.0) for length in lengths_mm]
    return [release.c0_free_ng_ml * table for table in to.tables(np.stack(values, axis=-1))]


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """Concentration over C₀ without clearance at ``tau`` [mm²]: (depths, follicles, taus)."""

    tau: Floats
    unit: Floats

    def of(self, depths: slice) -> "Spread":
        """At some of the depths."""
        return Spread(self.tau, self.unit[depths])


def spreading(site: Site, near: Neighbours, depths_mm: Sequence[float]) -> Spread:
    """How the site's boluses spread, whatever the drug; tau is 0 and then of equal ratios."""
    first = 1e-3 * min(site.radius_mm, 1.0) ** 2
    tau = np.geomspace(first, _LAST_TAU_MM2, _TIMES)
    to = lateral(near.distances_mm, np.asarray(depths_mm, float), site.depth_mm)
    tables = to.tables(_balls(to.radii_mm[:, None], tau, site))
    # the edge of a ball at rest is sharp: no table by radius stands for it
    starts = [
        with_image(lambda r: _balls(r, 0.0, site), near.distances_mm, depth, site.depth_mm)
        for depth in depths_mm
    ]
    every = np.stack([np.column_stack(one) for one in zip(starts, tables, strict=True)])
    # cubics overshoot at the edge, too
    unit = [np.maximum(near.total(table), 0.0) for table in every]
    return Spread(np.append(0.0, tau), np.stack(unit))


def _balls(r_mm: Floats, tau: ArrayLike, site: Site) -> Floats:
    return ball_concentration(r_mm, tau, site.radius_mm, 1.0, 0.0)


def clearance_per_h(release: Release, length_mm: float, factor: float = 1.0) -> float:
    """Clearance [1/h] for a decay length and a factor on diffusivity."""
    return release.transport.d_mm2_h * factor / length_mm**2


def lasting_h(release: Release, length_mm: float, factor: float, solubility: float) -> float:
    """Hours a depot lasts; 0 for a solution. ``solubility`` runs from 0 (lowest) to 1."""
    quantity = release.substance.solubility_g_ml
    if release.substance.deposit is not Deposit.DEPOT or quantity is None:
        return 0.0
    low, high = math.log(quantity.lower), math.log(quantity.upper)
    saturated_ng_ml = math.exp(low + solubility * (high - low)) * 1e9
    d = release.transport.d_mm2_h * factor
    return depot_hours(
        release.c0_free_ng_ml / saturated_ng_ml, release.site.radius_mm, d, d / length_mm**2
    )
