"""What fat below the dermis changes at the follicles, as a change of what dermis alone gives.

Both are computed on the same cells, and only their ratio (of exposures) or difference (of
concentrations) is used: errors of the cells mostly cancel, and layers alike change nothing. How
long a depot lasts, and what leaves the skin for the body, stay those of the dermis.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from openmeso.science.injection.dancik_2013 import DermalTransport, Solute
from openmeso.science.injection.exposure import Neighbours
from openmeso.science.injection.fat import dermis_on_fat
from openmeso.science.injection.layered import (
    Ball,
    Cells,
    Layer,
    at_depths,
    cells_for,
    layered_concentration,
    layered_exposure,
)
from openmeso.science.injection.reach_site import Site

Floats = NDArray[np.float64]

_FINE_TO_MM = 5.5
# of the highest exposure: below it a ratio is rounding
_LEAST = 1e-13


class Layers:
    """Dermis on fat around the boluses of one site, for one solute and any decay length."""

    def __init__(
        self, solute: Solute, transport: DermalTransport, site: Site, border_mm: float
    ) -> None:
        self.solute, self.transport, self.border_mm = solute, transport, border_mm
        self.ball = Ball(site.depth_mm, site.radius_mm)
        self._kept: dict[float, tuple[Floats, Floats, Cells]] = {}

    def ratios(self, distances_mm: Floats, depths_mm: Sequence[float], length_mm: float) -> Floats:
        """Exposure over that in dermis alone, (depths, lateral distances)."""
        there, plain, cells = self._exposures(length_mm)
        weights = at_depths(depths_mm, cells)
        found = []
        for over, under in zip(weights @ there, weights @ plain, strict=True):
            known = under > _LEAST * plain.max()
            found.append(np.interp(distances_mm, cells.rho_mm[known], (over / under)[known]))
        return np.stack(found)

    def shifts(
        self, near: Neighbours, depths_mm: Sequence[float], length_mm: float, tau: Floats
    ) -> Floats:
        """Change of the free concentration over that of the bolus in dermis.

        As (depths, follicles, times); ``tau`` is dermal D times the time [mm²], 0 first.
        """
        pair, cells = self._cells(length_mm)
        weights = at_depths(depths_mm, cells)
        there, plain = (
            layered_concentration(self.ball, one, cells, tau[1:], weights)
            for one in (pair, pair[:1])
        )
        change = self.transport.partition * (there - plain)
        found = []
        for at in np.moveaxis(change, 1, 0):
            table = [np.interp(near.distances_mm, cells.rho_mm, one, right=0.0) for one in at]
            found.append(np.pad(near.total(np.stack(table, -1)), ((0, 0), (1, 0))))
        return np.stack(found)

    def at_start(self, depths_mm: Sequence[float]) -> Floats:
        """Free concentration over that in dermis at once after the injection, by depth."""
        dermis, fat = self._pair(self.transport.decay_length_mm)
        share = dermis.partition / fat.partition
        return np.where(np.asarray(depths_mm) < self.border_mm, 1.0, share)

    def _exposures(self, length_mm: float) -> tuple[Floats, Floats, Cells]:
        """In layers and in dermis alone, kept: bulbs, bulges and maps ask for the same."""
        if length_mm not in self._kept:
            pair, cells = self._cells(length_mm)
            there, plain = (layered_exposure(self.ball, one, cells) for one in (pair, pair[:1]))
            self._kept[length_mm] = there, plain, cells
        return self._kept[length_mm]

    def _pair(self, length_mm: float) -> tuple[Layer, Layer]:
        return dermis_on_fat(self.solute, self.transport, self.border_mm, length_mm)

    def _cells(self, length_mm: float) -> tuple[tuple[Layer, ...], Cells]:
        pair = self._pair(length_mm)
        return pair, cells_for(self.ball, pair, _FINE_TO_MM)
