"""Checks: rules as data, applied to a plan."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from openmeso.science.formulary.check_context import CheckContext
from openmeso.science.formulary.check_dose import DOSE_KINDS
from openmeso.science.formulary.check_mixture import MIXTURE_KINDS
from openmeso.science.formulary.check_override import (
    OVERRIDE_KIND,
    SplitFindings,
    review_overrides,
    split_findings,
)
from openmeso.science.formulary.check_patient import (
    PATIENT_KINDS,
    asked_only_with,
    questions_for,
)
from openmeso.science.formulary.check_rule import Kind
from openmeso.science.formulary.check_substance import SUBSTANCE_KINDS
from openmeso.science.formulary.check_technique import TECHNIQUE_KINDS
from openmeso.science.formulary.check_timing import TIMING_KINDS
from openmeso.terms.check import CheckRule, Finding, Strength

__all__ = [
    "KINDS",
    "CheckContext",
    "SplitFindings",
    "asked_only_with",
    "questions_for",
    "rule_problems",
    "run_checks",
    "split_findings",
]

KINDS: Mapping[str, Kind] = {
    **SUBSTANCE_KINDS,
    **PATIENT_KINDS,
    **DOSE_KINDS,
    **MIXTURE_KINDS,
    **TIMING_KINDS,
    **TECHNIQUE_KINDS,
}

_RANK = {Strength.BLOCK: 0, Strength.OVERRIDE: 1, Strength.ADVISE: 2}


def run_checks(context: CheckContext, rules: Sequence[CheckRule]) -> tuple[Finding, ...]:
    """All that the rules find in a plan: blocks first, then overrides, then advice.

    The order of the rules does not matter, and no rule sees what another found; only the
    review of overrides looks at the findings. A rule that could not be applied for want of
    data says so itself.

    Raises
    ------
    ValueError
        When a rule is not well formed (see :func:`rule_problems`).
    """
    judged = replace(
        context,
        questions=questions_for(context.assessment, context.mixed, context.knowledge, rules),
        special_questions=frozenset(asked_only_with(rules)),
    )
    findings = [
        finding
        for rule in rules
        if rule.kind != OVERRIDE_KIND
        for finding in _kind(rule).apply(judged, rule)
    ]
    findings += [
        finding
        for rule in rules
        if rule.kind == OVERRIDE_KIND
        for finding in review_overrides(tuple(findings), context.choice.overrides, rule)
    ]
    return tuple(sorted(findings, key=lambda each: (_RANK[each.strength], each.id)))


def _kind(rule: CheckRule) -> Kind:
    kind = KINDS.get(rule.kind)
    if kind is None:
        raise ValueError(f"rule {rule.id}: there is no kind of check called {rule.kind}")
    return kind


def rule_problems(rule: CheckRule) -> tuple[str, ...]:
    """What is wrong with a rule as data; empty where nothing is."""
    problems = []
    if not rule.facts and not rule.assumption:
        problems.append("it has neither facts nor an assumption")
    kind = _REVIEW if rule.kind == OVERRIDE_KIND else KINDS.get(rule.kind)
    if kind is None:
        return (*problems, f"there is no kind of check called {rule.kind}")
    problems += [f"{name} is missing" for name in kind.needs if name not in rule.params]
    problems += [
        f"{name} is not a param of {rule.kind}"
        for name in rule.params
        if name not in (*kind.needs, *kind.may)
    ]
    return tuple(problems)


_REVIEW = Kind(lambda _context, _rule: (), ("about",), ("min_characters",))
