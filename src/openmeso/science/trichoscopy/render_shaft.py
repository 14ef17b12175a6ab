"""The shafts of a rendered field: what they look like, and what is true of each in the picture."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from openmeso.science.kernels.shaft import draw_shafts
from openmeso.science.trichoscopy.render_optics import LUMINANCE
from openmeso.science.trichoscopy.render_pose import across_scale, through
from openmeso.science.trichoscopy.render_scene import SceneHair, diameters_um
from openmeso.science.trichoscopy.render_setting import (
    HAIR_OPAQUE_UM,
    HAIR_REFLECTANCE,
    HairColour,
    RenderSetting,
)
from openmeso.science.trichoscopy.render_skin import Floats, Picture

LEAST_CONTRAST = 0.08  # paler than this nobody sees a hair, and none is asked for
LEAST_VISIBLE = 0.3  # of its pixels in the picture, not hidden under other hairs
FADE_UM = 40.0  # over which a shaft comes out of the skin

_PALE = {HairColour.BLOND, HairColour.GREY, HairColour.WHITE}
_SHADOW_SIGMA_UM = 26.0
_SHADOW = np.array([1.0, 0.82, 0.66], np.float32)  # what is left of the light below is bluish
_BURIED = 4  # nodes of the stretch below the skin


@dataclass(frozen=True, slots=True, eq=False)
class TrueHair:
    """One hair as it is. ``id`` and ``unit`` are the same in every picture of the same field.

    ``path_px`` (n, 2) centre line, root first, also where it leaves the picture; ``diameter_um``
    and ``diameter_px`` (n,) along it; ``contrast`` share of light missing in the middle of the
    shaft after the lens (negative: lighter than skin); ``own_px`` pixels it covers in the picture,
    ``visible_px`` those not hidden under another hair; ``inside`` whether its root is in the picture.
    """

    id: int
    unit: int
    path_px: Floats
    diameter_um: Floats
    diameter_px: Floats
    length_mm: float
    vellus: bool
    growing: bool
    contrast: float
    own_px: int
    visible_px: int
    inside: bool

    @property
    def root_px(self) -> tuple[float, float]:
        """Where the shaft leaves the skin."""
        return float(self.path_px[0, 0]), float(self.path_px[0, 1])

    @property
    def tip_px(self) -> tuple[float, float]:
        """Where the shaft ends."""
        return float(self.path_px[-1, 0]), float(self.path_px[-1, 1])

    @property
    def mean_diameter_um(self) -> float:
        """Mean width along the shaft [µm]."""
        return float(self.diameter_um.mean())

    @property
    def visible(self) -> bool:
        """Whether a hair can be asked for: enough contrast, enough of it not hidden."""
        seen = self.own_px > 0 and self.visible_px >= LEAST_VISIBLE * self.own_px
        return seen and abs(self.contrast) >= LEAST_CONTRAST


class Drawing:
    """Shafts ready to be laid over a picture, and their truth afterwards."""

    def __init__(
        self, lines: list[Floats], hairs: list[SceneHair], plane: Floats, setting: RenderSetting
    ) -> None:
        self.hairs = hairs
        self.setting = setting
        self.paths = [through(plane, line) for line in lines]
        self.widths_um = [
            diameters_um(hair, len(line)) for hair, line in zip(hairs, lines, strict=True)
        ]
        self.widths_px = [
            width * across_scale(plane, line)
            for width, line in zip(self.widths_um, lines, strict=True)
        ]
        self.opacities = [
            self._opacity(hair, width) for hair, width in zip(hairs, self.widths_um, strict=True)
        ]

    def lay(
        self, reflectance: Picture, owner: NDArray[np.int32], rng: np.random.Generator
    ) -> NDArray[np.int64]:
        """Draw all shafts; returns the pixels that each would own alone."""
        if not self.hairs:
            return np.zeros(0, np.int64)
        nodes = np.concatenate(self.paths)
        shape = np.stack(
            [0.5 * np.concatenate(self.widths_px), np.concatenate(self.opacities)], axis=-1
        )
        first = np.concatenate([[0], np.cumsum([len(path) for path in self.paths])])
        look = np.stack([self._look(hair, rng) for hair in self.hairs])
        drawn: NDArray[np.int64] = draw_shafts(reflectance, owner, nodes, shape, first, look)
        return drawn

    def truth(self, i: int, bare: Picture, own_px: int, visible_px: int) -> TrueHair:
        """What is true of hair ``i``; ``bare`` is the skin without any hair."""
        hair, path = self.hairs[i], self.paths[i]
        height, width = bare.shape[:2]
        x, y = path[0]
        return TrueHair(
            id=hair.id, unit=hair.unit, path_px=path, diameter_um=self.widths_um[i],
            diameter_px=self.widths_px[i], length_mm=hair.length_mm, vellus=hair.vellus,
            growing=hair.growing, contrast=self._contrast(i, bare), own_px=own_px,
            visible_px=visible_px,
            inside=bool(-0.5 <= x < width - 0.5 and -0.5 <= y < height - 0.5),
        )  # fmt: skip

    def _opacity(self, hair: SceneHair, width_um: Floats) -> Floats:
        """Share of the light that a shaft stops, less where it is thin or just leaves the skin."""
        stopped = 1.0 - np.exp(-width_um * hair.pigment / HAIR_OPAQUE_UM[hair.colour])
        if self.setting.root_shadow > 0 and hair.buried_um > 0:
            run = np.linspace(0.0, hair.length_mm * 1e3, len(width_um))
            stopped *= np.clip(0.55 + 0.45 * run / FADE_UM, 0.0, 1.0)
        return np.asarray(stopped)

    def _look(self, hair: SceneHair, rng: np.random.Generator) -> NDArray[np.float32]:
        """Reflectance, darker edges, bright stripe and its place."""
        pale = hair.colour in _PALE
        thick = float(np.clip((hair.diameter_um - 25.0) / 30.0, 0.0, 1.0))
        stripe = self.setting.specular * thick * rng.uniform(0.2, 1.2) * (0.25 if pale else 0.10)
        return np.array(
            [*_shade(hair), 0.30 if pale else 0.1, stripe, rng.uniform(-0.4, 0.4)], np.float32
        )

    def _contrast(self, i: int, bare: Picture) -> float:
        height, width = bare.shape[:2]
        at = np.round(self.paths[i]).astype(int)
        held = (at[:, 0] >= 0) & (at[:, 0] < width) & (at[:, 1] >= 0) & (at[:, 1] < height)
        if not held.any():
            return 0.0
        skin = float((bare[at[held, 1], at[held, 0]] @ LUMINANCE).mean())
        shaft = float(_shade(self.hairs[i]) @ LUMINANCE)
        width_px = float(self.widths_px[i].mean())
        spread = math.hypot(self.setting.blur_um / self.setting.um_per_px, math.sqrt(1.0 / 12.0))
        peak = math.erf(width_px / (2.0 * math.sqrt(2.0) * spread))
        return float(self.opacities[i].max()) * (1.0 - shaft / skin) * peak


def bury(
    reflectance: Picture,
    scene: list[SceneHair],
    lines: list[Floats],
    plane: Floats,
    setting: RenderSetting,
) -> None:
    """Darken the skin where a shaft still runs below it: a soft bluish shadow behind the root."""
    if setting.root_shadow <= 0 or not scene:
        return
    nodes, shape = [], []
    for hair, line in zip(scene, lines, strict=True):
        back = (line[0] - line[1]) / (np.linalg.norm(line[0] - line[1]) + 1e-12)
        run = line[0] + np.linspace(-20.0, hair.buried_um, _BURIED)[:, None] * back
        nodes.append(through(plane, run))
        radius = 0.75 * hair.diameter_um * across_scale(plane, run)
        shape.append(np.stack([radius, _darkness(hair) * np.linspace(1.0, 0.4, _BURIED)], axis=-1))
    depth = np.zeros((*reflectance.shape[:2], 1), np.float32)
    owner = np.full(reflectance.shape[:2], -1, np.int32)
    look = np.tile(np.array([1.0, 0.0, 0.0, 0.0], np.float32), (len(scene), 1))
    first = np.arange(0, _BURIED * len(scene) + 1, _BURIED)
    draw_shafts(depth, owner, np.concatenate(nodes), np.concatenate(shape), first, look)
    soft = cv2.GaussianBlur(depth[..., 0], (0, 0), max(_SHADOW_SIGMA_UM / setting.um_per_px, 0.3))
    reflectance *= np.exp(-setting.root_shadow * soft[..., None] * _SHADOW, dtype=np.float32)


def _darkness(hair: SceneHair) -> float:
    """Optical depth of the shadow of a buried shaft: about 0.9 for black, little for white."""
    return -0.27 * math.log(max(HAIR_REFLECTANCE[hair.colour][1], 0.03)) * hair.pigment


def _shade(hair: SceneHair) -> Floats:
    """Reflectance of the shaft; less pigment is lighter."""
    return np.asarray(np.power(HAIR_REFLECTANCE[hair.colour], hair.pigment))
