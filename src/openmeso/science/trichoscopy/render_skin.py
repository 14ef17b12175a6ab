"""Skin of a rendered field: colour, mottling, furrows, vessels, flakes and dye, in linear light."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from openmeso.science.trichoscopy.render_setting import SKIN_SRGB, RenderSetting
from openmeso.science.trichoscopy.srgb import linear

Floats = NDArray[np.float64]
Picture = NDArray[np.float32]

FINEST_UM = 8.0  # the skin is drawn no finer than this
# how strongly pigment, blood and dye take away red, green and blue
PIGMENT = np.array([0.6, 0.9, 1.1], np.float32)
BLOOD = np.array([0.12, 0.9, 0.7], np.float32)
DYE = np.array([0.7, 1.0, 1.2], np.float32)


class Skin:
    """A patch of skin seen straight: ``reflectance`` (h, w, 3), ``um_per_px``, half its size [µm]."""

    def __init__(self, reflectance: Picture, um_per_px: float, half_um: Floats) -> None:
        self.reflectance = reflectance
        self.um_per_px = um_per_px
        self.half_um = half_um

    def seen(self, pose: Floats, size: tuple[int, int]) -> Picture:
        """The skin through a camera: ``pose`` (3, 3) takes µm on the skin to pixels; (w, h)."""
        to_um = np.array(
            [
                [self.um_per_px, 0.0, -self.half_um[0]],
                [0.0, self.um_per_px, -self.half_um[1]],
                [0.0, 0.0, 1.0],
            ]
        )
        seen = cv2.warpPerspective(
            self.reflectance, pose @ to_um, size, flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT_101,
        )  # fmt: skip
        return np.asarray(seen, np.float32)


def smooth_noise(shape: tuple[int, int], scale_px: float, rng: np.random.Generator) -> Picture:
    """Gaussian noise (h, w) of unit variance with detail of about ``scale_px``."""
    step = max(scale_px / 1.5, 1.0)
    rows, columns = (max(math.ceil(side / step) + 3, 4) for side in shape)
    coarse = rng.standard_normal((rows, columns), np.float32)
    if step <= 1.0:
        return coarse[: shape[0], : shape[1]]
    # a cut-out at random phase, so that the lattice does not line up with the picture
    to_picture = np.array([[step, 0.0, -step * 1.5], [0.0, step, -step * 1.5]])
    fine = cv2.warpAffine(coarse, to_picture, shape[::-1], flags=cv2.INTER_CUBIC)
    return np.asarray(fine / max(float(fine.std()), 1e-6), np.float32)


def draw_skin(
    setting: RenderSetting,
    margin_mm: float,
    roots_um: Floats,
    lasting: np.random.Generator,
    passing: np.random.Generator,
) -> Skin:
    """Skin of the field and of ``margin_mm`` around it.

    What stays for months (pigment, furrows, vessels) comes from ``lasting``, what changes from day
    to day (blood, flakes, dye around ``roots_um`` (n, 2)) from ``passing``.
    """
    um = max(setting.um_per_px, FINEST_UM)
    half = (
        0.5 * setting.um_per_px * np.array([setting.width_px, setting.height_px]) + margin_mm * 1e3
    )
    shape = (math.ceil(2 * half[1] / um) + 1, math.ceil(2 * half[0] / um) + 1)
    strength = setting.texture
    pigment = 0.05 * smooth_noise(shape, 900 / um, lasting) + 0.025 * smooth_noise(
        shape, 220 / um, lasting
    )
    blood = 0.055 * smooth_noise(shape, 1100 / um, passing) + 0.035 * smooth_noise(
        shape, 300 / um, passing
    )
    blood += 0.35 * _vessels(shape, um, setting, lasting)
    furrows = _furrows(shape, um, lasting)
    grain = 0.035 * smooth_noise(shape, 30 / um, lasting)
    dark = strength * (pigment[..., None] * PIGMENT + blood[..., None] * BLOOD)
    dark += (strength * (furrows + grain))[..., None]
    if setting.dye > 0:
        dark += (setting.dye * _stain(shape, um, half, roots_um, passing))[..., None] * DYE
    base = linear(np.array(SKIN_SRGB[setting.skin])).astype(np.float32)
    reflectance = base * np.exp(-dark, dtype=np.float32)
    flakes = _flakes(shape, um, setting, passing)[..., None]
    reflectance += flakes * (0.25 + 0.5 * base - 0.4 * reflectance)
    return Skin(np.ascontiguousarray(reflectance, np.float32), um, half)


def _furrows(shape: tuple[int, int], um: float, rng: np.random.Generator) -> Picture:
    """A net of fine dark lines where smooth noise passes through zero."""
    coarse = smooth_noise(shape, 330 / um, rng)
    fine = smooth_noise(shape, 130 / um, rng)
    net = 0.07 * np.exp(-((coarse / 0.13) ** 2)) + 0.035 * np.exp(-((fine / 0.2) ** 2))
    return np.asarray(net, np.float32)


def _vessels(
    shape: tuple[int, int], um: float, setting: RenderSetting, rng: np.random.Generator
) -> Picture:
    """Red lines, loops among them, 12 to 30 µm wide."""
    canvas = np.zeros(shape, np.float32)
    number = rng.poisson(setting.vessels_cm2 * shape[0] * shape[1] * (um * 1e-4) ** 2)
    for _ in range(number):
        steps = int(rng.integers(8, 40))
        turns = np.cumsum(rng.normal(rng.normal(0.0, 0.15), 0.12, steps)) + rng.uniform(0, 6.3)
        way = np.cumsum(np.stack([np.cos(turns), np.sin(turns)], -1), axis=0) * 40.0 / um
        points = way + rng.uniform(0, 1, 2) * np.array(shape[::-1])
        cv2.polylines(
            canvas, [np.round(points * 16).astype(np.int32)], False, float(rng.uniform(0.3, 1.0)),
            max(1, round(rng.uniform(12, 30) / um)), cv2.LINE_AA, 4,
        )  # fmt: skip
    return np.asarray(cv2.GaussianBlur(canvas, (0, 0), 14.0 / um), np.float32)


def _flakes(
    shape: tuple[int, int], um: float, setting: RenderSetting, rng: np.random.Generator
) -> Picture:
    """Whitish scales with ragged edges, 60 to 200 µm across."""
    canvas = np.zeros(shape, np.float32)
    number = rng.poisson(setting.flakes_cm2 * shape[0] * shape[1] * (um * 1e-4) ** 2)
    for _ in range(number):
        middle = rng.uniform(0, 1, 2) * np.array(shape[::-1])
        angles = np.linspace(0, 2 * math.pi, 14, endpoint=False)
        radii = rng.uniform(30, 100) / um * rng.uniform(0.5, 1.2, 14)
        ring = middle + radii[:, None] * np.stack([np.cos(angles), 0.7 * np.sin(angles)], -1)
        cv2.fillPoly(
            canvas, [np.round(ring * 16).astype(np.int32)], float(rng.uniform(0.1, 0.5)),
            cv2.LINE_AA, 4,
        )  # fmt: skip
    return np.asarray(cv2.GaussianBlur(canvas, (0, 0), 12.0 / um), np.float32)


def _stain(
    shape: tuple[int, int], um: float, half: Floats, roots_um: Floats, rng: np.random.Generator
) -> Picture:
    """Hair dye on the skin: a brown cloud about each opening and a film over patches."""
    canvas = np.zeros(shape, np.float32)
    for root in roots_um:
        middle = (root + half) / um
        cv2.circle(
            canvas, (round(float(middle[0])), round(float(middle[1]))),
            max(1, round(rng.uniform(90, 190) / um)), float(rng.uniform(0.7, 1.3)), -1,
        )  # fmt: skip
    film = np.maximum(smooth_noise(shape, 700 / um, rng), 0) * 0.5
    return np.asarray(cv2.GaussianBlur(canvas, (0, 0), 45.0 / um) + film, np.float32)
