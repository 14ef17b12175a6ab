"""The sRGB code of a picture and the light it stands for (IEC 61966-2-1)."""

import numpy as np
from numpy.typing import NDArray


def linear(srgb: NDArray[np.generic]) -> NDArray[np.float64]:
    """SRGB 0 to 255 as linear light 0 to 1."""
    share = np.asarray(srgb, float) / 255.0
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def coded(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """Linear light 0 to 1 as sRGB 0 to 255, not rounded."""
    return 255.0 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
