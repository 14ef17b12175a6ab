"""Trichoscopy: a decoded picture handed to the science, and its hairs as terms."""

from openmeso.gateways.picture import Picture
from openmeso.terms.trichoscopy import HairField, MeasureSetting, Scale


def read_field(shown: Picture, *, scale: Scale | None, setting: MeasureSetting) -> HairField:
    """Every hair of the picture, its numbers and what is wrong with it."""
    # Numba is slow to import: only who measures waits for it.
    import numpy as np

    from openmeso.science.trichoscopy import field

    return field.read_field(np.asarray(shown.image), scale, setting)


def read_trial_field() -> HairField:
    """Read a drawing of a dozen hairs, so that everything the reader needs is compiled and loaded."""
    import cv2
    import numpy as np

    from openmeso.science.trichoscopy import field

    drawn = np.random.default_rng(0).normal(190.0, 4.0, (480, 600, 3)).clip(0, 255).astype(np.uint8)
    for n in range(12):
        root, tip = (40 + 45 * n, 120 + 90 * (n % 3)), (80 + 40 * n, 220 + 80 * (n % 3))
        cv2.line(drawn, root, tip, (40, 35, 30), 8 + n % 4, cv2.LINE_AA)
    drawn = np.asarray(cv2.GaussianBlur(drawn, (0, 0), 1.2), np.uint8)
    return field.read_field(drawn, Scale(5.0))
