"""Overrides: which findings still want a reason, and which reasons count."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openmeso.science.formulary.check_rule import found, number, text
from openmeso.terms.check import CheckRule, Finding, Override, Strength

OVERRIDE_KIND = "override_review"


@dataclass(frozen=True, slots=True)
class SplitFindings:
    """What findings and overrides come to.

    ``open_overrides`` are the ids of findings that still want a reason.
    """

    blocked: bool
    open_overrides: tuple[str, ...]


def split_findings(findings: Sequence[Finding], overrides: Sequence[Override]) -> SplitFindings:
    """Whether anything blocks, and which findings still want a reason.

    No override lifts a block. A reason counts unless it is blank or ``run_checks`` reported it
    as too short.
    """
    reported = {finding.id for finding in findings if finding.strength is Strength.ADVISE}
    given = {
        override.finding
        for override in overrides
        if override.reason.strip() and _report_id("short", override) not in reported
    }
    return SplitFindings(
        blocked=any(finding.strength is Strength.BLOCK for finding in findings),
        open_overrides=tuple(
            finding.id
            for finding in findings
            if finding.strength is Strength.OVERRIDE and finding.id not in given
        ),
    )


def _report_id(about: str, override: Override) -> str:
    return f"override_{about}:{override.finding}"


def review_overrides(
    findings: Sequence[Finding], overrides: Sequence[Override], rule: CheckRule
) -> Iterator[Finding]:
    """Overrides that do not count under a rule ``about`` one way of not counting.

    ``refused``: given for a block. ``short``: fewer than ``min_characters``, spaces around it
    not counted. ``stale``: given for something that is no longer found.
    """
    about = text(rule, "about")
    strengths = {finding.id: finding.strength for finding in findings}
    titles = {finding.id: finding.title for finding in findings}
    for override in {each.finding: each for each in overrides}.values():
        strength = strengths.get(override.finding)
        matches: Mapping[str, bool] = {
            "refused": strength is Strength.BLOCK,
            "short": strength is Strength.OVERRIDE and _too_short(override, rule),
            "stale": strength is None,
        }
        if matches[about]:
            places = {"finding": titles.get(override.finding, override.finding)}
            if "min_characters" in rule.params:
                places["least"] = f"{number(rule, 'min_characters'):g}"
            yield found(rule, override.finding, places)


def _too_short(override: Override, rule: CheckRule) -> bool:
    least = number(rule, "min_characters") if "min_characters" in rule.params else 1
    return len(override.reason.strip()) < least
