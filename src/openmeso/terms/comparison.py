"""Comparison: the same spot of the scalp at two visits."""

from dataclasses import dataclass


class NoComparison(ValueError):
    """The two pictures cannot be compared; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Registration:
    """Where each place of the first picture lies in the second, and how far to trust it.

    ``x_px`` and ``y_px`` are the coefficients of 1, x, y (and x², xy, y² where there are six) of
    the second picture's position [px] in the first picture's [px]. ``zoom`` is the size of the
    second over the first, beyond what their scales say. ``expected_by_chance`` is how many
    registrations as good as this one two unrelated pictures would show (number of false alarms).
    """

    x_px: tuple[float, ...]
    y_px: tuple[float, ...]
    rotation_deg: float
    zoom: float
    units_in_common: int
    units_matched: int
    residual_um: float
    overlap_share: float
    expected_by_chance: float

    @property
    def matched_share(self) -> float:
        """Units found again, of those that lie in both pictures [1]."""
        return self.units_matched / self.units_in_common if self.units_in_common else 0.0
