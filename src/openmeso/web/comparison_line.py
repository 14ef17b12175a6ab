"""A comparison in a list: what came out, in words, and which of it is beyond error."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from openmeso.gateways.forecast_sheet import amount
from openmeso.services.comparison import days_between, summary_of
from openmeso.terms.comparison import Change, ComparisonSummary
from openmeso.web.comparison_words import KINDS, TOLD, signed
from openmeso.web.measurement_line import value_lines
from openmeso.web.measurement_words import SITES

if TYPE_CHECKING:
    from openmeso.records.models import Comparison


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of what came out."""

    words: str
    is_change: bool


@dataclass(frozen=True, slots=True)
class ComparisonLine:
    """A comparison in a list."""

    record: "Comparison"
    what: object
    site: object
    days: int
    hairs: str
    said: tuple[Said, ...]
    is_stale: bool

    @property
    def in_short(self) -> str:
        """All of it in one line."""
        return "; ".join([self.hairs, *(one.words for one in self.said)])


def comparison_line(record: "Comparison") -> ComparisonLine:
    """Put a comparison into a few words, without reading its hairs."""
    summary = summary_of(record)
    return ComparisonLine(
        record,
        KINDS[record.kind],
        SITES.get(record.after.site, ""),
        days_between(record),
        _hairs(summary),
        tuple(_said(summary)),
        bool(record.before.withdrawn_at or record.after.withdrawn_at),
    )


def _hairs(summary: ComparisonSummary) -> str:
    """How many hairs had which fate; those that stayed as they were go without saying."""
    counted = [(words, summary.fates.get(code, 0)) for code, words in TOLD.items()]
    found = [str(words) % {"n": n} for words, n in counted if n]
    if found:
        return ", ".join(found)
    return _("no hair gained, lost, thicker or thinner")


def _said(summary: ComparisonSummary) -> Iterator[Said]:
    for label, unit, change in (
        (_("Density"), "/cm²", summary.density_cm2),
        (_("Hairs"), "", None if summary.density_cm2 else summary.count),
        (_("Mean width"), "µm", summary.width_um),
    ):
        if change is not None:
            yield _change(label, unit, change)
    for line in value_lines(summary.values):
        yield Said(f"{line.label} {line.value} {line.unit} ({line.interval})", is_change=False)


def _change(label: object, unit: str, change: Change) -> Said:
    given = {
        "label": label,
        "change": f"{signed(change.change.value)} {unit}".strip(),
        "low": signed(change.change.low),
        "high": signed(change.change.high),
        "least": amount(change.smallest_detectable),
    }
    if change.is_beyond_error:
        return Said(
            _("%(label)s %(change)s (%(low)s to %(high)s), a change beyond error") % given, True
        )
    return Said(
        _(
            "%(label)s %(change)s (%(low)s to %(high)s), smaller than the smallest detectable "
            "change of %(least)s: not called a change"
        )
        % given,
        False,
    )
