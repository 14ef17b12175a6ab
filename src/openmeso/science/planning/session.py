"""The session: what was typed at the chair, held against the plan and the vials."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TypeVar

from openmeso.science.formulary.check import questions_for
from openmeso.terms.assessment import Assessment
from openmeso.terms.check import merged_overrides
from openmeso.terms.contraindication import Answer, Contraindication
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.plan import Plan, PlanRequest, PlanSetting
from openmeso.terms.schedule import ClosingDays
from openmeso.terms.session import (
    Difference,
    InjectedPoint,
    PointException,
    PointState,
    SessionEntry,
    SessionResult,
    VialBalance,
)

T = TypeVar("T")

# Assumption: nearer than this nobody reads a syringe; vials reconcile to within it [mL].
READING_ML = 0.05


def todays_request(
    plan: Plan, entry: SessionEntry, assessment: Assessment, setting: PlanSetting, on: date
) -> PlanRequest:
    """The plan asked for again today, with today's answers, depth and volume per point.

    The day is given, so the clinic's closing days do not move it away.
    """
    answers = {each.contraindication: each for each in assessment.checklist}
    answers |= {
        each.contraindication: each
        for each in entry.checklist
        if each.answer is not Answer.NOT_ASKED
    }
    asked = replace(
        assessment,
        checklist=tuple(answers.values()),
        systolic_mmhg=assessment.systolic_mmhg
        if entry.systolic_mmhg is None
        else entry.systolic_mmhg,
        diastolic_mmhg=assessment.diastolic_mmhg
        if entry.diastolic_mmhg is None
        else entry.diastolic_mmhg,
    )
    choice = replace(
        plan.choice,
        start_on=on,
        depth_mm=_or(entry.depth_mm, plan.choice.depth_mm),
        volume_per_point_ml=_or(entry.volume_per_point_ml, plan.choice.volume_per_point_ml),
        overrides=merged_overrides(plan.choice.overrides, entry.overrides),
    )
    return PlanRequest(asked, choice, replace(setting, closing_days=ClosingDays()))


def asked_every_session(
    plan: Plan, assessment: Assessment, knowledge: Knowledge
) -> tuple[Contraindication, ...]:
    """The questions that matter to this patient and formula and whose answer may change."""
    return tuple(each for each in _questions(plan, assessment, knowledge) if each.every_session)


def standing_questions(
    plan: Plan, assessment: Assessment, knowledge: Knowledge
) -> tuple[Contraindication, ...]:
    """The questions whose answer stands until somebody says otherwise."""
    return tuple(each for each in _questions(plan, assessment, knowledge) if not each.every_session)


def _questions(
    plan: Plan, assessment: Assessment, knowledge: Knowledge
) -> tuple[Contraindication, ...]:
    products = dict(knowledge.products) | {each.id: each for each in plan.request.setting.products}
    formula = plan.choice.formula
    mixed = [products[each.product] for each in formula.components] if formula else []
    return questions_for(assessment, mixed, knowledge)


def judge_session(
    plan: Plan, entry: SessionEntry, today: Plan, knowledge: Knowledge
) -> SessionResult:
    """What the typing comes to, and what is still missing before it may be signed.

    ``today`` is what ``compute_plan`` makes of :func:`todays_request`; its findings are those of
    the very same checks that the plan went through.
    """
    before = {(each.id, each.outcome) for each in plan.findings}
    points = injected_points(plan, entry)
    volume_ml = sum(each.volume_ml for each in points)
    drawn_ml = sum(each.drawn_ml for each in entry.lots)
    states = [each.state for each in points]
    skipped, moved = states.count(PointState.SKIPPED), states.count(PointState.MOVED)
    result = SessionResult(
        points=points,
        vials=vial_balances(entry, volume_ml),
        differences=differences(plan, entry, points, today.request.choice.start_on),
        findings=today.findings,
        new_findings=tuple(
            each.id for each in today.findings if (each.id, each.outcome) not in before
        ),
        open_overrides=today.open_overrides,
        blocked=today.blocked,
        given=len(points) - skipped,
        skipped=skipped,
        moved=moved,
        volume_ml=volume_ml,
        drawn_ml=drawn_ml,
        wasted_ml=drawn_ml - volume_ml,
        doses=tuple(
            (each.ingredient, each.per_ml * volume_ml, each.unit.value) for each in plan.doses
        ),
    )
    asked = asked_every_session(plan, today.request.assessment, knowledge)
    return replace(result, missing=tuple(_missing(plan, entry, result, asked)))


def injected_points(plan: Plan, entry: SessionEntry) -> tuple[InjectedPoint, ...]:
    """Every planned point and what became of it; a zone not given is skipped as a whole."""
    syringes = {each.zone: each.syringe for each in entry.zones}
    others = {each.number: each for each in entry.exceptions}
    depth_mm = _or(entry.depth_mm, plan.choice.depth_mm) or 0.0
    per_point_ml = _or(entry.volume_per_point_ml, plan.choice.volume_per_point_ml) or 0.0
    points: list[InjectedPoint] = []
    for zone_number, zone in enumerate(plan.grid.zones, 1):
        for x, y in zone.points_mm:
            usual = InjectedPoint(
                number=len(points) + 1,
                zone=zone.zone,
                x_mm=x,
                y_mm=y,
                state=PointState.GIVEN,
                volume_ml=per_point_ml,
                depth_mm=depth_mm,
                syringe=syringes.get(zone_number, 1),
            )
            other = others.get(usual.number)
            if zone_number not in syringes:
                other = PointException(usual.number, PointState.SKIPPED)
            points.append(_otherwise(usual, other) if other else usual)
    return tuple(points)


def _otherwise(usual: InjectedPoint, other: PointException) -> InjectedPoint:
    is_skipped = other.state is PointState.SKIPPED
    return replace(
        usual,
        state=other.state,
        x_mm=usual.x_mm if is_skipped or other.x_mm is None else other.x_mm,
        y_mm=usual.y_mm if is_skipped or other.y_mm is None else other.y_mm,
        volume_ml=0.0 if is_skipped else _or(other.volume_ml, usual.volume_ml),
        depth_mm=_or(other.depth_mm, usual.depth_mm),
    )


def vial_balances(entry: SessionEntry, volume_ml: float) -> tuple[VialBalance, ...]:
    """Each lot's share of what was given; the mixture is even, so the share is that of the draw."""
    drawn_ml = sum(each.drawn_ml for each in entry.lots)
    share = min(volume_ml / drawn_ml, 1.0) if drawn_ml else 0.0
    return tuple(
        VialBalance(
            product=each.product,
            lot=each.lot,
            syringe=each.syringe,
            drawn_ml=each.drawn_ml,
            given_ml=each.drawn_ml * share,
            wasted_ml=each.drawn_ml - each.drawn_ml * share,
        )
        for each in entry.lots
    )


def differences(
    plan: Plan, entry: SessionEntry, points: tuple[InjectedPoint, ...], on: date
) -> tuple[Difference, ...]:
    """Where the session left the plan, in the plan's own figures."""
    return tuple(
        Difference(about, planned, given)
        for about, planned, given in (
            *_figures(plan, entry, points),
            *_places(plan, entry, points),
            *_draws(plan, entry),
        )
        if planned != given
    )


def _figures(
    plan: Plan, entry: SessionEntry, points: tuple[InjectedPoint, ...]
) -> Iterator[tuple[str, str, str]]:
    depth_mm, per_point_ml = plan.choice.depth_mm, plan.choice.volume_per_point_ml
    yield "depth", _figure(depth_mm, "mm"), _figure(_or(entry.depth_mm, depth_mm), "mm")
    given_ml = _or(entry.volume_per_point_ml, per_point_ml)
    yield "volume_per_point", _figure(per_point_ml, "mL"), _figure(given_ml, "mL")
    volume_ml = sum(each.volume_ml for each in points)
    yield "volume", _figure(plan.volume_per_session_ml, "mL"), _figure(volume_ml, "mL")


def _places(
    plan: Plan, entry: SessionEntry, points: tuple[InjectedPoint, ...]
) -> Iterator[tuple[str, str, str]]:
    given_zones = {each.zone for each in entry.zones}
    for number, zone in enumerate(plan.grid.zones, 1):
        if number not in given_zones:
            yield f"zone:{zone.zone}", str(len(zone.points_mm)), "0"
    in_given = {zone.zone for n, zone in enumerate(plan.grid.zones, 1) if n in given_zones}
    there = [each for each in points if each.zone in in_given]
    usual_mm = _or(entry.depth_mm, plan.choice.depth_mm) or 0.0
    usual_ml = _or(entry.volume_per_point_ml, plan.choice.volume_per_point_ml) or 0.0
    used = [each for each in there if each.state is not PointState.SKIPPED]
    counts = {
        "points_skipped": len(there) - len(used),
        "points_moved": sum(each.state is PointState.MOVED for each in there),
        "points_other_volume": sum(not math.isclose(each.volume_ml, usual_ml) for each in used),
        "points_other_depth": sum(not math.isclose(each.depth_mm, usual_mm) for each in used),
    }
    for about, count in counts.items():
        yield about, "0", str(count)


def _draws(plan: Plan, entry: SessionEntry) -> Iterator[tuple[str, str, str]]:
    planned = {each.product: each.volume_ml for each in plan.draw_up}
    drawn: dict[str, float] = {}
    for each in entry.lots:
        drawn[each.product] = drawn.get(each.product, 0.0) + each.drawn_ml
    for product in dict.fromkeys((*planned, *drawn)):
        wanted_ml, taken_ml = planned.get(product, 0.0), drawn.get(product, 0.0)
        if abs(wanted_ml - taken_ml) > READING_ML:
            yield f"drawn:{product}", _figure(wanted_ml, "mL"), _figure(taken_ml, "mL")


def _missing(
    plan: Plan,
    entry: SessionEntry,
    result: SessionResult,
    asked: tuple[Contraindication, ...],
) -> Iterator[str]:
    answered = {
        each.contraindication for each in entry.checklist if each.answer is not Answer.NOT_ASKED
    }
    drawn_from = {each.product for each in entry.lots if each.lot and each.drawn_ml > 0}
    wanted = {each.product for each in plan.draw_up}
    is_short = bool(wanted) and result.volume_ml > result.drawn_ml + READING_ML
    thrown_ml = result.wasted_ml if entry.wasted_ml is None else entry.wasted_ml
    stands: Mapping[str, bool] = {
        "checklist": entry.anything_new is Answer.NOT_ASKED
        or any(each.id not in answered for each in asked),
        "anything_new_note": entry.anything_new is Answer.YES
        and not entry.anything_new_note.strip(),
        "blocked": result.blocked,
        "override": bool(result.open_overrides),
        "lots": bool(wanted - drawn_from),
        "points": result.given == 0,
        "drawn": is_short,
        "wasted": bool(wanted)
        and not is_short
        and abs(result.drawn_ml - result.volume_ml - thrown_ml) > READING_ML,
        "pain": entry.pain is None,
        "reactions": entry.reactions_seen is Answer.NOT_ASKED
        or (entry.reactions_seen is Answer.YES and not entry.reactions),
        "aftercare": not entry.aftercare_given,
    }
    return (code for code, is_missing in stands.items() if is_missing)


def _or(value: T | None, otherwise: T) -> T:
    return otherwise if value is None else value


def _figure(value: float | None, unit: str) -> str:
    return f"{round(value or 0.0, 3):g} {unit}"
