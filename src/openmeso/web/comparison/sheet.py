"""A comparison in words and drawings, as its page shows it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from openmeso.gateways.forecast_sheet import amount
from openmeso.services import comparison as comparisons
from openmeso.services import measurement as measurements
from openmeso.terms.comparison import Change, ComparedHair, Comparison, Fate
from openmeso.terms.phototrichogram import GrownHair, Growth, Phototrichogram
from openmeso.terms.trichoscopy import Estimate, HairField, Point
from openmeso.web.comparison_words import DOUBTS, FATES, KINDS, MEANINGS, signed

if TYPE_CHECKING:
    from openmeso.records.models import Comparison as ComparisonRecord

_QUIET = (Fate.KEPT.value, Growth.RESTING.value)
"""Drawn without a number: what most hairs do."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A hair in one of the pictures: path, corner of its mark, and whether it was traced there."""

    path: str
    x: str
    y: str
    traced: bool


@dataclass(frozen=True, slots=True)
class HairMark:
    """A hair in both pictures; ``number`` is 0 where it is not listed."""

    number: int
    code: str
    name: object
    before: Drawn
    after: Drawn
    told: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A number at both visits and what is said of its change."""

    label: object
    unit: str
    before: str
    after: str
    change: str
    interval: str
    smallest: str
    is_beyond_error: bool


@dataclass(frozen=True, slots=True)
class FateLine:
    """How many hairs had a fate."""

    code: str
    name: object
    meaning: object
    number: int


@dataclass(frozen=True, slots=True)
class ComparisonSheet:
    """Everything a comparison's page says."""

    title: object
    days: int
    width_px: int
    height_px: int
    later_width_px: int
    later_height_px: int
    laid_over: str
    mark_px: float
    hairs: tuple[HairMark, ...]
    fates: tuple[FateLine, ...]
    changes: tuple[ChangeLine, ...]
    growth: tuple[tuple[object, str, str], ...]
    area_cm2: float | None
    rotation: str
    zoom: str
    units: tuple[int, int]
    is_stale: bool

    @property
    def listed(self) -> tuple[HairMark, ...]:
        """The hairs with a number."""
        return tuple(one for one in self.hairs if one.number)

    @property
    def is_changed(self) -> bool:
        """Whether any number changed beyond its error."""
        return any(one.is_beyond_error for one in self.changes)


def comparison_sheet(record: "ComparisonRecord") -> ComparisonSheet:
    """Put a comparison into words and drawings."""
    made = comparisons.to_terms(record)
    fields = [measurements.to_terms(one).field for one in (record.before, record.after)]
    sizes = [_size(field) for field in fields]
    matrix = " ".join(f"{each:.6g}" for each in comparisons.laid_over(record))
    registration = made.registration
    mark_px = round(max(sizes[0]) / 48, 1)
    return ComparisonSheet(
        title=KINDS[record.kind],
        days=comparisons.days_between(record),
        width_px=sizes[0][0],
        height_px=sizes[0][1],
        later_width_px=sizes[1][0],
        later_height_px=sizes[1][1],
        laid_over=matrix,
        mark_px=mark_px,
        hairs=tuple(_marks(made, mark_px)),
        fates=tuple(_fates(made)),
        changes=() if isinstance(made, Phototrichogram) else tuple(_changes(made)),
        growth=tuple(_growth(made)) if isinstance(made, Phototrichogram) else (),
        area_cm2=None if isinstance(made, Phototrichogram) else made.area_cm2,
        rotation=signed(registration.rotation_deg),
        zoom=signed(100 * (registration.zoom - 1)),
        units=(registration.units_matched, registration.units_in_common),
        is_stale=bool(record.before.withdrawn_at or record.after.withdrawn_at),
    )


def _size(field: HairField | None) -> tuple[int, int]:
    return (field.width_px, field.height_px) if field else (1, 1)


def _marks(made: Comparison | Phototrichogram, mark_px: float) -> Iterator[HairMark]:
    number = 0
    for hair in sorted(made.hairs, key=_place):
        code = _code(hair)
        number += code not in _QUIET
        yield HairMark(
            0 if code in _QUIET else number,
            code,
            FATES[code],
            _drawn(hair.before_path_px, hair.before, mark_px),
            _drawn(hair.after_path_px, hair.after, mark_px),
            _told(hair),
        )


def _code(hair: ComparedHair | GrownHair) -> str:
    return (hair.fate if isinstance(hair, ComparedHair) else hair.growth).value


def _place(hair: ComparedHair | GrownHair) -> tuple[int, float]:
    """By fate, then down the picture."""
    return list(FATES).index(_code(hair)), hair.before_path_px[0][1]


def _drawn(path: tuple[Point, ...], traced: int | None, mark_px: float) -> Drawn:
    x, y = path[0]
    return Drawn(
        "M" + "L".join(f"{across:.1f} {down:.1f}" for across, down in path),
        f"{x - mark_px / 2:.1f}",
        f"{y - mark_px / 2:.1f}",
        traced is not None,
    )


def _told(hair: ComparedHair | GrownHair) -> str:
    """What is known of a hair, in a few words."""
    if isinstance(hair, GrownHair):
        return f"{hair.growth_mm:+.2f} mm" if hair.growth_mm is not None else ""
    if hair.doubt is not None:
        return str(DOUBTS[hair.doubt.value])
    if hair.before_um is not None and hair.after_um is not None:
        return f"{hair.before_um:.0f} → {hair.after_um:.0f} µm"
    if hair.evidence is None:
        return ""
    share = max(0.0, min(hair.evidence, 1.0))
    return _("%(share)d %% of its darkness found on looking again") % {"share": round(100 * share)}


def _fates(made: Comparison | Phototrichogram) -> Iterator[FateLine]:
    if isinstance(made, Phototrichogram):
        counted = {one.value: made.number(one) for one in Growth}
    else:
        counted = {one.value: made.number(one) for one in Fate}
    for code in FATES:
        if code in counted:
            yield FateLine(code, FATES[code], MEANINGS[code], counted[code])


def _changes(made: Comparison) -> Iterator[ChangeLine]:
    for label, unit, change in (
        (_("Hairs on the skin that both show"), "", made.count),
        (_("Density"), "/cm²", made.density_cm2),
        (_("Mean width of hairs measured in both"), "µm", made.width_um),
    ):
        if change is not None:
            yield _change_line(label, unit, change)


def _change_line(label: object, unit: str, change: Change) -> ChangeLine:
    known = change.change
    return ChangeLine(
        label,
        unit,
        amount(change.before),
        amount(change.after),
        signed(known.value),
        _("%(low)s to %(high)s") % {"low": signed(known.low), "high": signed(known.high)},
        amount(change.smallest_detectable),
        change.is_beyond_error,
    )


def _growth(made: Phototrichogram) -> Iterator[tuple[object, str, str]]:
    if made.anagen:
        yield _("Growing hairs"), f"{100 * made.anagen.value:.0f} %", _range(made.anagen, 100, 0)
    if made.rate_mm_day:
        rate = made.rate_mm_day
        yield _("Growth"), f"{rate.value:.2f} mm " + _("a day"), _range(rate, 1, 2)
    if made.rate_quartiles_mm_day:
        low, half, high = made.rate_quartiles_mm_day
        yield (
            _("Half of the growing hairs"),
            f"{low:.2f}–{high:.2f} mm " + _("a day"),
            f"{half:.2f}",
        )


def _range(known: Estimate, times: float, digits: int) -> str:
    return f"{times * known.low:.{digits}f}–{times * known.high:.{digits}f}"
