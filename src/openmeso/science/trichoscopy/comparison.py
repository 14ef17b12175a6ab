"""Compare the same spot of the scalp at two visits, hair by hair.

    registration = register(earlier.field, later.field)
    comparison = compare(earlier, later, registration)
    comparison.number(Fate.LOST)

Hairs found in both pictures are paired. Every other is looked for again where registration puts it
in the picture that lacks it; only what is not there on looking again is gained or lost.
See docs/explanation/trichoscopy.md.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from openmeso.science.trichoscopy.change import changes, width_factor, width_fate
from openmeso.science.trichoscopy.hair_match import Line, match
from openmeso.science.trichoscopy.second_look import Answer, crowded, um_per_px
from openmeso.science.trichoscopy.spot import Spot, View
from openmeso.terms.comparison import ComparedHair, Comparison, Fate, NoComparison, Registration
from openmeso.terms.trichoscopy import MeasureSetting, Point

METHOD = "measured again 1"
FEWEST_HAIRS = 8
"""Fewer hairs on the skin that both show say nothing: an assumption."""


def compare(
    before: View, after: View, registration: Registration, setting: MeasureSetting | None = None
) -> Comparison:
    """What became of every hair whose root both pictures show.

    Raises
    ------
    NoComparison
        When a picture is refused, or too few hairs lie on the skin that both show.
    """
    for view, which in ((before, "earlier"), (after, "later")):
        if view.field.refused:
            raise NoComparison(f"The {which} picture is not fit to be counted. Take it again.")
    light_hair = bool(setting and setting.light_hair)
    spot = Spot(before, after, registration, light_hair)
    scale = before.field.scale
    factor = width_factor(before.field, after.field, registration.zoom)
    hairs = tuple(_fates(spot, factor))
    told = sum(hair.fate is not Fate.UNCLEAR for hair in hairs)
    if told < FEWEST_HAIRS:
        raise NoComparison(
            f"Only {told} hairs on the skin that both pictures show could be compared; at least "
            f"{FEWEST_HAIRS} are needed. Take the picture again, nearer to the middle of the spot."
        )
    area_cm2 = spot.area_px() * (scale.um_per_px * 1e-4) ** 2 if scale else None
    count, density, width = changes(hairs, area_cm2, scale.relative_sd if scale else 0.0)
    return Comparison(registration, hairs, area_cm2, count, density, width, METHOD)


def _fates(spot: Spot, factor: float) -> Iterator[ComparedHair]:
    pairs = spot.pairs
    back = {j: i for i, j in pairs.items()}
    answers = [
        {
            number: spot.look(which, number, known)
            for number in spot.in_common(which)
            if number not in known
        }
        for which, known in ((0, pairs), (1, back))
    ]
    unsure = [
        crowded(spot.sides[which])
        | {j for answer in answers[1 - which].values() for j in answer.covered_by}
        for which in (0, 1)
    ]
    common = set(spot.in_common(0))
    for i, j in pairs.items():
        if i in common:
            is_sure = i not in unsure[0] and j not in unsure[1]
            yield _paired(spot, i, j, factor, is_sure)
    again = _found_twice(spot, answers)
    for i, j in again.items():
        yield _twice(spot, i, j, answers)
    for which, known in ((0, set(again)), (1, set(again.values()))):
        for number, answer in answers[which].items():
            if number not in known:
                yield _alone(spot, which, number, answer)


def _paired(spot: Spot, i: int, j: int, factor: float, is_sure: bool) -> ComparedHair:
    """A hair found in both; its width is compared unless a bundle may have been traced as one."""
    one, other = spot.views[0].field.hairs[i], spot.views[1].field.hairs[j]
    fate, before_um, after_um = (
        width_fate(one, other, factor) if is_sure else (Fate.KEPT, None, None)
    )
    return ComparedHair(
        fate, one.id, other.id, one.path_px, other.path_px, None, before_um, after_um
    )


def _found_twice(spot: Spot, answers: list[dict[int, Answer]]) -> dict[int, int]:
    """Hairs looked for from both pictures that prove to be the same one."""
    um = um_per_px(spot.views[1].field)
    left = [[number for number, one in each.items() if not one.is_gone] for each in answers]
    first = [Line(answers[0][i].path * um, 1.0) for i in left[0]]
    second = [Line(spot.paths[1][j] * um, 1.0) for j in left[1]]
    return {left[0][a]: left[1][b] for a, b in match(first, second)}


def _twice(spot: Spot, i: int, j: int, answers: list[dict[int, Answer]]) -> ComparedHair:
    one, other = spot.views[0].field.hairs[i], spot.views[1].field.hairs[j]
    there, back = answers[0][i], answers[1][j]
    is_told = there.is_there or back.is_there
    return ComparedHair(
        Fate.KEPT if is_told else Fate.UNCLEAR, one.id, other.id, one.path_px, other.path_px,
        max(there.evidence, back.evidence), doubt=None if is_told else there.doubt or back.doubt,
    )  # fmt: skip


def _alone(spot: Spot, which: int, number: int, answer: Answer) -> ComparedHair:
    hair = spot.views[which].field.hairs[number]
    gone = Fate.GAINED if which else Fate.LOST
    fate = gone if answer.is_gone else Fate.KEPT if answer.is_there else Fate.UNCLEAR
    place = _points(answer.path)
    if which:
        return ComparedHair(
            fate, None, hair.id, place, hair.path_px, answer.evidence, doubt=answer.doubt
        )
    return ComparedHair(
        fate, hair.id, None, hair.path_px, place, answer.evidence, doubt=answer.doubt
    )


def _points(path: NDArray[np.float64]) -> tuple[Point, ...]:
    """A path as it is kept: every fourth of its close points, and the last."""
    kept = path[np.unique([*range(0, len(path), 4), len(path) - 1])]
    return tuple((round(float(x), 2), round(float(y), 2)) for x, y in kept)
