"""The same field of the scalp rendered twice, with known losses, gains, growth and movement.

Hairs keep their ``id`` and ``unit`` in both pictures. Skin keeps its furrows, pigment and vessels;
blood, flakes, glare, noise and light are new.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from openmeso.science.trichoscopy.render import (
    RenderedField,
    margin,
    photograph,
    roots_um,
    streams,
)
from openmeso.science.trichoscopy.render_pose import STRAIGHT, Pose
from openmeso.science.trichoscopy.render_scene import SceneHair, draw_scene
from openmeso.science.trichoscopy.render_setting import RenderSetting
from openmeso.science.trichoscopy.render_skin import draw_skin
from openmeso.terms.trichoscopy import TrichoscopyInputError

Floats = NDArray[np.float64]

# growth of terminal and vellus hair [mm/day]: assumptions within what is commonly told of scalp hair
RATE_MM_DAY = (0.35, 0.15)
RATE_SD = 0.1  # relative, between hairs


@dataclass(frozen=True, slots=True)
class PairChange:
    """What happens between the two pictures; shares of all hairs, 0 to 1.

    ``pose`` None draws one (shift 0.3 mm, rotation 15 degrees, zoom 10 %, tilt 3 degrees, stretch
    2 %, wobble 15 µm at most); ``regrown`` lets every hair lie a little differently, as after a new
    clipping; ``new_light`` changes exposure, blur, glare and colour cast by up to a fifth.
    """

    pose: Pose | None = None
    lost_share: float = 0.0
    gained_share: float = 0.0
    thickened_share: float = 0.0
    thicker_by: float = 1.3
    regrown: bool = True
    new_light: bool = True

    def __post_init__(self) -> None:
        for name in ("lost_share", "gained_share", "thickened_share"):
            if not 0 <= getattr(self, name) <= 1:
                raise TrichoscopyInputError(name, f"expected 0 to 1; got {getattr(self, name)}")
        if self.lost_share + self.gained_share + self.thickened_share > 1:
            raise TrichoscopyInputError(
                "lost_share", "with gains and thickenings expected at most 1"
            )
        if not 0.2 <= self.thicker_by <= 5:
            raise TrichoscopyInputError("thicker_by", f"expected 0.2 to 5; got {self.thicker_by}")


@dataclass(frozen=True, slots=True, eq=False)
class RenderedPair:
    """Two pictures and what is true of the change.

    ``to_second`` (3, 3) takes pixels of skin in the first to the second (roots scatter about it by
    the wobble). ``lost``, ``gained`` and ``thickened`` are ids, wherever the hair stands.
    """

    first: RenderedField
    second: RenderedField
    lost: frozenset[int]
    gained: frozenset[int]
    thickened: frozenset[int]
    thicker_by: float
    days: float = 0.0

    @property
    def to_second(self) -> Floats:
        """(3, 3) from pixels of the first picture to pixels of the second."""
        return np.asarray(self.second.to_px @ np.linalg.inv(self.first.to_px))


def render_pair(
    setting: RenderSetting, change: PairChange, rng: np.random.Generator
) -> RenderedPair:
    """A field and the same field at a later visit."""
    where, what, lasting, before, after, shot, again = streams(rng, 7)
    extra_mm = 0.35 * 0.5e-3 * setting.um_per_px * max(setting.width_px, setting.height_px)
    margin_mm = margin(setting, min(extra_mm, 3.0))
    scene = draw_scene(setting, margin_mm, where)
    fates = _fates(len(scene), change, what)
    earlier = [hair for hair in scene if fates[hair.id] != _GAINED]
    later = [
        _later(hair, fates[hair.id], change, what) for hair in scene if fates[hair.id] != _LOST
    ]
    pose = random_pose(what) if change.pose is None else change.pose
    second_setting = _relit(setting, what) if change.new_light else setting
    seed = lasting.integers(0, 2**62)
    skins = [
        draw_skin(setting, margin_mm, roots_um(hairs), np.random.default_rng(seed), passing)
        for hairs, passing in ((earlier, before), (later, after))
    ]
    return RenderedPair(
        photograph(setting, earlier, skins[0], STRAIGHT, shot),
        photograph(second_setting, later, skins[1], pose, again),
        lost=frozenset(np.flatnonzero(fates == _LOST).tolist()),
        gained=frozenset(np.flatnonzero(fates == _GAINED).tolist()),
        thickened=frozenset(np.flatnonzero(fates == _THICKENED).tolist()),
        thicker_by=change.thicker_by,
    )


def render_phototrichogram(
    setting: RenderSetting,
    days: float,
    growing_share: float,
    rng: np.random.Generator,
    pose: Pose = STRAIGHT,
) -> RenderedPair:
    """A shaved field and the same ``days`` later: growing hairs are longer, resting ones are not.

    Stubble of 0.1 to 0.3 mm on the first day; ``TrueHair.growing`` and ``length_mm`` are the truth.
    """
    if not (math.isfinite(days) and 0 < days <= 30):
        raise TrichoscopyInputError("days", f"expected above 0, at most 30; got {days}")
    if not 0 <= growing_share <= 1:
        raise TrichoscopyInputError("growing_share", f"expected 0 to 1; got {growing_share}")
    where, what, lasting, before, after, shot, again = streams(rng, 7)
    longest = replace(setting, length_mm=0.3 + 1.4 * days * RATE_MM_DAY[0])
    margin_mm = margin(longest, 0.5)
    shaved = [
        replace(
            hair, length_mm=what.uniform(0.1, 0.3), growing=bool(what.random() < growing_share),
            taper=1.0,
        )
        for hair in draw_scene(setting, margin_mm, where)
    ]  # fmt: skip
    grown = [replace(hair, length_mm=hair.length_mm + _growth(hair, days, what)) for hair in shaved]
    seed = lasting.integers(0, 2**62)
    skins = [
        draw_skin(setting, margin_mm, roots_um(shaved), np.random.default_rng(seed), passing)
        for passing in (before, after)
    ]
    return RenderedPair(
        photograph(setting, shaved, skins[0], STRAIGHT, shot),
        photograph(_relit(setting, what), grown, skins[1], pose, again),
        lost=frozenset(), gained=frozenset(), thickened=frozenset(), thicker_by=1.0, days=days,
    )  # fmt: skip


def random_pose(rng: np.random.Generator) -> Pose:
    """How a careful hand misses the same spot: shift, turn, zoom, tilt and stretch."""
    return Pose(
        shift_mm=(rng.uniform(-0.3, 0.3), rng.uniform(-0.3, 0.3)),
        rotation_deg=rng.uniform(-15.0, 15.0),
        zoom=rng.uniform(0.9, 1.1),
        tilt_deg=(rng.uniform(-3.0, 3.0), rng.uniform(-3.0, 3.0)),
        stretch=(rng.uniform(0.98, 1.02), rng.uniform(0.98, 1.02), rng.uniform(0.0, 180.0)),
        wobble_um=rng.uniform(0.0, 15.0),
    )


_SAME, _LOST, _GAINED, _THICKENED = 0, 1, 2, 3


def _fates(number: int, change: PairChange, rng: np.random.Generator) -> NDArray[np.int64]:
    shares = (change.lost_share, change.gained_share, change.thickened_share)
    counts = [round(share * number) for share in shares]
    fates = np.zeros(number, np.int64)
    order, at = rng.permutation(number), 0
    for fate, count in zip((_LOST, _GAINED, _THICKENED), counts, strict=True):
        fates[order[at : at + count]] = fate
        at += count
    return fates


def _later(hair: SceneHair, fate: int, change: PairChange, rng: np.random.Generator) -> SceneHair:
    if fate == _THICKENED:
        hair = replace(hair, diameter_um=min(hair.diameter_um * change.thicker_by, 150.0))
    if not change.regrown:
        return hair
    return replace(
        hair,
        heading=hair.heading + math.radians(rng.normal(0.0, 4.0)),
        bend=hair.bend + math.radians(rng.normal(0.0, 4.0)),
        length_mm=hair.length_mm * math.exp(rng.normal(0.0, 0.12)),
        taper=min(hair.taper * math.exp(rng.normal(0.0, 0.03)), 1.0),
    )


def _relit(setting: RenderSetting, rng: np.random.Generator) -> RenderSetting:
    return replace(
        setting,
        exposure=float(np.clip(setting.exposure * rng.uniform(0.85, 1.15), 0.01, 10.0)),
        blur_um=min(setting.blur_um * rng.uniform(0.85, 1.2), 200.0),
        glare=min(setting.glare * rng.uniform(0.5, 1.5), 1.0),
    )


def _growth(hair: SceneHair, days: float, rng: np.random.Generator) -> float:
    rate = RATE_MM_DAY[1 if hair.vellus else 0] * math.exp(RATE_SD * rng.standard_normal())
    return rate * days if hair.growing else 0.0
