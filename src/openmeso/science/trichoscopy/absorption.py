"""From a picture to absorption: how much light a place takes from the skin around it."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from openmeso.science.trichoscopy.srgb import linear
from openmeso.terms.trichoscopy import TrichoscopyInputError

_LEAST_SIDE_PX = 16
_MOST_PIXELS = 120_000_000
_CHANNELS = np.array([0.45, 0.45, 0.10], np.float32)  # R, G, B: blue is the noisiest in JPEG
_BACKGROUND_UM = 420.0  # wider than a bundle of three shafts, narrower than a shade of skin
_DECODED = linear(np.arange(256)).astype(np.float32)
_LOGARITHM = np.log(_DECODED + 0.004).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Absorption:
    """``a`` (height, width) 0 to 1, at ``um_per_px``; ``ratio`` working to uploaded pixels."""

    a: NDArray[np.float32]
    um_per_px: float
    ratio: float


def check_picture(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture as (height, width, 3) uint8; grey and RGBA are taken, all else is refused."""
    if not isinstance(image, np.ndarray):
        raise TrichoscopyInputError("image", f"expected an array; got {type(image).__name__}")
    if image.dtype != np.uint8:
        raise TrichoscopyInputError("image", f"expected 8 bits a channel; got {image.dtype}")
    if image.ndim == 3 and image.shape[2] == 1:
        image = image[:, :, 0]
    if image.ndim == 2:
        image = np.repeat(image[:, :, None], 3, axis=2)
    if image.ndim != 3 or image.shape[2] not in (3, 4):
        raise TrichoscopyInputError(
            "image", f"expected grey, RGB or RGBA (height, width, 3); got shape {image.shape}"
        )
    height, width = image.shape[:2]
    if min(height, width) < _LEAST_SIDE_PX or height * width > _MOST_PIXELS:
        raise TrichoscopyInputError(
            "image",
            f"expected {_LEAST_SIDE_PX} pixels a side to {_MOST_PIXELS // 10**6} million in all; "
            f"got {width} x {height}",
        )
    return np.ascontiguousarray(image[:, :, :3])


def linear_light(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Weighted channel of the picture in linear light, 0 to 1."""
    light = np.zeros(image.shape[:2], np.float32)
    for channel in range(3):
        light += cv2.LUT(image[:, :, channel], _DECODED * _CHANNELS[channel])
    return light


def hue(image: NDArray[np.uint8], shape: tuple[int, int]) -> NDArray[np.float32]:
    """Logarithm (2, height, width) of green over red and of blue over green, in linear light.

    Blood takes green and leaves red; the melanin of a hair takes both.
    """
    small = cv2.resize(image, shape[::-1], interpolation=cv2.INTER_AREA)
    red, green, blue = (cv2.LUT(small[:, :, channel], _LOGARITHM) for channel in range(3))
    return np.stack([green - red, blue - green])


def absorb(
    light: NDArray[np.float32], um_per_px: float, work_um: float, light_hair: bool
) -> Absorption:
    """Absorption over a closing background at about ``work_um``; paler hair turned dark."""
    ratio = min(um_per_px / work_um, 1.0)
    height, width = light.shape
    size = (max(round(width * ratio), 8), max(round(height * ratio), 8))
    small = light if ratio == 1.0 else cv2.resize(light, size, interpolation=cv2.INTER_AREA)
    um = um_per_px / ratio
    part = min(max(24.0 / um, 1.0), 1e3) ** -1
    coarse = cv2.resize(
        small,
        (max(round(size[0] * part), 4), max(round(size[1] * part), 4)),
        interpolation=cv2.INTER_AREA,
    )
    side = max(round(_BACKGROUND_UM * part / um) | 1, 3)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    kind = cv2.MORPH_OPEN if light_hair else cv2.MORPH_CLOSE
    back = cv2.morphologyEx(coarse, kind, disc, borderType=cv2.BORDER_REFLECT)
    back = cv2.GaussianBlur(back, (0, 0), side / 4)
    back = np.maximum(cv2.resize(back, size, interpolation=cv2.INTER_LINEAR), 0.004)
    a = np.minimum(back / np.maximum(small, 0.004) if light_hair else small / back, 1.0)
    return Absorption((1.0 - a).astype(np.float32), um, ratio)
