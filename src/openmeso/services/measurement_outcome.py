"""Measurement as a forecast learns from it: what holds, when, and of which site."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from openmeso.gateways.conversion import structure
from openmeso.records.models import Comparison, Measurement, Patient
from openmeso.terms.comparison import ComparisonKind, ComparisonSummary
from openmeso.terms.forecast import LAST_WEEK, MeasuredOutcome
from openmeso.terms.measurement import (
    FORECAST_TERMINAL_FROM_UM,
    OUTCOMES,
    Method,
    OutcomeValue,
    Site,
)
from openmeso.terms.plan import Plan

DAYS_A_WEEK = 7
BASELINE_DAYS = 90
"""How long before the first session a measurement still stands for the start: an assumption."""

UNTREATED = (Site.OCCIPITAL,)
"""Where pattern loss does not act: measured as a control, never fed to the forecast."""


def newest_accepted(patient: Patient) -> list[Measurement]:
    """Of each series the newest accepted revision that was not withdrawn, the oldest date first."""
    held: dict[UUID, Measurement] = {}
    rows = Measurement.objects.filter(
        patient=patient, accepted_at__isnull=False, withdrawn_at__isnull=True, is_refused=False
    ).order_by("revision")
    for each in rows:
        held[each.series] = each
    return sorted(held.values(), key=lambda one: (one.measured_on, one.created_at))


@dataclass(frozen=True, slots=True)
class _Fed:
    """Numbers of one day and spot that mean what the forecast means by them."""

    on: date
    site: str
    values: tuple[OutcomeValue, ...]


def measured_outcomes(patient: Patient, plan: Plan) -> tuple[MeasuredOutcome, ...]:
    """What was measured on the patient, in weeks from the plan's first session.

    One spot alone is followed: that measured most often between three months before the first
    session and the forecast's end, the occiput excepted. Of several measurements before the first
    session the last day of each outcome stands for week 0. An accepted phototrichogram counts on its later day.
    """
    start = first_session(plan)
    if start is None:
        return ()
    fed = sorted([*_measured(patient), *_grown(patient)], key=lambda one: one.on)
    dated = [
        (each, (each.on - start).days)
        for each in fed
        if -BASELINE_DAYS <= (each.on - start).days <= DAYS_A_WEEK * LAST_WEEK
        and each.site
        and each.site not in UNTREATED
    ]
    site = _followed([each for each, _ in dated])
    told = [(days, one) for each, days in dated if each.site == site for one in each.values]
    baseline: dict[str, int] = {}
    for days, one in told:
        if days <= 0:
            baseline[one.outcome] = max(days, baseline.get(one.outcome, days))
    return tuple(
        _of(one, max(days, 0) / DAYS_A_WEEK)
        for days, one in told
        if days > 0 or days == baseline[one.outcome]
    )


def first_session(plan: Plan) -> date | None:
    """The day that week 0 of the plan's forecast ends."""
    return min((visit.on for visit in plan.visits if visit.session_number), default=None)


def _followed(fed: Iterable[_Fed]) -> str:
    """The site measured most often; of two alike the one measured first."""
    counted = Counter(each.site for each in fed if each.values)
    return counted.most_common(1)[0][0] if counted else ""


def _measured(patient: Patient) -> Iterator[_Fed]:
    for each in newest_accepted(patient):
        cut = (
            (each.data.get("setting") or {}).get("terminal_from_um")
        ) or FORECAST_TERMINAL_FROM_UM
        values = structure(each.values, tuple[OutcomeValue, ...])
        fed = (
            one
            for one in values
            if OUTCOMES[one.outcome].forecast
            and (one.outcome != "terminal_density" or cut == FORECAST_TERMINAL_FROM_UM)
        )
        yield _Fed(each.measured_on, each.site, tuple(fed))


def _grown(patient: Patient) -> Iterator[_Fed]:
    """Of accepted phototrichograms whose pictures stand, on the later day."""
    rows = Comparison.objects.filter(
        patient=patient,
        kind=ComparisonKind.PHOTOTRICHOGRAM.value,
        summary__isnull=False,
        accepted_at__isnull=False,
        withdrawn_at__isnull=True,
        before__withdrawn_at__isnull=True,
        after__withdrawn_at__isnull=True,
    ).order_by("created_at")
    newest = {
        (before, after): (on, site, summary)
        for before, after, on, site, summary in rows.values_list(
            "before__series", "after__series", "after__measured_on", "after__site", "summary"
        )
    }
    for on, site, summary in newest.values():
        told = structure(summary, ComparisonSummary).values
        yield _Fed(on, site, tuple(each for each in told if OUTCOMES[each.outcome].forecast))


def _of(measured: OutcomeValue, week: float) -> MeasuredOutcome:
    # a number typed in without its error is taken for what most devices print: uncorrected
    method = Method.AUTOMATIC if measured.method is Method.TYPED else measured.method
    return MeasuredOutcome(
        week=week,
        outcome=OUTCOMES[measured.outcome].forecast,
        value=measured.value,
        sd=measured.sd,
        method=method.value,
    )
