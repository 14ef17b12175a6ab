"""Measurement as a forecast learns from it: what holds, when, and of which site."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from openmeso.gateways.conversion import structure
from openmeso.records.models import Measurement, Patient
from openmeso.records.models.measurement import MeasurementStatus
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


def measured_outcomes(patient: Patient, plan: Plan) -> tuple[MeasuredOutcome, ...]:
    """What was measured on the patient, in weeks from the plan's first session.

    One spot alone is followed: that measured most often between three months before the first
    session and the forecast's end, the occiput excepted. Of several measurements before the first
    session the last day's stand for week 0.
    """
    start = first_session(plan)
    if start is None:
        return ()
    dated = [
        (each, (each.measured_on - start).days)
        for each in newest_accepted(patient)
        if -BASELINE_DAYS <= (each.measured_on - start).days <= DAYS_A_WEEK * LAST_WEEK
        and each.site
        and each.site not in UNTREATED
        and each.status is MeasurementStatus.ACCEPTED
    ]
    site = _followed([each for each, _ in dated])
    dated = [(each, days) for each, days in dated if each.site == site]
    baseline = max((days for _, days in dated if days <= 0), default=0)
    return tuple(
        outcome
        for each, days in dated
        if days > 0 or days == baseline
        for outcome in _of(each, max(days, 0) / DAYS_A_WEEK)
    )


def first_session(plan: Plan) -> date | None:
    """The day that week 0 of the plan's forecast ends."""
    return min((visit.on for visit in plan.visits if visit.session_number), default=None)


def _followed(measured: Iterable[Measurement]) -> str:
    """The site measured most often; of two alike the one measured first."""
    counted = Counter(each.site for each in measured if _fed(each))
    return counted.most_common(1)[0][0] if counted else ""


def _fed(measured: Measurement) -> list[OutcomeValue]:
    """Its values that mean what the forecast means by them."""
    cut = (
        (measured.data.get("setting") or {}).get("terminal_from_um")
    ) or FORECAST_TERMINAL_FROM_UM
    values = structure(measured.values, tuple[OutcomeValue, ...])
    return [
        each
        for each in values
        if OUTCOMES[each.outcome].forecast
        and (each.outcome != "terminal_density" or cut == FORECAST_TERMINAL_FROM_UM)
    ]


def _of(measured: Measurement, week: float) -> Iterable[MeasuredOutcome]:
    for each in _fed(measured):
        # a number typed in without its error is taken for what most devices print: uncorrected
        method = Method.AUTOMATIC if each.method is Method.TYPED else each.method
        yield MeasuredOutcome(
            week=week,
            outcome=OUTCOMES[each.outcome].forecast,
            value=each.value,
            sd=each.sd,
            method=method.value,
        )
