"""Score measured hairs against true ones: one rule for rendered and for annotated pictures.

A found hair is a true one when at least half of the true line lies within half the true width plus
20 µm of the found line, running within 25 degrees of it; one to one, so that the sum of the shares
covered is greatest. The rule is that of the first prototype, so that its figures can be compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree

from openmeso.science.trichoscopy.frame import Box, within
from openmeso.science.trichoscopy.render import RenderedField
from openmeso.science.trichoscopy.render_shaft import TrueHair
from openmeso.terms.trichoscopy import Hair

Floats = NDArray[np.float64]

BESIDE_UM = 20.0
ANGLE_DEG = 25.0
LEAST_SHARE = 0.5
ISOLATED_UM = 60.0  # free skin on either side of a shaft that is called isolated
_SAMPLE_UM = 12.0
_SAMPLE_PX = 1.0


@dataclass(frozen=True, slots=True)
class FieldScore:
    """One picture. Counts are of roots in the counting frame; ``matches`` are (true id, found id).

    ``width_errors_um`` are (true id, true width, found minus true) of matched hairs with a width;
    ``isolated`` the true ids of hairs with free skin on both sides; ``root_errors_um`` distances.
    """

    true_count: int
    found_count: int
    recalled: int
    correct: int
    true_vellus: int
    recalled_vellus: int
    matches: tuple[tuple[int, int], ...]
    width_errors_um: tuple[tuple[int, float, float], ...]
    isolated: frozenset[int]
    root_errors_um: tuple[float, ...]

    @property
    def recall(self) -> float:
        """Share of the true hairs found [1]; nan without any."""
        return self.recalled / self.true_count if self.true_count else float("nan")

    @property
    def precision(self) -> float:
        """Share of the found hairs that are true [1]; nan without any."""
        return self.correct / self.found_count if self.found_count else float("nan")

    @property
    def count_error(self) -> float:
        """Found minus true count over the true one [1]; nan without any."""
        if not self.true_count:
            return float("nan")
        return (self.found_count - self.true_count) / self.true_count


def match_lines(
    true_lines: Sequence[Floats],
    true_widths_um: Sequence[float],
    found_lines: Sequence[Floats],
    um_per_px: float,
    size_px: tuple[int, int] | None = None,
) -> list[tuple[int, int]]:
    """Pairs (true, found) of lines (n, 2) in pixels, one to one.

    With ``size_px`` (width, height) only the part of a true line inside the picture is asked for.
    """
    shares = cover_shares(true_lines, true_widths_um, found_lines, um_per_px, size_px)
    if not shares.size:
        return []
    worth = np.where(shares >= LEAST_SHARE, shares, 0.0)
    rows, columns = linear_sum_assignment(-worth)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if worth[i, j] > 0]


def cover_shares(
    true_lines: Sequence[Floats],
    true_widths_um: Sequence[float],
    found_lines: Sequence[Floats],
    um_per_px: float,
    size_px: tuple[int, int] | None = None,
) -> Floats:
    """(true, found) share of each true line that each found line follows [1]."""
    shares = np.zeros((len(true_lines), len(found_lines)))
    if not shares.size:
        return shares
    points, ways, owners = _sampled(found_lines, _SAMPLE_PX)
    tree = cKDTree(points)
    limit = np.cos(np.radians(ANGLE_DEG))
    for i, (line, width_um) in enumerate(zip(true_lines, true_widths_um, strict=True)):
        asked, along, _ = _sampled([np.asarray(line, float)], max(_SAMPLE_UM / um_per_px, 0.5))
        if size_px is not None:
            held = np.all((asked >= -0.5) & (asked < np.asarray(size_px) - 0.5), axis=1)
            asked, along = asked[held], along[held]
        if not len(asked):
            continue
        near = tree.query_ball_point(asked, (0.5 * width_um + BESIDE_UM) / um_per_px)
        for k, found in enumerate(near):
            parallel = np.abs(ways[found] @ along[k]) >= limit
            shares[i, np.unique(owners[found][parallel])] += 1.0
        shares[i] /= len(asked)
    return shares


def score_field(field: RenderedField, hairs: Sequence[Hair], frame_px: Box) -> FieldScore:
    """Score found hairs against a rendered field; roots in ``frame_px`` (x, y, w, h) are counted.

    Hairs that nobody can see are not asked for, but finding one is no mistake. A hair counts as
    found when it is matched, wherever the found root lies.
    """
    true = [hair for hair in field.hairs if hair.own_px > 0]
    height, width = field.image.shape[:2]
    pairs = match_lines(
        [hair.path_px for hair in true],
        [hair.mean_diameter_um for hair in true],
        [np.asarray(hair.path_px, float) for hair in hairs],
        field.um_per_px,
        (width, height),
    )
    matched = {true[i].id: hairs[j] for i, j in pairs}
    asked = [hair for hair in true if hair.visible and within(hair.root_px, frame_px)]
    counted = {hair.id for hair in hairs if hair.counted}
    vellus = [hair for hair in asked if hair.vellus]
    return FieldScore(
        true_count=len(asked),
        found_count=len(counted),
        recalled=sum(hair.id in matched for hair in asked),
        correct=sum(hair.id in counted for hair in matched.values()),
        true_vellus=len(vellus),
        recalled_vellus=sum(hair.id in matched for hair in vellus),
        matches=tuple((true[i].id, hairs[j].id) for i, j in pairs),
        width_errors_um=tuple(_width_errors(true, matched)),
        isolated=frozenset(_isolated(true, field.um_per_px)),
        root_errors_um=tuple(
            float(np.hypot(*np.subtract(hair.root_px, matched[hair.id].root_px))) * field.um_per_px
            for hair in asked
            if hair.id in matched
        ),
    )


def _width_errors(true: list[TrueHair], matched: dict[int, Hair]) -> list[tuple[int, float, float]]:
    found = []
    for hair in true:
        other = matched.get(hair.id)
        if other is not None and other.width_um is not None:
            found.append((hair.id, hair.mean_diameter_um, other.width_um - hair.mean_diameter_um))
    return found


def _isolated(true: list[TrueHair], um_per_px: float) -> list[int]:
    """Hairs that come nowhere near another: edge to edge at least 60 µm."""
    lines = [hair.path_px for hair in true]
    if len(lines) < 2:
        return [hair.id for hair in true]
    points, _, owners = _sampled(lines, max(_SAMPLE_UM / um_per_px, 0.5))
    radii = np.array([0.5 * hair.mean_diameter_um for hair in true]) / um_per_px
    tree = cKDTree(points)
    alone = np.ones(len(true), bool)
    reach = ISOLATED_UM / um_per_px + 2 * radii.max()
    for a, b in tree.query_pairs(reach):
        i, j = owners[a], owners[b]
        if i == j or not (alone[i] or alone[j]):
            continue
        gap = float(np.hypot(*(points[a] - points[b]))) - radii[i] - radii[j]
        if gap < ISOLATED_UM / um_per_px:
            alone[i] = alone[j] = False
    return [hair.id for hair, free in zip(true, alone, strict=True) if free]


def _sampled(lines: Sequence[Floats], step_px: float) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Points every ``step_px`` along lines, their directions, and the line each belongs to."""
    points, ways, owners = [], [], []
    for number, line in enumerate(lines):
        run = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
        steps = max(int(np.ceil(run[-1] / step_px)), 1)
        at = (np.arange(steps) + 0.5) * run[-1] / steps
        points.append(
            np.stack([np.interp(at, run, line[:, 0]), np.interp(at, run, line[:, 1])], -1)
        )
        segment = np.clip(np.searchsorted(run, at, side="right") - 1, 0, len(line) - 2)
        way = np.diff(line, axis=0)[segment]
        ways.append(way / (np.linalg.norm(way, axis=1, keepdims=True) + 1e-12))
        owners.append(np.full(steps, number))
    return np.concatenate(points), np.concatenate(ways), np.concatenate(owners)
