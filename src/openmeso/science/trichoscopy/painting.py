"""Paint over what may not be measured, so that it neither looks like hair nor hides the skin's light."""

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Mask = NDArray[np.bool_]

COARSE = 8  # pixels looked at together
AROUND_PX = 40
LEAST_SHARE = 0.25  # of such pixels that must be seen


def painted_over(image: Image, mask: Mask) -> Image:
    """The picture (h, w, 3) with the colour of the skin around in place of what is masked (h, w).

    Else a white bar or a bubble's rim would make the skin beside it look dark, as hair does, and
    the border of what is left out would look like the side of a hair.
    """
    if not mask.any() or mask.all():
        return image
    height, width = mask.shape
    size = (max(width // COARSE, 1), max(height // COARSE, 1))
    free = (~mask).astype(np.float32)
    seen = cv2.resize(image * free[..., None], size, interpolation=cv2.INTER_AREA)
    share = cv2.resize(free, size, interpolation=cv2.INTER_AREA)
    side = (AROUND_PX // COARSE) | 1
    for reach in (side, 4 * side + 1, 2 * max(size) + 1):
        # further away where all around is masked as well
        far, weight = cv2.blur(seen, (reach, reach)), cv2.blur(share, (reach, reach))
        lacking = (share < LEAST_SHARE) & (weight > 0)
        seen[lacking], share[lacking] = far[lacking], weight[lacking]
    around = seen.reshape(*share.shape, 3) / np.maximum(share, 1e-6)[..., None]
    bare = cv2.morphologyEx(around, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))  # no glints
    bare = cv2.morphologyEx(bare, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))  # no hair
    whole = cv2.resize(cv2.blur(bare, (3, 3)), (width, height), interpolation=cv2.INTER_LINEAR)
    painted = image.copy()
    painted[mask] = whole[mask].clip(0, 255).astype(np.uint8)
    return painted
