"""Calendar: the dated course as an iCalendar file."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from openmeso.gateways import clock
from openmeso.gateways.words import words_ready
from openmeso.terms.plan import Plan
from openmeso.terms.schedule import Visit, VisitKind


def plan_calendar(
    plan: Plan,
    title: str,
    uid_namespace: str,
    *,
    booked: Mapping[int, tuple[datetime, datetime]] | None = None,
    zone: str = "UTC",
    stamped_at: datetime | None = None,
) -> bytes:
    """Every visit of the plan as one event; nothing in it names the patient.

    ``uid_namespace`` (the plan's own id) makes the events' ids stable, so that a second import
    moves what the first one brought instead of doubling it. ``booked`` holds from when until
    when a session has its appointment, by its number; it stands on the clinic's own clock
    (``zone``, an IANA name). The others are all-day events, because a plan knows days, not hours.
    """
    words_ready()
    calendar = Calendar()
    calendar.add("prodid", "-//OpenMeso//plan//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    stamp = stamped_at or clock.now()
    for visit in plan.visits:
        event = _event(plan, visit, title)
        event.add("uid", f"{uuid5(NAMESPACE_URL, f'{uid_namespace}/{_key(visit)}')}@openmeso")
        event.add("dtstamp", stamp)
        times = (booked or {}).get(visit.session_number or 0)
        if times is None:
            _all_day(event, visit.on)
        else:
            _timed(event, *(each.astimezone(ZoneInfo(zone)) for each in times))
        calendar.add_component(event)
    if booked:
        calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _key(visit: Visit) -> str:
    if visit.session_number is not None:
        return f"session-{visit.session_number}"
    return f"measurement-{visit.week}"


def _event(plan: Plan, visit: Visit, title: str) -> Event:
    event = Event()
    event.add("summary", _summary(plan, visit, title))
    event.add("description", _description(plan, visit))
    event.add("class", "PRIVATE")
    # A session takes the practitioner's time, a measurement is fitted in beside one.
    event.add("transp", "OPAQUE" if visit.kind is VisitKind.SESSION else "TRANSPARENT")
    return event


def _summary(plan: Plan, visit: Visit, title: str) -> str:
    if visit.session_number is None:
        return f"{title}: {visit.label}"
    return _("%(title)s: session %(number)d of %(sessions)d") % {
        "title": title,
        "number": visit.session_number,
        "sessions": plan.sessions,
    }


def _description(plan: Plan, visit: Visit) -> str:
    lines = [_("Week %(week)d of the course.") % {"week": visit.week}]
    if visit.kind is VisitKind.SESSION:
        lines.append(
            _("About %(minutes)d minutes (%(low)d to %(high)d).")
            % {
                "minutes": round(plan.minutes.minutes),
                "low": round(plan.minutes.low),
                "high": round(plan.minutes.high),
            }
        )
    if visit.moved_from is not None:
        lines.append(
            _("Moved from %(date)s, when the clinic is closed.")
            % {"date": visit.moved_from.isoformat()}
        )
    return "\n".join(lines)


def _all_day(event: Event, on: date) -> None:
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))


def _timed(event: Event, starts_at: datetime, ends_at: datetime) -> None:
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
