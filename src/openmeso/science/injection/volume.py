"""When points times volume per point contradicts the published session volume."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from openmeso.science.injection.grid import count_points
from openmeso.science.injection.zone import TreatedZone
from openmeso.terms.grid import GridSpec
from openmeso.terms.plan import VolumeConflict, WayOut
from openmeso.terms.provenance import Quantity

_SLACK = 1e-9
_SPACING_STEP_MM = 0.5
_MOST_TRIES = 40


@dataclass(frozen=True, slots=True)
class PlannedVolume:
    """The points of a session and the volume of each, over the skin they lie in."""

    treated: Sequence[TreatedZone]
    spec: GridSpec
    points: int
    volume_per_point_ml: float

    @property
    def total_ml(self) -> float:
        """Volume injected in the session [mL]."""
        return self.points * self.volume_per_point_ml


def volume_conflict(
    planned: PlannedVolume, published: Quantity, per_point: Quantity | None = None
) -> VolumeConflict | None:
    """How far the planned volume is from the published session volume, and the ways out.

    ``published`` is the session volume of the protocol or technique [mL]; a single figure is
    read to the precision it is printed in (2 mL as 1.5–2.5 mL). ``per_point`` is the
    technique's published volume per point [mL], so that a way out beyond it says so. None
    where the planned volume lies within.

    Each way out really resolves: the wider spacing is found by laying the grid again.
    """
    low, high = _as_printed(published)
    total = planned.total_ml
    if low - _SLACK <= total <= high + _SLACK:
        return None
    ratio = total / published.upper if total > high else total / published.lower
    ways = (
        _other_spacing(planned, low, high),
        _other_volume(planned, low, high, per_point),
        _other_area(planned, low, high),
    )
    return VolumeConflict(
        planned_ml=total,
        published_low_ml=published.lower,
        published_high_ml=published.upper,
        ratio=ratio,
        sentence=_sentence(planned, published, ratio),
        ways_out=tuple(way for way in ways if way is not None),
        facts=published.facts,
    )


def _as_printed(published: Quantity) -> tuple[float, float]:
    if published.lower < published.upper:
        return published.lower, published.upper
    figure = published.middle
    decimals = next((d for d in range(4) if abs(round(figure, d) - figure) < _SLACK), 4)
    half = 0.5 * 10.0**-decimals
    return max(figure - half, figure / 2), figure + half


def _sentence(planned: PlannedVolume, published: Quantity, ratio: float) -> str:
    single = published.lower == published.upper
    less = f"{ratio:.0%} of the" if single else f"{ratio:.0%} of the least"
    times = f"{ratio:.2g} times the" if ratio >= 1 else less
    return (
        f"{planned.points} points of {planned.volume_per_point_ml:g} mL make"
        f" {planned.total_ml:.3g} mL, {times} published {_range(published)} a session."
    )


def _range(quantity: Quantity) -> str:
    if quantity.lower == quantity.upper:
        return f"{quantity.lower:g} {quantity.unit}"
    return f"{quantity.lower:g}–{quantity.upper:g} {quantity.unit}"


def _other_spacing(planned: PlannedVolume, low: float, high: float) -> WayOut | None:
    volume = planned.volume_per_point_ml
    fewest, most = math.ceil(low / volume - _SLACK), math.floor(high / volume + _SLACK)
    found = _spacing_for(planned, max(fewest, 1), most) if most >= 1 else None
    if found is None:
        return None
    spacing, points = found
    wider = spacing > planned.spec.spacing_mm
    return WayOut(
        id="wider_spacing" if wider else "narrower_spacing",
        sentence=(
            f"{'Wider' if wider else 'Narrower'} spacing: {spacing:g} mm instead of"
            f" {planned.spec.spacing_mm:g} mm gives {points} points, {points * volume:.3g} mL."
        ),
        spacing_mm=spacing,
    )


def _spacing_for(planned: PlannedVolume, fewest: int, most: int) -> tuple[float, int] | None:
    """A spacing near the planned one whose grid has ``fewest`` to ``most`` points, and these.

    Points go about as one over the square of the spacing, which gives the first guess; half
    millimetres are tried from there, then tenths.
    """
    narrow = planned.points < fewest
    wanted = fewest if narrow else most
    guess = planned.spec.spacing_mm * math.sqrt(planned.points / wanted)
    step = -_SPACING_STEP_MM if narrow else _SPACING_STEP_MM
    start = (math.floor if narrow else math.ceil)(guess / _SPACING_STEP_MM) * _SPACING_STEP_MM
    for size in (step, step / 5):
        spacing = round(start - step, 1)
        for _ in range(_MOST_TRIES):
            if spacing <= 0:
                break
            points = count_points(planned.treated, replace(planned.spec, spacing_mm=spacing))
            if fewest <= points <= most:
                return spacing, points
            spacing = round(spacing + size, 1)
    return None


def _other_volume(
    planned: PlannedVolume, low: float, high: float, per_point: Quantity | None
) -> WayOut:
    least, most = low / planned.points, high / planned.points
    smaller = planned.volume_per_point_ml > most
    volume = _round_within(least, most, smaller)
    sentence = (
        f"{'Smaller' if smaller else 'Larger'} volume per point: {volume:g} mL instead of"
        f" {planned.volume_per_point_ml:g} mL gives {planned.points * volume:.3g} mL."
    )
    if per_point is not None and not (
        per_point.lower - _SLACK <= volume <= per_point.upper + _SLACK
    ):
        sentence += (
            f" That is {'below' if volume < per_point.lower else 'above'} the"
            f" {_range(per_point)} published for the technique."
        )
    return WayOut(
        id="smaller_volume_per_point" if smaller else "larger_volume_per_point",
        sentence=sentence,
        volume_per_point_ml=volume,
    )


def _round_within(least: float, most: float, from_above: bool) -> float:
    """The shortest decimal between the bounds, nearest to the one the plan comes from."""
    for decimals in range(2, 12):
        unit = 10.0**decimals
        value = (
            math.floor(most * unit + _SLACK) if from_above else math.ceil(least * unit - _SLACK)
        ) / unit
        if value > 0 and least <= value <= most:
            return value
    return most if from_above else least


def _other_area(planned: PlannedVolume, low: float, high: float) -> WayOut | None:
    volume = planned.volume_per_point_ml
    area = sum(one.area_cm2 for one in planned.treated)
    if planned.total_ml < low:
        wanted = area * math.ceil(low / volume - _SLACK) / planned.points
        return WayOut(
            "larger_area",
            f"Larger area: {wanted:.3g} cm² instead of {area:.3g} cm², or draw up less than"
            " published: a small area needs less.",
            area_cm2=wanted,
        )
    most = math.floor(high / volume + _SLACK)
    if most < 1:
        return None
    sessions = math.ceil(planned.points / most)
    each = math.ceil(planned.points / sessions)
    return WayOut(
        "smaller_area",
        f"Smaller area: at most {area * most / planned.points:.3g} cm² a session, or the"
        f" {area:.3g} cm² split over {sessions} sessions of about {each} points,"
        f" {each * volume:.3g} mL each.",
        area_cm2=area * most / planned.points,
    )
