"""Light and camera of a rendered field: gain, vignette, glare, bubbles, blur, noise, JPEG.

All arrays are linear light until :func:`develop`.
"""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from openmeso.science.trichoscopy.render_setting import SKIN_SRGB, RenderSetting
from openmeso.science.trichoscopy.render_skin import Picture, smooth_noise
from openmeso.science.trichoscopy.srgb import coded, linear

Image = NDArray[np.uint8]
Box = tuple[int, int, int, int]

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
TARGET = 0.40  # luminance to which the camera exposes half-heartedly: dark skin stays darker
_STEPS = 4096


def gain(setting: RenderSetting) -> float:
    """What the camera multiplies reflectance with."""
    luminance = float(linear(np.array(SKIN_SRGB[setting.skin])) @ LUMINANCE)
    return setting.exposure * math.sqrt(TARGET / luminance)


def light(setting: RenderSetting, rng: np.random.Generator) -> Picture:
    """(h, w, 3) light that falls on each pixel: gain, darker corners, colour cast."""
    y, x = np.ogrid[-1.0 : 1.0 : setting.height_px * 1j, -1.0 : 1.0 : setting.width_px * 1j]
    off = rng.uniform(-0.15, 0.15, 2)
    fall = 1.0 - setting.vignette * 0.5 * ((x - off[0]) ** 2 + (y - off[1]) ** 2)
    cast = 0.12 * setting.tint * rng.standard_normal((3, 3))
    planes = [fall * (1.0 + cast[c, 0] + cast[c, 1] * x + cast[c, 2] * y) for c in range(3)]
    return np.asarray(gain(setting) * np.stack(planes, axis=-1), np.float32)


def glare(setting: RenderSetting, rng: np.random.Generator) -> Picture:
    """(h, w) light thrown back by the wet or horny surface: glints in patches, and a veil."""
    shape = (setting.height_px, setting.width_px)
    if setting.glare <= 0:
        return np.zeros(shape, np.float32)
    um = setting.um_per_px
    patch = 1.0 / (
        1.0 + np.exp(-3.0 * (smooth_noise(shape, 1300 / um, rng) - 1.6 + 2.2 * setting.glare))
    )
    relief = smooth_noise(shape, max(26 / um, 1.2), rng) + 0.5 * smooth_noise(shape, 70 / um, rng)
    glints = np.minimum(np.maximum(relief - 1.7 + 0.5 * setting.glare, 0.0) * 0.9, 1.2)
    return np.asarray(patch * (glints + 0.06 * setting.glare), np.float32)


def blow_bubbles(
    reflectance: Picture, setting: RenderSetting, rng: np.random.Generator
) -> list[Box]:
    """Air bubbles in the immersion fluid, into ``reflectance``; returns their boxes."""
    boxes = []
    height, width = reflectance.shape[:2]
    for _ in range(setting.bubbles):
        radius = float(rng.uniform(60.0, 420.0)) / setting.um_per_px
        cx, cy = rng.uniform(0, width), rng.uniform(0, height)
        left, right = max(0, int(cx - radius - 2)), min(width, int(cx + radius + 3))
        top, bottom = max(0, int(cy - radius - 2)), min(height, int(cy + radius + 3))
        part = reflectance[top:bottom, left:right]
        if part.size == 0:
            continue
        soft = cv2.GaussianBlur(part, (0, 0), max(20.0 / setting.um_per_px, 0.5))
        y, x = np.mgrid[top:bottom, left:right]
        r = np.hypot(x - cx, y - cy) / radius
        angle = np.arctan2(y - cy, x - cx) - rng.uniform(0, 2 * math.pi)
        inside = np.clip((1.0 - r) * radius, 0.0, 1.0)[..., None]
        rim = (0.7 * np.exp(-(((r - 0.94) / 0.05) ** 2)))[..., None]
        arc = np.exp(-(((r - 0.78) / 0.06) ** 2)) * np.clip(np.cos(angle) * 3.0 - 1.8, 0.0, 1.0)
        seen = soft * 1.08 * (1.0 - rim) + 0.9 * arc[..., None]
        part += (inside * (seen - part)).astype(np.float32)
        boxes.append((left, top, right - left, bottom - top))
    return boxes


def blur(image: Picture, setting: RenderSetting, rng: np.random.Generator) -> Picture:
    """Point spread of the lens, growing towards one side where it is out of focus."""
    sharp = _gauss(image, setting.blur_um / setting.um_per_px)
    if setting.defocus_um <= 0:
        return sharp
    soft = _gauss(image, math.hypot(setting.blur_um, setting.defocus_um) / setting.um_per_px)
    way = rng.uniform(0, 2 * math.pi)
    height, width = image.shape[:2]
    y, x = np.ogrid[-1.0 : 1.0 : height * 1j, -1.0 : 1.0 : width * 1j]
    share = np.clip(0.5 + 0.9 * (x * math.cos(way) + y * math.sin(way)), 0.0, 1.0)
    return np.asarray(sharp + share[..., None].astype(np.float32) * (soft - sharp), np.float32)


def develop(image: Picture, setting: RenderSetting, rng: np.random.Generator) -> Image:
    """Shot noise, then eight bits of sRGB; (h, w, 3)."""
    if setting.noise > 0:
        noise = rng.standard_normal(image.shape, np.float32)
        image = image + noise * (setting.noise * np.sqrt(np.clip(image, 0.0, 1.0) + 0.004))
    steps = np.clip(image * (_STEPS - 1) + 0.5, 0, _STEPS - 1).astype(np.uint16)
    return np.asarray(_SRGB[steps])


def compress(image: Image, quality: int) -> Image:
    """The picture after JPEG at ``quality``; 0 leaves it alone."""
    if not quality:
        return image
    settings = [cv2.IMWRITE_JPEG_QUALITY, quality]
    done, data = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), settings)
    if not done:
        raise RuntimeError("JPEG could not be written")
    back = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return np.asarray(cv2.cvtColor(np.asarray(back, np.uint8), cv2.COLOR_BGR2RGB), np.uint8)


def _gauss(image: Picture, sigma_px: float) -> Picture:
    if sigma_px < 0.1:
        return image
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma_px), np.float32)


def _srgb_table() -> Image:
    return np.round(coded(np.linspace(0.0, 1.0, _STEPS))).astype(np.uint8)


_SRGB = _srgb_table()
