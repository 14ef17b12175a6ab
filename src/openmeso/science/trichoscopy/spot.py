"""One spot of the scalp in two pictures, laid upon each other by a registration."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from openmeso.science.trichoscopy import warp
from openmeso.science.trichoscopy.hair_match import Line, match
from openmeso.science.trichoscopy.registration import coefficients_px, inverse
from openmeso.science.trichoscopy.remeasure import Shaft
from openmeso.science.trichoscopy.second_look import Answer, look_again, side, um_per_px
from openmeso.terms.comparison import Registration
from openmeso.terms.trichoscopy import HairField

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_AREA_STEP_PX = 4


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A picture (h, w, 3) uint8 sRGB, what was traced in it, and True where it is unfit (h, w)."""

    image: NDArray[np.uint8]
    field: HairField
    unfit: Flags | None = None


class Spot:
    """Two pictures; ``which`` is 0 for the earlier and 1 for the later one."""

    def __init__(
        self, before: View, after: View, registration: Registration, light_hair: bool = False
    ) -> None:
        self.views = before, after
        self.sides = tuple(side(view.image, view.field, light_hair) for view in self.views)
        self.coefficients = coefficients = coefficients_px(registration)
        middle = np.array([before.field.width_px / 2, before.field.height_px / 2])
        self.zoom_px, _ = warp.stretch(coefficients, middle)
        self.paths = tuple(
            [np.asarray(hair.path_px, float) for hair in view.field.hairs] for view in self.views
        )

    def across(self, points_px: Floats, to: int) -> Floats:
        """Points of one picture in the other: ``to`` 1 the later, 0 the earlier."""
        if to:
            return warp.apply(self.coefficients, points_px)
        return inverse(self.coefficients, points_px)

    def shows(self, which: int, points_px: Floats) -> Flags:
        """Whether points of picture ``which`` lie in its counting frame and on fit skin."""
        view = self.views[which]
        x, y, width, height = view.field.frame_px
        inside = np.all(
            (points_px >= (x - 0.5, y - 0.5)) & (points_px < (x + width - 0.5, y + height - 0.5)),
            axis=1,
        )
        if view.unfit is not None:
            column, row = np.rint(points_px[inside]).astype(int).T
            inside[inside] = ~view.unfit[row, column]
        return np.asarray(inside)

    def is_common(self, roots_px: Floats, which: int) -> Flags:
        """Whether both pictures show the skin where these roots of one are."""
        return self.shows(which, roots_px) & self.shows(1 - which, self.across(roots_px, 1 - which))

    def area_px(self) -> float:
        """The skin that both show [px² of the earlier picture]."""
        x, y, width, height = self.views[0].field.frame_px
        grid = np.meshgrid(
            np.arange(x, x + width, _AREA_STEP_PX), np.arange(y, y + height, _AREA_STEP_PX)
        )
        points = np.stack(grid, axis=-1).reshape(-1, 2).astype(float)
        return float(self.is_common(points, 0).mean() * width * height) if len(points) else 0.0

    @cached_property
    def pairs(self) -> dict[int, int]:
        """Hairs found in both pictures: place in the earlier to place in the later."""
        um = um_per_px(self.views[1].field)
        widths = [[hair.width_px for hair in view.field.hairs] for view in self.views]
        first = [
            Line(self.across(path, 1) * um, width * self.zoom_px * um)
            for path, width in zip(self.paths[0], widths[0], strict=True)
        ]
        second = [
            Line(path * um, width * um)
            for path, width in zip(self.paths[1], widths[1], strict=True)
        ]
        return dict(match(first, second))

    def look(self, which: int, number: int, partners: Mapping[int, int]) -> Answer:
        """Look for a hair of picture ``which`` in the other."""
        here, there = self.sides[which], self.sides[1 - which]
        path = there.working(self.across(self.paths[which][number], 1 - which))
        zoom = self.zoom_px if which == 0 else 1 / self.zoom_px
        width = here.shafts[number].width * zoom * there.ratio / here.ratio
        return look_again(here, there, number, Shaft(path, width), partners)

    def in_common(self, which: int) -> list[int]:
        """Places of the hairs of a picture whose root both show."""
        paths = self.paths[which]
        if not paths:
            return []
        roots = np.array([path[0] for path in paths])
        return [int(number) for number in np.flatnonzero(self.is_common(roots, which))]


def laid_over(
    registration: Registration, width_px: int, height_px: int
) -> tuple[float, float, float, float, float, float]:
    """Affine map that lays the later picture on the earlier one of this size, as (a, b, c, d, e, f).

    x is a·x + c·y + e and y is b·x + d·y + f, the order of an SVG matrix; bending is left out.
    """
    x, y = np.meshgrid(np.linspace(0, width_px, 9), np.linspace(0, height_px, 9))
    there = np.stack([x.ravel(), y.ravel()], axis=1)
    later = warp.apply(coefficients_px(registration), there)
    design = np.concatenate([later, np.ones((len(later), 1))], axis=1)
    fitted = np.linalg.lstsq(design, there, rcond=None)[0]
    (a, b), (c, d), (e, f) = fitted.tolist()
    return a, b, c, d, e, f
