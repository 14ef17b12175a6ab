"""Reactions at a session: late ones are asked for before it, immediate ones recorded with it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from openmeso.gateways import clock
from openmeso.records.models import AdverseEvent, Session, User
from openmeso.science.planning.adverse_event import asked_now, red_flags_of
from openmeso.services import adverse_event as events
from openmeso.services.knowledge import knowledge
from openmeso.terms.adverse_event import AdverseEventState, ReactionWindow, RedFlag
from openmeso.terms.contraindication import Answer
from openmeso.terms.session import Reaction, SessionEntry


def asked_late(session: Session) -> tuple[ReactionWindow, ...]:
    """The late reactions to ask for today, by the sessions the patient was given before."""
    given = events.given_days(session.patient)
    return asked_now(given, clock.today(), knowledge().reaction_windows.values())


def late_missing(session: Session, entry: SessionEntry) -> tuple[str, ...]:
    """Which codes of MISSING the late reactions give rise to today."""
    asked = asked_late(session)
    answers = {each.window: each.answer for each in entry.late_reactions}
    unasked = any(answers.get(one.id, Answer.NOT_ASKED) is Answer.NOT_ASKED for one in asked)
    seen = [one for one in asked if answers.get(one.id) is Answer.YES]
    if seen:
        known = {one.state.term for one in events.open_of(session.patient)}
        if not all(known & set(one.terms) for one in seen):
            return ("late_recorded", *(("late_reactions",) if unasked else ()))
    return ("late_reactions",) if unasked else ()


def flags_of(session: Session, reactions: tuple[Reaction, ...]) -> tuple[RedFlag, ...]:
    """The red flags that what is seen at the chair raises, each once."""
    flags = knowledge().red_flags.values()
    given = (*events.given_days(session.patient), clock.today()) if reactions else ()
    raised = [flag for each in reactions for flag in red_flags_of(_state(each), given, flags)]
    return tuple(dict.fromkeys(raised))


def check_reactions(reactions: tuple[Reaction, ...]) -> None:
    """Raise ValidationError for a term or grade that no reaction can have."""
    known = knowledge().adverse_events
    for each in reactions:
        if each.term not in known or not known[each.term].wording(each.grade):
            raise ValidationError({"reactions": _("A reaction has no such term or grade.")})


@transaction.atomic
def record_immediate(*, by: User, session: Session, entry: SessionEntry) -> list[AdverseEvent]:
    """A reaction on record for each seen at once; call it once the session is signed.

    Each is noted by :func:`openmeso.services.adverse_event.record`.
    """
    return [
        events.record(by=by, patient=session.patient, state=_state(each), session=session)
        for each in entry.reactions
    ]


def _state(reaction: Reaction) -> AdverseEventState:
    return AdverseEventState(
        term=reaction.term,
        grade=reaction.grade,
        onset_on=clock.today(),
        description=reaction.note,
    )
