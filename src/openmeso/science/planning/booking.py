"""Booking: a whole series dated and checked before any of it is booked.

Times are the clinic's own wall clock, without a zone; whoever books turns them into moments.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from openmeso.science.planning.schedule import is_open, next_open
from openmeso.terms.course import (
    Busy,
    Conflict,
    ConflictKind,
    Interval,
    OpeningHours,
    Proposed,
    Slot,
)
from openmeso.terms.protocol import Phase
from openmeso.terms.schedule import ClosingDays

STEP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a slot is checked against; ``held`` are sessions given or booked, by their number."""

    phases: tuple[Phase, ...]
    hours: OpeningHours
    closing: ClosingDays
    busy: tuple[Busy, ...] = ()
    held: tuple[tuple[int, date], ...] = ()
    now: datetime = datetime.min  # noqa: DTZ901 (the clinic's wall clock)


def next_session(
    planned: Mapping[int, date], agreed: Mapping[int, date], signed: Set[int]
) -> tuple[int, date] | None:
    """The first session that is not signed, and the day on which it is expected.

    That is the day last agreed with the patient, also once it has passed unused, for then the session
    is late since that day; where none was agreed, or it was called off, the plan's. All by number.
    """
    left = (planned.keys() | agreed.keys()) - signed
    if not left:
        return None
    number = min(left)
    return number, agreed[number] if number in agreed else planned[number]


def steps_of(phases: Sequence[Phase]) -> list[Phase]:
    """The phase of each session, first session first."""
    return [phase for phase in phases for _ in range(phase.sessions)]


def series(
    setting: Setting, numbers: Iterable[int], first_on: date, at: time, minutes: int
) -> tuple[Proposed, ...]:
    """Dates for the sessions ``numbers``, each as soon after its interval as the clinic is open.

    The first is on ``first_on`` or the next open day; none comes sooner after the session before
    it (held, or of this series) than its least interval. Every one is checked.
    """
    steps = steps_of(setting.phases)
    last = dict(setting.held)
    dated: list[tuple[Slot, date | None]] = []
    for position, number in enumerate(sorted(numbers)):
        before = max((one for one in last if one < number), default=None)
        nominal = first_on
        earliest = first_on
        if before is not None:
            earliest = last[before] + timedelta(_days(steps, before, number, least=True))
            if position:
                nominal = last[before] + timedelta(_days(steps, before, number, least=False))
        wanted = max(nominal, earliest)
        on = next_open(wanted, setting.closing)
        last[number] = on
        moved_from = wanted if on != wanted else None
        dated.append((Slot(number, datetime.combine(on, at), minutes), moved_from))
    checked = check([slot for slot, _ in dated], setting)
    return tuple(
        Proposed(one.slot, one.conflicts, one.free_at, moved_from)
        for one, (_, moved_from) in zip(checked, dated, strict=True)
    )


def check(slots: Sequence[Slot], setting: Setting) -> tuple[Proposed, ...]:
    """Each slot with all that is wrong with it, the others of the series considered."""
    days = dict(setting.held) | {slot.number: slot.starts.date() for slot in slots}
    checked = []
    for slot in slots:
        others = [
            Busy(one.starts, one.ends, "patient") for one in slots if one.number != slot.number
        ]
        busy = (*setting.busy, *others)
        conflicts = tuple(_conflicts(slot, setting, busy, days))
        free = _free_at(slot, setting, busy) if conflicts else None
        checked.append(Proposed(slot, conflicts, free))
    return tuple(checked)


def intervals(phases: Sequence[Phase], given: Sequence[tuple[int, date]]) -> tuple[Interval, ...]:
    """How each given session kept its interval from the one given before it."""
    steps = steps_of(phases)
    ordered = sorted(given)
    return tuple(
        Interval(
            number=number,
            days=(on - before_on).days,
            planned_days=_days(steps, before, number, least=False),
            least_days=_days(steps, before, number, least=True),
        )
        for (before, before_on), (number, on) in pairwise(ordered)
    )


def _days(steps: Sequence[Phase], before: int, number: int, *, least: bool) -> int:
    """Days from one session to a later one; a session passed over adds none to the least."""
    if least:
        return steps[number - 1].least_days
    return sum(steps[one - 1].interval_days for one in range(before + 1, number + 1))


def _conflicts(
    slot: Slot, setting: Setting, busy: Iterable[Busy], days: dict[int, date]
) -> Iterable[Conflict]:
    on = slot.starts.date()
    if slot.starts < setting.now:
        yield Conflict(ConflictKind.PAST)
    if not is_open(on, setting.closing):
        yield Conflict(ConflictKind.CLOSED)
    elif not _within_hours(slot, setting.hours):
        yield Conflict(ConflictKind.OUTSIDE_HOURS)
    for who in sorted({one.who for one in busy if _overlap(slot, one)}):
        kind = {
            "practitioner": ConflictKind.PRACTITIONER_BUSY,
            "patient": ConflictKind.PATIENT_BUSY,
        }[who]
        yield Conflict(kind)
    yield from _order(slot, setting, days)


def _order(slot: Slot, setting: Setting, days: dict[int, date]) -> Iterable[Conflict]:
    on, steps = slot.starts.date(), steps_of(setting.phases)
    before = max((one for one in days if one < slot.number), default=None)
    if before is not None:
        short = steps[slot.number - 1].least_days - (on - days[before]).days
        if on < days[before]:
            yield Conflict(ConflictKind.OUT_OF_ORDER)
        elif short > 0:
            yield Conflict(ConflictKind.TOO_SOON, short)
    # A later session that is held already must not come too soon after this one either.
    after = min((one for one in dict(setting.held) if one > slot.number), default=None)
    if after is not None and days[after] < on:
        yield Conflict(ConflictKind.OUT_OF_ORDER)


def _within_hours(slot: Slot, hours: OpeningHours) -> bool:
    if not hours.hours:
        return True  # nobody has said when the clinic is open
    on = slot.starts.date()
    return any(
        datetime.combine(on, a) <= slot.starts and slot.ends <= datetime.combine(on, b)
        for a, b in hours.of_day(on)
    )


def _overlap(slot: Slot, busy: Busy) -> bool:
    return slot.starts < busy.ends and busy.starts < slot.ends


def _free_at(slot: Slot, setting: Setting, busy: Iterable[Busy]) -> time | None:
    """The free time of the same day that is nearest to the one wanted."""
    on, taken = slot.starts.date(), tuple(busy)
    if not is_open(on, setting.closing):
        return None
    free = []
    for a, b in setting.hours.of_day(on):
        starts = datetime.combine(on, a)
        while starts + timedelta(minutes=slot.minutes) <= datetime.combine(on, b):
            tried = Slot(slot.number, starts, slot.minutes)
            if starts >= setting.now and not any(_overlap(tried, one) for one in taken):
                free.append(starts)
            starts += STEP
    nearest = min(free, key=lambda one: (abs(one - slot.starts), one), default=None)
    return nearest.time() if nearest is not None else None
