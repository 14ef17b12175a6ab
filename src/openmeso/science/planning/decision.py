"""Decision: continue, change or stop, at the weeks at which published courses were judged.

No guideline with explicit stop and continue criteria for mesotherapy was found
(workflow.md §2 and §12). The rule below is OpenMeso's own proposal; each part names the fact it
leans on, and what no fact carries says *assumption*.
"""

from collections.abc import Callable, Iterable
from math import hypot

from openmeso.terms.course import Advice, ExpectedChange, Reason, Response, Verdict
from openmeso.terms.forecast import MeasuredOutcome
from openmeso.terms.units import SDS_OF_95_PER_CENT

COUNT = "count"

SIX_MONTHS_WEEKS = 26
PROPOSAL = "OpenMeso's proposal: no guideline states stop and continue rules for mesotherapy."
SIX_MONTHS = ("F0262",)  # a six-month assessment decides escalation
SALINE = ("F0516",)  # 37.5 % perceived improvement with saline
ALOPECIA_AREATA = ("F0355",)  # reassessed at 6-12 weeks


def advise(
    week: int,
    first_decision_week: int,
    response: Response | None,
    expected: ExpectedChange | None,
    *,
    red_flags: tuple[str, ...] = (),
) -> Advice:
    """What to consider in ``week`` of the course.

    ``response`` is the change measured since the baseline with its least detectable change,
    ``expected`` the forecast at the same week; either may be missing. ``red_flags`` are open
    reactions that stop a course whatever was measured. Never an order: reasons to decide on.
    """
    if red_flags:
        reasons = tuple(Reason(f"red_flag:{one}", assumption=PROPOSAL) for one in red_flags)
        return Advice(Verdict.STOP, week, reasons)
    if week < first_decision_week:
        return Advice(
            Verdict.TOO_EARLY, week, (Reason("before_first_decision", SIX_MONTHS, PROPOSAL),)
        )
    if response is None:
        return Advice(Verdict.NOT_MEASURED, week, (Reason("no_measurement", SALINE, PROPOSAL),))
    return _from_change(week, response, expected)


def _from_change(week: int, response: Response, expected: ExpectedChange | None) -> Advice:
    gained = response.change_per_cm2 > response.detectable_per_cm2
    lost = response.change_per_cm2 < -response.detectable_per_cm2
    reasons = []
    if gained:
        reasons.append(Reason("gained", assumption=PROPOSAL))
    elif lost:
        reasons.append(Reason("lost", assumption=PROPOSAL))
    else:
        reasons.append(Reason("no_change_beyond_error", SIX_MONTHS, PROPOSAL))
    if expected is not None:
        below = response.change_per_cm2 < expected.low90
        reasons.append(Reason("below_forecast" if below else "within_forecast", (), PROPOSAL))
    late = week >= SIX_MONTHS_WEEKS
    if late:
        reasons.append(Reason("six_months", SIX_MONTHS))
    if gained:
        verdict = Verdict.CONTINUE
    elif late:
        verdict = Verdict.STOP
    else:
        verdict = Verdict.CHANGE if lost else Verdict.CONTINUE
    return Advice(verdict, week, tuple(reasons))


def response_of(
    measured: Iterable[MeasuredOutcome], usual_sd: Callable[[MeasuredOutcome], float]
) -> Response | None:
    """The change of the hairs counted, from the start to the last visit [hairs/cm²].

    ``measured`` are counts of one spot, week 0 the start; ``usual_sd`` is the standard deviation
    of a count that came without its own [hairs/cm²]. A change counts as one beyond error where it
    exceeds 1.96 standard deviations of a difference of two counts (the smallest detectable
    change); both counts are taken to err on their own. None where start or a later count is missing.
    """
    counts = [each for each in measured if each.outcome == COUNT]
    last = max((each.week for each in counts), default=0.0)
    before = [each for each in counts if each.week == 0]
    after = [each for each in counts if each.week == last]
    if last == 0 or not before:
        return None
    (was, was_sd), (now, now_sd) = (_mean(each, usual_sd) for each in (before, after))
    return Response(now - was, SDS_OF_95_PER_CENT * hypot(was_sd, now_sd), round(last))


def _mean(
    counts: list[MeasuredOutcome], usual_sd: Callable[[MeasuredOutcome], float]
) -> tuple[float, float]:
    """The mean of the counts of one day and its standard deviation."""
    sds = [each.sd if each.sd is not None else usual_sd(each) for each in counts]
    return sum(each.value for each in counts) / len(counts), hypot(*sds) / len(counts)
