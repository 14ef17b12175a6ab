"""The patient's journey in words: a mark for the time axis and a line for the list, of one making."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from openmeso.gateways.forecast_chart import number
from openmeso.gateways.forecast_sheet import unit
from openmeso.gateways.journey_chart import (
    NARROW,
    WIDE,
    Expected,
    Mark,
    axis_of,
    draw,
    draw_band,
)
from openmeso.services.forecast import MeasuredExpectation
from openmeso.services.journey import Journey
from openmeso.services.knowledge import knowledge
from openmeso.terms.journey import Dose, Given, Lane, Upcoming
from openmeso.terms.plan import Plan
from openmeso.web.adverse_event_words import OUTCOMES
from openmeso.web.comparison_line import ComparisonLine, comparison_line
from openmeso.web.measurement_line import MeasurementLine, measurement_line

LATEST = 6  # sessions in a card of their own; the list has them all
FORECAST_DAYS = 364  # what is expected is told for the year from the first session
LANES = {
    Lane.SESSIONS: lazy("Sessions"),
    Lane.DOSES: lazy("Volume given"),
    Lane.REACTIONS: lazy("Reactions"),
    Lane.MEASUREMENTS: lazy("Measurements"),
    Lane.COMPARISONS: lazy("Compared"),
    Lane.PHOTOS: lazy("Photos"),
    Lane.PAPERS: lazy("Papers"),
    Lane.FORECAST: lazy("Forecast"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One event in the list."""

    on: date
    lane: Lane
    kind: str
    what: str
    more: str
    href: str
    until: date | None = None
    size: float = 1.0
    since: date | None = None  # where the list tells of its end


def journey_context(journey: Journey) -> dict[str, object]:
    """Two drawings of one axis (wide and narrow), the same as a list, and what it comes to."""
    measured = [measurement_line(each) for each in journey.measurements]
    compared = [comparison_line(each) for each in journey.comparisons]
    lines = sorted(_lines(journey, measured, compared), key=lambda one: one.on, reverse=True)
    words = {lane: str(word) for lane, word in LANES.items()}
    marks = [_mark(one) for one in lines] + [_mark(one) for one in _dose_lines(journey)]
    return {
        "journey": journey,
        "upcoming": [next_session(one, journey.today) for one in journey.upcoming],
        "journey_lines": [one for one in lines if one.lane is not Lane.FORECAST],
        "journey_charts": [draw(marks, journey.today, size, words) for size in (WIDE, NARROW)]
        if marks
        else [],
        "journey_summary": _summary(journey),
        "journey_doses": [_dose(one) for one in journey.doses],
        "measurements": measured,
        "comparisons": compared,
        "sessions": journey.sessions[: -LATEST - 1 : -1],
        "more_sessions": max(len(journey.sessions) - LATEST, 0),
    }


@dataclass(frozen=True, slots=True)
class NextSession:
    """The next session of a course: what it is called, when it falls, and whether it is due."""

    plan: UUID
    number: int
    session: UUID | None
    is_due: bool
    when: str


def next_session(one: Upcoming, today: date) -> NextSession:
    """A session to come, in words."""
    late = (today - one.on).days
    if one.session:
        when = _("begun, not signed")
    elif late > 0:
        when = ngettext("%(n)s day overdue", "%(n)s days overdue", late) % {"n": late}
    elif late == 0:
        when = _("due today")
    else:
        when = _("due %(on)s") % {"on": date_format(one.on, "j F Y")}
    return NextSession(one.plan, one.number, one.session, one.is_due(today), when)


def expected_context(journey: Journey, plan: Plan, found: MeasuredExpectation) -> dict[str, object]:
    """The forecast of a plan and what was measured, on the same axis as the journey."""
    forecast = found.after or found.before.forecast
    starts = [one.on for one in plan.visits if one.session_number is not None]
    if forecast is None or not starts:
        return {"no_forecast": found.words}
    names = Counter(one.outcome for one in found.measured)
    outcome = forecast.outcome(names.most_common(1)[0][0] if names else "count")

    def on(week: float) -> date:
        return min(starts) + timedelta(days=round(7 * week))

    band = outcome.treated
    measured = [(on(one.week), one.value) for one in found.measured if one.outcome == outcome.name]
    expected = Expected(
        [on(week) for week in forecast.weeks], band.p5, band.p50, band.p95, measured
    )
    lines = _lines(
        journey,
        [measurement_line(each) for each in journey.measurements],
        [comparison_line(each) for each in journey.comparisons],
    )
    marks = [_mark(one) for one in lines]
    return {
        "outcome": outcome.label,
        "unit": unit(outcome.unit),
        "with_measurements": found.after is not None,
        "band_charts": [
            draw_band(expected, axis_of(marks, journey.today, size), journey.today, size)
            for size in (WIDE, NARROW)
        ],
    }


def _mark(line: Line) -> Mark:
    words = f"{date_format(line.on)}: {line.what}{', ' if line.more else ''}{line.more}"
    begins, ends = (line.since, line.on) if line.since else (line.on, line.until)
    return Mark(line.lane, begins, line.kind, words, line.href, ends, line.size)


def _lines(
    journey: Journey, measured: list[MeasurementLine], compared: list[ComparisonLine]
) -> Iterator[Line]:
    yield from _session_lines(journey)
    for each in journey.reactions:
        href = reverse("adverse_event_page", args=[each.event.pk])
        until = each.note.ended_on or (journey.today if each.is_open else each.state.onset_on)
        grade = _("grade %d") % each.state.grade
        more = f"{grade}, {OUTCOMES[each.state.outcome]}"
        kind = "open" if each.is_open else "closed"
        yield Line(
            each.state.onset_on, Lane.REACTIONS, kind, each.term.term, more, href, until=until
        )
    for one in measured:
        said = f"{one.first.value} {one.first.unit}" if one.first else ""
        href = reverse("measurement_page", args=[one.record.pk])
        yield Line(one.record.measured_on, Lane.MEASUREMENTS, one.status, str(one.what), said, href)
    for told in compared:
        yield _comparison(told)
    yield from _paper_lines(journey)


def _comparison(told: ComparisonLine) -> Line:
    """From the earlier picture to the later one."""
    before, after = told.record.before.measured_on, told.record.after.measured_on
    status = "withdrawn" if told.is_stale else told.record.status.value
    href = reverse("comparison_page", args=[told.record.pk])
    return Line(after, Lane.COMPARISONS, status, str(told.what), told.in_short, href, since=before)


def _session_lines(journey: Journey) -> Iterator[Line]:
    for each in journey.sessions:
        href = reverse("session_page", args=[each.pk])
        yield Line(each.on, Lane.SESSIONS, each.status, _session(each.number), _given(each), href)
    for met in journey.appointments:
        href = reverse("course_page", args=[met.course])
        yield Line(met.on, Lane.SESSIONS, met.status, _session(met.number), "", href)
    starts: dict[object, date] = {}
    for one in journey.planned:
        href = reverse("plan_page", args=[one.plan])
        yield Line(one.on, Lane.SESSIONS, "planned", _session(one.number), "", href)
    for given in journey.signed:
        starts[given.plan] = min(given.on, starts.get(given.plan, given.on))
    for one in journey.planned:
        starts[one.plan] = min(one.on, starts.get(one.plan, one.on))
    for plan, start in starts.items():
        href = reverse("plan_forecast", args=[plan])
        until = start + timedelta(days=FORECAST_DAYS)
        yield Line(start, Lane.FORECAST, "expected", _("What to expect"), "", href, until=until)


def _dose_lines(journey: Journey) -> Iterator[Line]:
    largest = max((one.volume_ml for one in journey.signed), default=0.0)
    for each in journey.signed:
        href = reverse("session_page", args=[each.pk])
        doses = ", ".join(_dose(one) for one in each.doses)
        share = each.volume_ml / largest if largest else 0.0
        yield Line(
            each.on, Lane.DOSES, "dose", _millilitres(each.volume_ml), doses, href, size=share
        )


def _paper_lines(journey: Journey) -> Iterator[Line]:
    for on, count in journey.photos:
        said = ngettext("%d photo", "%d photos", count) % count
        yield Line(
            on, Lane.PHOTOS, "photos", said, "", reverse("photo_gallery", args=[journey.patient])
        )
    for consent in journey.consents:
        kind = "withdrawn" if consent.withdrawn_at else "consent"
        href = reverse("consent_page", args=[consent.pk])
        signed_on = timezone.localtime(consent.signed_at).date()
        yield Line(signed_on, Lane.PAPERS, kind, _("Consent signed"), "", href)
    for file in journey.documents:
        href = reverse("document_list", args=[journey.patient])
        kept_on = timezone.localtime(file.created_at).date()
        yield Line(kept_on, Lane.PAPERS, "document", _("Document"), file.name, href)


def _session(number: int) -> str:
    return _("Session %d") % number


def _given(session: Given) -> str:
    if not session.points:
        return ""
    words = [
        ngettext("%d point", "%d points", session.points) % session.points,
        _millilitres(session.volume_ml),
        *(_dose(one) for one in session.doses),
    ]
    if session.pain is not None:
        words.append(_("pain %d") % session.pain)
    return " · ".join(words)


def _millilitres(volume_ml: float) -> str:
    return f"{number_format(round(volume_ml, 2))} mL"


def _dose(dose: Dose) -> str:
    known = knowledge().ingredients
    name = known[dose.ingredient].name if dose.ingredient in known else dose.ingredient
    return f"{name} {number(float(f'{dose.amount:.3g}'))} {dose.unit}"


def _summary(journey: Journey) -> list[str]:
    """What stands on the axis, in words: also what the drawing says to whoever cannot see it."""
    given, met = len(journey.signed), Counter(one.status for one in journey.appointments)
    ahead = sum(one.on >= journey.today for one in journey.planned) + met["booked"]
    still_open = sum(one.is_open for one in journey.reactions)
    words = [
        (given, ngettext("%d session given", "%d sessions given", given)),
        (met["missed"], ngettext("%d missed", "%d missed", met["missed"])),
        (ahead, ngettext("%d to come", "%d to come", ahead)),
        (
            len(journey.reactions),
            ngettext("%d reaction", "%d reactions", len(journey.reactions)),
        ),
        (still_open, ngettext("%d still open", "%d still open", still_open)),
        (
            len(journey.measurements),
            ngettext("%d measurement", "%d measurements", len(journey.measurements)),
        ),
    ]
    return [text % count for count, text in words if count]
