"""What values the transport accepts: a refusal names the value given and the range."""

import math

import numpy as np
from numpy.typing import ArrayLike


def above_zero(**given: float) -> None:
    """Refuse what is no finite number above 0.

    >>> above_zero(radius_mm=-1.0)
    Traceback (most recent call last):
    ...
    ValueError: radius_mm must be a finite number above 0, not -1.0
    """
    for name, value in given.items():
        if not (math.isfinite(value) and value > 0):
            raise ValueError(f"{name} must be a finite number above 0, not {value}")


def not_negative(**given: ArrayLike) -> None:
    """Refuse numbers, alone or in arrays, that are not finite or lie below 0."""
    for name, value in given.items():
        values = np.asarray(value, float)
        wrong = values[~(np.isfinite(values) & (values >= 0))]
        if wrong.size:
            raise ValueError(f"{name} must be a finite number, 0 or more, not {wrong.flat[0]}")
