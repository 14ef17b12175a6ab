"""Why a plan cannot be made or approved."""

from openmeso.terms.check import Finding

SENTENCES = {
    "findings": "Something blocks this plan, or an override still lacks its reason.",
    "outdated": "What the plan rests on has changed since it was drafted: compute it again and look.",
    "not_trained": "The assigned practitioner is not trained in this technique on the first day.",
    "fixed": "The plan is approved and cannot be changed: supersede it with a new version.",
}


class PlanNotApprovable(ValueError):
    """``reason`` is a key of SENTENCES; ``findings`` are what stands in the way."""

    def __init__(self, reason: str, findings: tuple[Finding, ...] = ()) -> None:
        self.reason = reason
        self.findings = findings
        super().__init__(SENTENCES[reason])


class NoAssessment(ValueError):
    """A course is planned from an assessment, and the patient has none."""

    def __init__(self) -> None:
        super().__init__("Assess the patient first: a plan rests on an assessment.")
