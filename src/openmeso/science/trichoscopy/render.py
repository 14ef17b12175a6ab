"""Render a field of the scalp whose truth is known to the last hair.

    field = render_field(RenderSetting(density_cm2=150), np.random.default_rng(1))
    field.image              # (h, w, 3) uint8, sRGB
    field.hairs[0].path_px   # its centre line, root first

Shafts are laid over the skin in linear light with exact pixel coverage, then seen through a lens
and a camera. What this can and cannot prove: docs/explanation/trichoscopy-truth.md.
"""

from dataclasses import dataclass

import numpy as np

from openmeso.science.trichoscopy.render_mark import Placed, burn_marks, tattoo
from openmeso.science.trichoscopy.render_optics import (
    Box,
    Image,
    blow_bubbles,
    blur,
    compress,
    develop,
    glare,
    light,
)
from openmeso.science.trichoscopy.render_pose import (
    STRAIGHT,
    Pose,
    camera,
    stretch,
    through,
    wobble,
)
from openmeso.science.trichoscopy.render_scene import (
    SceneHair,
    centre_line,
    draw_fragments,
    draw_scene,
)
from openmeso.science.trichoscopy.render_setting import RenderSetting
from openmeso.science.trichoscopy.render_shaft import Drawing, TrueHair, bury
from openmeso.science.trichoscopy.render_skin import Floats, Skin, draw_skin

RENDER_VERSION = "1"


@dataclass(frozen=True, slots=True, eq=False)
class RenderedField:
    """A picture (h, w, 3) in sRGB and its truth. ``to_px`` takes µm on the skin to pixels.

    ``um_per_px`` is the true scale in the middle; ``marks`` and ``bubbles_px`` are boxes
    (x, y, width, height) of what is foreign.
    """

    image: Image
    setting: RenderSetting
    hairs: tuple[TrueHair, ...]
    um_per_px: float
    to_px: Floats
    marks: tuple[Placed, ...]
    bubbles_px: tuple[Box, ...]
    version: str = RENDER_VERSION

    @property
    def area_cm2(self) -> float:
        """Skin in the picture [cm²]; a tilt is left out of account."""
        height, width = self.image.shape[:2]
        return float(height * width * (self.um_per_px * 1e-4) ** 2)

    @property
    def inside(self) -> tuple[TrueHair, ...]:
        """Visible hairs whose root is in the picture: those to be counted."""
        return tuple(hair for hair in self.hairs if hair.inside and hair.visible)

    @property
    def density_cm2(self) -> float:
        """Hairs to be counted per square centimetre."""
        return len(self.inside) / self.area_cm2


def render_field(setting: RenderSetting, rng: np.random.Generator) -> RenderedField:
    """One field drawn with ``rng``; the same generator state gives the same picture, bit by bit."""
    where, lasting, passing, shot = streams(rng, 4)
    margin_mm = margin(setting, 0.0)
    scene = draw_scene(setting, margin_mm, where)
    skin = draw_skin(setting, margin_mm, roots_um(scene), lasting, passing)
    return photograph(setting, scene, skin, STRAIGHT, shot)


def streams(rng: np.random.Generator, number: int) -> list[np.random.Generator]:
    """Independent generators, so that a change in one part does not shift the others."""
    return [np.random.default_rng(int(seed)) for seed in rng.integers(0, 2**62, number)]


def margin(setting: RenderSetting, extra_mm: float) -> float:
    """Skin around the field [mm] from which a hair can still reach into the picture."""
    return min(1.4 * setting.mean_length_mm, 7.0) + 0.3 + extra_mm


def roots_um(scene: list[SceneHair]) -> Floats:
    """(n, 2) roots of a scene [µm on the skin]."""
    return np.array([hair.root_um for hair in scene]).reshape(-1, 2)


def photograph(
    setting: RenderSetting,
    scene: list[SceneHair],
    skin: Skin,
    pose: Pose,
    rng: np.random.Generator,
) -> RenderedField:
    """Look at a scene with a camera: one picture and its truth."""
    lamp, surface, fluid, lens, loose, ink, burnt, shine = streams(rng, 8)
    plane = camera(setting, pose)
    size = (setting.width_px, setting.height_px)
    reflectance = skin.seen(plane @ stretch(pose), size)
    placed = tattoo(reflectance, setting, ink)
    lines = _lines(scene, pose)
    bits = draw_fragments(setting, loose)
    bury(reflectance, scene, lines, plane, setting)
    everything = [*bits, *scene]
    drawn = Drawing([*(centre_line(bit) for bit in bits), *lines], everything, plane, setting)
    bare = reflectance.copy()
    owner = np.full(reflectance.shape[:2], -1, np.int32)
    own_px = drawn.lay(reflectance, owner, shine)
    seen_px = np.bincount(owner[owner >= 0], minlength=len(everything))
    bubbles = blow_bubbles(reflectance, setting, fluid)
    lit = reflectance * light(setting, lamp)
    lit += glare(setting, surface)[..., None]
    image = develop(blur(lit, setting, lens), setting, lens)
    um_per_px = setting.um_per_px / pose.zoom
    placed += burn_marks(image, setting, um_per_px, burnt)
    hairs = tuple(
        drawn.truth(i, bare, int(own_px[i]), int(seen_px[i]))
        for i in range(len(bits), len(everything))
    )
    return RenderedField(
        compress(image, setting.jpeg_quality), setting, hairs, um_per_px, plane @ stretch(pose),
        tuple(placed), tuple(bubbles),
    )  # fmt: skip


def _lines(scene: list[SceneHair], pose: Pose) -> list[Floats]:
    """Centre lines [µm]: roots move with the skin, shafts keep their shape."""
    if not scene:
        return []
    at = roots_um(scene)
    moved = through(stretch(pose), wobble(pose, at))
    return [
        centre_line(hair) + (new - old) for hair, new, old in zip(scene, moved, at, strict=True)
    ]
