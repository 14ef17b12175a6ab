"""A hair traced in one picture alone: is it in the other too, gone, or not to be told?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from openmeso.science.trichoscopy.absorption import absorb, check_picture, linear_light
from openmeso.science.trichoscopy.measure import UNSCALED_PX, WORK_UM
from openmeso.science.trichoscopy.remeasure import Seen, Shaft, darkness, freedom, look
from openmeso.terms.comparison import Doubt
from openmeso.terms.trichoscopy import HairField

Floats = NDArray[np.float64]

SHORTEST_UM = 280.0
"""A shorter hair cannot be told from a cut-off bit that lies loose on the skin."""
THERE_FROM = 0.5
GONE_TO = 0.3
"""Darkness found again, over that of the hair where it was traced: read on rendered pairs."""
LEAST_EVIDENCE = -0.4
"""Less than nothing by more than this says that the bundle was misread."""
_OWN_SHARE = 0.3  # of the freedom: in its own picture a hair lies where it was traced
_LEAST_VISIBLE = 0.3
_ENOUGH_VISIBLE = 0.5
_COVERED = 0.4  # of a path, from which a neighbour is taken to cover it
_NEAR_PX = 300.0
_BESIDE_UM = 22.0
_SWING_UM = 40.0


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One picture: its absorption ``a``, µm a working pixel, working over uploaded pixels, shafts."""

    a: NDArray[np.float32]
    um: float
    ratio: float
    shafts: tuple[Shaft, ...]

    def working(self, path_px: Floats) -> Floats:
        """Uploaded pixels as working ones."""
        return (path_px + 0.5) * self.ratio - 0.5

    def uploaded(self, path: Floats) -> Floats:
        """Working pixels as uploaded ones."""
        return (path + 0.5) / self.ratio - 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """``evidence`` that the hair is there, over what it showed where it was traced [1]; the path
    where it was looked for, uploaded px; shafts there that cover it; why it cannot be told.
    """

    evidence: float
    path: Floats
    covered_by: tuple[int, ...]
    doubt: Doubt | None

    @property
    def is_there(self) -> bool:
        """Whether the hair is there too."""
        return self.doubt is None and self.evidence >= THERE_FROM

    @property
    def is_gone(self) -> bool:
        """Whether nothing of it is there."""
        return self.doubt is None and self.evidence <= GONE_TO


def um_per_px(field: HairField) -> float:
    """Micrometres an uploaded pixel; without a scale what measuring takes it for."""
    if field.scale:
        return field.scale.um_per_px
    return WORK_UM * max(field.width_px, field.height_px) / UNSCALED_PX


def side(image: NDArray[np.uint8], field: HairField, light_hair: bool) -> Side:
    """A picture made ready to be looked at again."""
    seen = absorb(linear_light(check_picture(image)), um_per_px(field), WORK_UM, light_hair)
    shafts = tuple(
        Shaft(
            (np.asarray(hair.path_px, float) + 0.5) * seen.ratio - 0.5, hair.width_px * seen.ratio
        )
        for hair in field.hairs
    )
    return Side(seen.a, seen.um_per_px, seen.ratio, shafts)


def look_again(
    here: Side, there: Side, number: int, expected: Shaft, partners: Mapping[int, int]
) -> Answer:
    """Look for hair ``number`` of ``here`` in ``there``, where it is ``expected`` (working px).

    ``partners`` are the hairs found in both: place in ``here`` to place in ``there``.
    """
    shaft = here.shafts[number]
    place = there.uploaded(expected.path)
    if _length(shaft.path) * here.um < SHORTEST_UM:
        return Answer(0.0, place, (), Doubt.SHORT)
    others = _near([one for i, one in enumerate(here.shafts) if i != number], shaft)
    own = look(here.a, shaft, others, freedom(here.um, _OWN_SHARE))
    found_too = _near([there.shafts[j] for j in partners.values()], expected)
    again = _either_way(there, expected, found_too)
    if own is None or again is None or own.visible < _LEAST_VISIBLE:
        return Answer(0.0, place, (), Doubt.HIDDEN)
    if own.contrast < 2 * max(own.bare, again.bare):
        return Answer(0.0, place, (), Doubt.FAINT)
    evidence = max(again.contrast - again.bare, 0.0) / (own.contrast - own.bare)
    kin = _covering(there, expected, partners)
    answer = _judged(evidence, again, kin, _excess(here, there, number, expected, kin), there)
    return answer if answer.is_there else replace(answer, path=place)


def _either_way(there: Side, expected: Shaft, others: Sequence[Shaft]) -> Seen | None:
    """The better of two looks, each end taken for the root: which it is may be wrong."""
    turned = Shaft(expected.path[::-1], expected.width)
    looks = [look(there.a, one, others, freedom(there.um)) for one in (expected, turned)]
    return max((one for one in looks if one), key=lambda one: one.contrast, default=None)


def _judged(
    evidence: float, again: Seen, kin: Mapping[int, int], excess: float | None, there: Side
) -> Answer:
    place, covers = there.uploaded(again.path), tuple(kin.values())
    if again.visible >= _ENOUGH_VISIBLE and evidence >= THERE_FROM:
        return Answer(evidence, place, (), None)
    if kin:
        if excess is None:
            return Answer(evidence, place, covers, Doubt.HIDDEN)
        evidence = excess
    elif again.visible < _ENOUGH_VISIBLE:
        return Answer(evidence, place, (), Doubt.HIDDEN)
    is_told = evidence >= THERE_FROM or LEAST_EVIDENCE <= evidence <= GONE_TO
    doubt = None if is_told else Doubt.EVIDENCE
    return Answer(evidence, place, covers, doubt)


def _covering(there: Side, expected: Shaft, partners: Mapping[int, int]) -> dict[int, int]:
    """Hairs found in both that run along where this one is expected: here to there."""
    path = expected.path[: max(round(0.75 * len(expected.path)), 2)]
    kin = {}
    middle = path.mean(axis=0)
    for i, j in partners.items():
        other = there.shafts[j]
        if np.hypot(*(other.path.mean(axis=0) - middle)) > _NEAR_PX:
            continue
        near = 0.5 * (other.width + expected.width) + _BESIDE_UM / there.um
        if np.mean(cKDTree(_dense(other.path)).query(path)[0] < near) > _COVERED:
            kin[i] = j
    return kin


def _excess(
    here: Side, there: Side, number: int, expected: Shaft, kin: Mapping[int, int]
) -> float | None:
    """Darkness of a bundle beyond that of its other shafts, over what this shaft adds to it.

    None where it adds too little to be told.
    """
    if not kin:
        return None
    shaft = here.shafts[number]
    shrink = shaft.width / expected.width
    bundle = [there.shafts[j] for j in kin.values()]
    reach = _reach(expected, bundle) + _SWING_UM / there.um
    besides = [there.shafts[j] for j in range(len(there.shafts)) if j not in kin.values()]
    seen = darkness(there.a, expected.path, reach, _near(besides, expected), bundle)
    own_kin = [here.shafts[i] for i in kin]
    others = [one for i, one in enumerate(here.shafts) if i != number and i not in kin]
    with_it = darkness(here.a, shaft.path, reach * shrink, _near(others, shaft), own_kin)
    if seen is None or with_it is None:
        return None
    adds = with_it[0] - with_it[1]
    without = max(with_it[1], sum(_alone(here, i) for i in kin))
    if adds < 0.25 * _alone(here, number) or adds < 0.12 * without:
        return None
    return (seen[0] * shrink - without) / adds


def _alone(here: Side, number: int) -> float:
    """Darkness of one shaft across its own path [px]."""
    shaft = here.shafts[number]
    reach = 0.5 * shaft.width + 6
    found = darkness(here.a, shaft.path, reach, [], [shaft])
    return found[1] if found else 0.0


def _reach(expected: Shaft, bundle: Sequence[Shaft]) -> float:
    """How far across the expected path its bundle goes [px]."""
    return max(
        [0.5 * expected.width]
        + [
            float(np.median(cKDTree(_dense(one.path)).query(expected.path)[0])) + 0.5 * one.width
            for one in bundle
        ]
    )


def _near(shafts: Sequence[Shaft], shaft: Shaft) -> list[Shaft]:
    middle = shaft.path.mean(axis=0)
    return [one for one in shafts if np.hypot(*(one.path.mean(axis=0) - middle)) < _NEAR_PX]


def _dense(path: Floats) -> Floats:
    run = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    steps = np.linspace(0.0, run[-1], max(round(run[-1] / 2), 2))
    return np.stack([np.interp(steps, run, path[:, axis]) for axis in (0, 1)], axis=1)


def _length(path: Floats) -> float:
    return float(np.hypot(*np.diff(path, axis=0).T).sum())


def crowded(one: Side) -> set[int]:
    """Hairs beside which another runs, so that their widths may be those of both."""
    found = set()
    lines = [_dense(shaft.path) for shaft in one.shafts]
    middles = np.array([line.mean(axis=0) for line in lines]).reshape(-1, 2)
    pairs = cKDTree(middles).query_pairs(_NEAR_PX) if len(lines) > 1 else set()
    for i, j in pairs:
        near = 0.5 * (one.shafts[i].width + one.shafts[j].width) + _BESIDE_UM / one.um
        apart = cKDTree(lines[i]).query(lines[j])[0]
        number = int(np.sum(apart < near))
        if number > _COVERED * min(len(lines[i]), len(lines[j])):
            found |= {i, j}
    return found
