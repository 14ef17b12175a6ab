"""Plan as text: what stands in the way first, then the numbers, then the dates."""

import textwrap
from collections.abc import Iterator

from openmeso.terms.check import Finding, Outcome, Strength
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.plan import Plan
from openmeso.terms.reach import Reach

WIDTH = 96


def plan_text(
    plan: Plan, knowledge: Knowledge, reach: Reach, *, sources_in_full: bool = False
) -> str:
    """The whole plan to read on a terminal."""
    parts = (
        _heading(plan, knowledge),
        _findings(plan, knowledge, sources_in_full),
        _numbers(plan, knowledge),
        _formula(plan, knowledge),
        _reach(reach, knowledge),
        _schedule(plan),
    )
    return "\n\n".join("\n".join(part) for part in parts)


def _heading(plan: Plan, knowledge: Knowledge) -> Iterator[str]:
    indication = knowledge.indications[plan.request.assessment.indication]
    technique = knowledge.techniques[plan.choice.technique]
    yield f"{indication.name} · {technique.name} · {plan.sessions} sessions"
    if plan.blocked:
        yield "BLOCKED: this plan cannot be approved, and no reason lifts a block."
    elif plan.open_overrides:
        yield f"NOT YET: a reason is wanted for {', '.join(plan.open_overrides)}."
    else:
        yield "This plan can be approved."


def _findings(plan: Plan, knowledge: Knowledge, sources_in_full: bool) -> Iterator[str]:
    yield f"FINDINGS ({len(plan.findings)})"
    for finding in plan.findings:
        could_not = " (could not be checked)" if finding.outcome is Outcome.COULD_NOT_RUN else ""
        yield f"  {finding.strength.upper():8} {finding.title}{could_not} [{finding.id}]"
        yield from _wrapped(finding.reason)
        yield from _wrapped(f"→ {finding.remedy}" if finding.remedy else "")
        if finding.possible_from:
            yield from _wrapped(f"Possible from {finding.possible_from.isoformat()}.")
        reason = _reason_given(plan, finding)
        yield from _wrapped(f"Reason given: {reason}" if reason else "")
        yield from _sources(finding, knowledge, sources_in_full)


def _reason_given(plan: Plan, finding: Finding) -> str:
    """The reason that lets the plan go on despite the finding; none lifts a block."""
    if finding.strength is not Strength.OVERRIDE or finding.id in plan.open_overrides:
        return ""
    return next((one.reason for one in plan.choice.overrides if one.finding == finding.id), "")


def _sources(finding: Finding, knowledge: Knowledge, in_full: bool) -> Iterator[str]:
    """The strongest source of whatever stands in the way, the ids of the others; or all."""
    facts = [knowledge.facts[one] for one in finding.facts if one in knowledge.facts]
    facts.sort(key=lambda fact: fact.tier)
    shown = len(facts) if in_full else int(finding.strength is not Strength.ADVISE)
    for fact in facts[:shown]:
        place = fact.url or f"computed from {', '.join(fact.derived_from)}"
        yield from _wrapped(f"Source {fact.id}, tier {fact.tier:d}: {fact.claim} {place}")
    others = ", ".join(f"{fact.id} (tier {fact.tier:d})" for fact in facts[shown : shown + 5])
    more = f" and {len(facts) - shown - 5} more" if len(facts) > shown + 5 else ""
    yield from _wrapped(f"Source {others}{more}" if others else "")
    yield from _wrapped(f"Assumption: {finding.assumption}" if finding.assumption else "")


def _wrapped(text: str, indent: str = " " * 11) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _numbers(plan: Plan, knowledge: Knowledge) -> Iterator[str]:
    choice, minutes = plan.choice, plan.minutes
    yield "NUMBERS"
    if choice.grid:
        spacing = f"{choice.grid.spacing_mm:g} mm {choice.grid.lattice}"
        yield _row("Points", f"{plan.grid.points}, {spacing}, {plan.grid.area_cm2:.1f} cm²")
    for zone in plan.grid.zones:
        yield _row(f"  {zone.zone}", f"{len(zone.points_mm)} points, {zone.area_cm2:.1f} cm²")
    yield _row(
        "Volume per point", f"{choice.volume_per_point_ml:g} mL, {choice.depth_mm:g} mm deep"
    )
    prepared = f"{plan.prepared_volume_ml:.2f} mL to draw up"
    yield _row("Volume per session", f"{plan.volume_per_session_ml:.2f} mL, {prepared}")
    yield _row("Needles", f"{plan.needles}")
    span = f"{minutes.low:.0f}–{minutes.high:.0f}"
    yield _row("Session", f"about {minutes.minutes:.0f} min ({span})")
    yield from _wrapped(minutes.basis, " " * 23)
    for layer in plan.layers:
        yield from _wrapped(layer.sentence, "  ")
    if plan.conflict:
        yield from _wrapped(f"Contradiction: {plan.conflict.sentence}", "  ")
        for way in plan.conflict.ways_out:
            yield from _wrapped(f"- {way.sentence}", "    ")
    yield _row("Knowledge", knowledge.version)


def _row(name: str, value: str) -> str:
    return f"  {name:20} {value}"


def _formula(plan: Plan, knowledge: Knowledge) -> Iterator[str]:
    yield f"FORMULA: {plan.choice.formula.name if plan.choice.formula else 'none'}"
    for dose in plan.doses:
        name = knowledge.ingredients[dose.ingredient].name + (
            f" ({dose.form})" if dose.form else ""
        )
        amounts = (
            f"{dose.per_ml:.4g} {dose.unit}/mL, {dose.per_point:.4g} {dose.unit} a point, "
            f"{dose.per_session:.4g} {dose.unit} a session, "
            f"{dose.per_course:.4g} {dose.unit} a course"
        )
        yield _row(name, amounts)
        if not knowledge.ingredients[dose.ingredient].caps:
            yield _row("", "no published maximum")
    for draw in plan.draw_up:
        ampoules = f"{draw.ampoules} × {draw.ampoule_ml:g} mL, {draw.waste_ml:.2f} mL left over"
        yield _row("Draw", f"{draw.volume_ml:.2f} mL of {draw.product_name} ({ampoules})")
    if plan.ph.low is not None and plan.ph.high is not None:
        yield _row("pH by the labels", f"{plan.ph.low:g} to {plan.ph.high:g}")
    if plan.ph.unknown:
        yield _row("pH unknown of", ", ".join(plan.ph.unknown))
    for equivalent in plan.equivalents:
        yield from _wrapped(equivalent.sentence, "  ")


def _reach(reach: Reach, knowledge: Knowledge) -> Iterator[str]:
    yield "WHERE IT GOES"
    for one in reach.substances:
        yield f"  {knowledge.ingredients[one.ingredient].name}"
        blood = one.blood.sentence if one.blood else ""
        for said in (one.sentence, one.systemic_sentence, blood, one.responders):
            yield from _wrapped(said, "    ")
    yield from _wrapped(reach.sentence, "  ")


def _schedule(plan: Plan) -> Iterator[str]:
    yield "SCHEDULE"
    for visit in plan.visits:
        moved = f" (moved from {visit.moved_from.isoformat()})" if visit.moved_from else ""
        yield f"  {visit.on.isoformat()}  week {visit.week:<3} {visit.label}{moved}"
