"""A measurement in a list, and its numbers with their errors as text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openmeso.gateways.forecast_sheet import amount
from openmeso.services.knowledge import knowledge
from openmeso.services.measurement import values_of
from openmeso.terms.assessment import ScaleScore
from openmeso.terms.measurement import OUTCOMES, OutcomeValue
from openmeso.terms.units import SDS_OF_90_PER_CENT
from openmeso.web.measurement_words import KINDS, METHODS, SITES, outcome_label, unit_words
from openmeso.web.score import in_words

if TYPE_CHECKING:
    from openmeso.records.models import Measurement as MeasurementRecord


@dataclass(frozen=True, slots=True)
class ValueLine:
    """A number as text: its value, the 90 % interval and how it came about."""

    label: object
    value: str
    interval: str
    unit: str
    method: object


def value_lines(values: Iterable[OutcomeValue]) -> Iterator[ValueLine]:
    """The numbers as text, densities first."""
    for each in values:
        about = OUTCOMES[each.outcome]
        half = SDS_OF_90_PER_CENT * each.sd if each.sd else 0.0
        low, high = max(about.low, each.value - half), each.value + half
        yield ValueLine(
            label=outcome_label(each.outcome),
            value=amount(each.value),
            interval=f"{amount(low)}–{amount(high)}" if half else "",
            unit=unit_words(about.unit),
            method=METHODS[each.method.value],
        )


@dataclass(frozen=True, slots=True)
class MeasurementLine:
    """A measurement in a list."""

    record: "MeasurementRecord"
    what: object
    first: ValueLine | None
    status: str


def measurement_line(record: "MeasurementRecord") -> MeasurementLine:
    """Put a measurement into one line, without reading its hairs."""
    what: object = SITES[record.site] if record.site else KINDS[record.kind]
    if record.score:
        scale, _, value = record.score.partition(":")
        what = in_words(ScaleScore(scale, value), knowledge())
    return MeasurementLine(
        record, what, next(value_lines(values_of(record)), None), record.status.value
    )
