"""Comparison: two pictures of one spot, compared once and kept; withdrawn, it stays to be read."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from openmeso import __version__
from openmeso.gateways import clock
from openmeso.gateways.comparison import MeasuredPicture, compare_visits, read_phototrichogram
from openmeso.gateways.conversion import converter, structure
from openmeso.gateways.picture import read_picture
from openmeso.records.models import Comparison, Measurement, Patient, User
from openmeso.records.models.measurement import MeasurementStatus
from openmeso.services import audit, permission
from openmeso.services import file as files
from openmeso.services import measurement as measurements
from openmeso.services.patient import visible_to as visible_patients
from openmeso.services.refusal import NotFound
from openmeso.terms import comparison as terms
from openmeso.terms.comparison import ComparisonKind, ComparisonSummary, NoComparison
from openmeso.terms.phototrichogram import MOST_DAYS, Phototrichogram
from openmeso.terms.trichoscopy import MeasureSetting

Made = terms.Comparison | Phototrichogram
_HOLD = (MeasurementStatus.DRAFT, MeasurementStatus.ACCEPTED)
_ROWS = ("patient__clinic", "before", "after", "created_by", "accepted_by", "withdrawn_by")


def visible_to(user: permission.Asker) -> QuerySet[Comparison]:
    """Comparisons of the patients somebody may open, newest first."""
    return Comparison.objects.filter(patient__in=visible_patients(user)).select_related(*_ROWS)


@transaction.atomic
def get(*, by: User, pk: UUID, purpose: str) -> Comparison:
    """One comparison, the read noted."""
    permission.require(by, "patient.see")
    found = visible_to(by).filter(pk=pk).first()
    if found is None:
        raise NotFound("No such comparison in your clinic.")
    audit.record(by=by, action="read", of=found, purpose=purpose)
    return found


def of_measurement(measurement: Measurement) -> QuerySet[Comparison]:
    """Those that any revision of a measurement has part in, without their hairs."""
    series = measurement.series
    return (
        Comparison.objects.filter(Q(before__series=series) | Q(after__series=series))
        .select_related(*_ROWS)
        .defer("data", "before__data", "after__data")
    )


def of_patient(patient: Patient) -> QuerySet[Comparison]:
    """All of a patient, the latest picture first, without their hairs."""
    return (
        Comparison.objects.filter(patient=patient)
        .select_related(*_ROWS)
        .defer("data", "before__data", "after__data")
        .order_by("-after__measured_on", "-created_at")
    )


@dataclass(frozen=True, slots=True)
class Offer:
    """Two pictures of one spot that nobody has compared, and what for."""

    before: Measurement
    after: Measurement
    kind: ComparisonKind

    @property
    def days(self) -> int:
        """Days from the earlier picture to the later one."""
        return (self.after.measured_on - self.before.measured_on).days


def offer(
    after: Measurement, held: Iterable[Measurement], compared: Iterable[Comparison]
) -> Offer | None:
    """A picture beside the last one of its spot of an earlier day, unless they are compared already.

    ``held`` are the newest revisions of the patient's measurements, the latest day first. Pictures a
    few days apart are offered as a phototrichogram.
    """
    earlier = (
        each
        for each in held
        if _is_picture(each) and each.site == after.site and each.measured_on < after.measured_on
    )
    before = next(earlier, None)
    done = {(each.before.series, each.after.series) for each in compared if not each.withdrawn_at}
    if before is None or not _is_picture(after) or (before.series, after.series) in done:
        return None
    days = (after.measured_on - before.measured_on).days
    is_close = days <= MOST_DAYS
    kind = ComparisonKind.PHOTOTRICHOGRAM if is_close else ComparisonKind.VISITS
    return Offer(before, after, kind)


def offers(held: list[Measurement], compared: Collection[Comparison]) -> list[Offer]:
    """What is offered of the last picture of each spot."""
    last: dict[str, Measurement] = {}
    for each in held:
        if _is_picture(each):
            last.setdefault(each.site, each)
    found = (offer(each, held, compared) for each in last.values())
    return [each for each in found if each is not None]


def _is_picture(record: Measurement) -> bool:
    """Whether it has hairs that can be compared."""
    return record.picture_id is not None and record.status in _HOLD


def comparable(measurement: Measurement) -> list[Measurement]:
    """Earlier pictures of the same spot, the newest first, each by its newest revision."""
    if measurement.picture_id is None:
        return []
    return [
        each
        for each in measurements.of_patient(measurement.patient)
        if _is_picture(each)
        and each.site == measurement.site
        and each.series != measurement.series
        and each.measured_on <= measurement.measured_on
    ]


def to_terms(record: Comparison) -> Made:
    """The comparison as it was made."""
    if record.kind == ComparisonKind.PHOTOTRICHOGRAM.value:
        return structure(record.data, Phototrichogram)
    return structure(record.data, terms.Comparison)


def summary_of(record: Comparison) -> ComparisonSummary:
    """What it comes to, without reading its hairs where that was kept."""
    if record.summary is None:
        return _summary(to_terms(record))
    return structure(record.summary, ComparisonSummary)


def _summary(made: Made) -> ComparisonSummary:
    from openmeso.science.trichoscopy.outcome import comparison_summary

    return comparison_summary(made)


def days_between(record: Comparison) -> int:
    """Days from the earlier picture to the later one."""
    return (record.after.measured_on - record.before.measured_on).days


def laid_over(record: Comparison) -> tuple[float, ...]:
    """How the later picture is laid on the earlier one, as an SVG matrix."""
    from openmeso.science.trichoscopy import spot

    field = measurements.to_terms(record.before).field
    size = (field.width_px, field.height_px) if field else (1, 1)
    return spot.laid_over(to_terms(record).registration, *size)


@transaction.atomic
def compare(
    *,
    by: User,
    before: Measurement,
    after: Measurement,
    kind: ComparisonKind,
    found: Made | None = None,
) -> Comparison:
    """Compare two pictures of a spot and keep what comes out, or was ``found``.

    It counts once it is accepted.
    """
    permission.require(by, "comparison.save", after)
    permission.require(by, "comparison.save", before)
    _check(before, after)
    made = found or _compared(before, after, kind)
    plain: Callable[[object], object] = converter().unstructure
    record = Comparison(
        patient=after.patient,
        kind=kind.value,
        before=before,
        after=after,
        software=f"openmeso {__version__}, {made.method}",
        data=plain(made),
        summary=plain(_summary(made)),
        created_at=clock.now(),
        created_by=by,
    )
    record.save(force_insert=True)
    details = {"kind": kind.value, "before": str(before.pk), "after": str(after.pk)}
    audit.record(by=by, action="compare", of=record, details=details)
    return record


def _compared(before: Measurement, after: Measurement, kind: ComparisonKind) -> Made:
    one, other = _measured(before), _measured(after)
    try:
        if kind is ComparisonKind.PHOTOTRICHOGRAM:
            days = (after.measured_on - before.measured_on).days
            return read_phototrichogram(one, other, days)
        return compare_visits(one, other)
    except NoComparison as fault:
        raise ValidationError(str(fault)) from fault


@transaction.atomic
def accept(*, by: User, comparison: Comparison) -> Comparison:
    """Vouch for it: somebody has looked at the hairs."""
    permission.require(by, "comparison.accept", comparison)
    comparison = _locked(comparison)
    if comparison.status is MeasurementStatus.ACCEPTED:
        return comparison
    if comparison.status is MeasurementStatus.WITHDRAWN:
        raise ValidationError("A withdrawn comparison cannot be accepted.")
    if comparison.before.withdrawn_at or comparison.after.withdrawn_at:
        raise ValidationError("One of its two measurements is withdrawn.")
    comparison.accepted_at, comparison.accepted_by = clock.now(), by
    comparison.save(update_fields=["accepted_at", "accepted_by"])
    audit.record(by=by, action="accept", of=comparison)
    return comparison


@transaction.atomic
def withdraw(*, by: User, comparison: Comparison, because: str) -> Comparison:
    """Let it count no more, for a recorded reason; it stays to be read."""
    permission.require(by, "comparison.withdraw", comparison)
    because = " ".join(because.split())[:400]
    if not because:
        raise ValidationError({"because": "Say why it is withdrawn."})
    comparison = _locked(comparison)
    if comparison.withdrawn_at:
        return comparison
    comparison.withdrawn_at, comparison.withdrawn_by = clock.now(), by
    comparison.withdrawn_because = because
    comparison.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    audit.record(by=by, action="withdraw", of=comparison, details={"reason": because})
    return comparison


def _check(before: Measurement, after: Measurement) -> None:
    if before.patient_id != after.patient_id or before.series == after.series:
        raise ValidationError("Two pictures of one patient are compared.")
    if before.site != after.site:
        raise ValidationError("The two pictures are not of the same spot.")
    if before.measured_on > after.measured_on:
        raise ValidationError("The earlier picture comes first.")
    for each in (before, after):
        if each.picture_id is None:
            raise ValidationError("Only pictures can be compared.")
        if each.status not in _HOLD:
            raise ValidationError(f"A {each.status} measurement cannot be compared.")


def _measured(record: Measurement) -> MeasuredPicture:
    made = measurements.to_terms(record)
    if made.field is None or record.picture is None:
        raise ValidationError("Only pictures can be compared.")
    shown = read_picture(files.opened(record.picture))
    return MeasuredPicture(shown, made.field, made.setting or MeasureSetting())


def _locked(comparison: Comparison) -> Comparison:
    return (
        Comparison.objects.select_for_update(of=("self",))
        .select_related("patient__clinic", "before", "after")
        .get(pk=comparison.pk)
    )
