"""Session: begun from an approved plan, drafted at the chair, signed once, then only addended."""

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from openmeso.gateways import clock
from openmeso.gateways.conversion import converter, structure
from openmeso.gateways.prepared import Prepared
from openmeso.records.models import (
    Addendum,
    Patient,
    Plan,
    Session,
    User,
)
from openmeso.records.models.plan import PlanStatus
from openmeso.records.models.session import SessionStatus
from openmeso.services import assessment as assessments
from openmeso.services import audit, permission, session_length, signature
from openmeso.services import consent as consents
from openmeso.services import course as courses
from openmeso.services import plan as plans
from openmeso.services.consent_text import need_in
from openmeso.services.knowledge import knowledge
from openmeso.services.patient import asking_of, seen_by
from openmeso.services.patient import visible_to as visible_patients
from openmeso.services.plan_request import computed_once, setting_of
from openmeso.services.refusal import NotAllowed, NotFound
from openmeso.services.session_parts import lots_missing, write_parts
from openmeso.services.session_reaction import check_reactions, late_missing, record_immediate
from openmeso.services.session_refusal import (
    SessionConflict,
    SessionFixed,
    SessionNotSignable,
)
from openmeso.terms import session as terms
from openmeso.terms.plan import Plan as PlanTerms
from openmeso.terms.plan import PlanRequest

LONGEST_MINUTES = 600


def visible_to(user: permission.Asker) -> QuerySet[Session]:
    """Sessions of the patients somebody may open, newest first, without their plans' results."""
    return _of(visible_patients(user))


def _of(patients: QuerySet[Patient]) -> QuerySet[Session]:
    return (
        Session.objects.filter(patient__in=patients)
        .select_related("patient__clinic", "plan", "practitioner", "signed_by", "updated_by")
        .defer("plan__result", "plan__choice")
    )


# asked at every save at the chair
_ONE = Prepared(
    lambda clinic, user, now, pk: _of(seen_by(clinic, user, now)).filter(pk=pk).order_by(),
    clinic=UUID,
    user=UUID,
    now=datetime,
    pk=UUID,
)


def of_patient(patient: Patient) -> QuerySet[Session]:
    """The patient's sessions, newest first."""
    return (
        Session.objects.filter(patient=patient)
        .select_related("practitioner", "signed_by", "plan")
        .defer("plan__result", "plan__choice", "entry", "result")
    )


def under_way(patient: Patient) -> Session | None:
    """The session of a patient that was begun last and is not signed."""
    drafts = Session.objects.filter(patient=patient, status=SessionStatus.DRAFT.value)
    return drafts.order_by("-created_at").first()


def get(*, by: User, pk: UUID, purpose: str) -> Session:
    """One session, the read noted."""
    permission.require(by, "patient.see")
    asking = asking_of(by)
    session = _ONE.first(**asking, pk=pk) if asking else None
    if session is None:
        raise NotFound("No such session in your clinic.")
    audit.record(by=by, action="read", of=session, purpose=purpose)
    return session


def entry_of(session: Session) -> terms.SessionEntry:
    """What was typed."""
    return structure(session.entry, terms.SessionEntry)


def plan_of(session: Session) -> PlanTerms:
    """The approved plan the session is given from; it never changes, so it is read once."""
    return _plan(session.plan_id)


@lru_cache(maxsize=32)
def _plan(pk: UUID) -> PlanTerms:
    return plans.to_terms(Plan.objects.get(pk=pk))


@transaction.atomic
def start(*, by: User, plan: Plan, number: int) -> Session:
    """The draft of a plan's session; begun twice it is the same one."""
    permission.require(by, "session.give", plan)
    # The plan's row is the lock: a session begun on two tablets at once is one.
    plan = (
        Plan.objects.select_for_update(of=("self",))
        .select_related("patient__clinic")
        .get(pk=plan.pk)
    )
    begun = (
        Session.objects.filter(plan=plan, number=number)
        .exclude(status=SessionStatus.ABANDONED.value)
        .first()
    )
    if begun:
        return begun
    if plan.status != PlanStatus.APPROVED.value:
        raise ValidationError("Sessions are given from an approved plan.")
    dates = {
        visit.session_number: visit.on
        for visit in plans.to_terms(plan).visits
        if visit.session_number is not None
    }
    if number not in dates:
        raise ValidationError({"number": "The plan has no such session."})
    session = Session(
        patient=plan.patient,
        plan=plan,
        number=number,
        planned_on=dates[number],
        practitioner=plan.practitioner,
        entry=converter().unstructure(terms.SessionEntry()),
        created_at=clock.now(),
        created_by=by,
        updated_at=clock.now(),
        updated_by=by,
    )
    session.save(force_insert=True)
    audit.record(by=by, action="start", of=session, details={"plan": plan.pk, "number": number})
    return session


@transaction.atomic
def save(
    *, by: User, session: Session, entry: terms.SessionEntry, version: int, token: str
) -> Session:
    """Keep what was typed on top of ``version``.

    ``token`` names this very save: sent again it changes nothing. Typed on top of an older
    version it is refused with a SessionConflict, and nothing is overwritten.
    """
    permission.require(by, "session.give", session)
    session = _locked(session)
    if session.status != SessionStatus.DRAFT.value:
        raise SessionFixed
    if _is_taken(session, entry, version, token):
        return session
    _take(by, session, entry, token)
    session.save(update_fields=["entry", "version", "client_token", "updated_at", "updated_by"])
    audit.record(by=by, action="save", of=session, details={"version": session.version})
    return session


def judge(*, by: User, session: Session, entry: terms.SessionEntry) -> terms.SessionResult:
    """What the typing comes to today, given by the asker; a look that writes nothing."""
    plan = plan_of(session)
    today = computed_once(todays_request(by=by, session=session, entry=entry))
    from openmeso.science.planning.session import judge_session

    result = judge_session(plan, entry, today, knowledge())
    also = (
        *late_missing(session, entry),
        *_consent_missing(session),
        *lots_missing(session, entry),
    )
    return replace(result, missing=tuple(dict.fromkeys((*result.missing, *also))))


def todays_request(*, by: User, session: Session, entry: terms.SessionEntry) -> PlanRequest:
    """What the plan's own checks are run on today: today's answers, and who injects."""
    permission.require(by, "session.give", session)
    from openmeso.science.planning import session as science

    record = assessments.latest(session.patient)
    plan = plan_of(session)
    assessment = assessments.to_terms(record) if record else plan.request.assessment
    injects = by if permission.may(by, "session.sign", session) else session.practitioner
    # The formula's products are those of the approved plan, as they were then.
    products = plan.request.setting.products
    setting = setting_of(session.patient.clinic, injects, products=products)
    return science.todays_request(plan, entry, assessment, setting, clock.today())


@transaction.atomic
def sign(
    *,
    by: User,
    session: Session,
    entry: terms.SessionEntry,
    version: int,
    token: str,
    proof: str = "",
) -> Session:
    """Fix the session for good, with every point and lot; signed twice it is signed once."""
    permission.require(by, "session.sign", session)
    session = _locked(session)
    if session.status == SessionStatus.SIGNED.value and session.signed_by_id == by.pk:
        return session
    if session.status != SessionStatus.DRAFT.value:
        raise SessionFixed
    if not _is_taken(session, entry, version, token):
        _take(by, session, entry, token)
    result = judge(by=by, session=session, entry=entry)
    if result.missing:
        raise SessionNotSignable(result.missing)
    signature.verify(by, session.patient.clinic, proof)
    # while it is a draft: the triggers let none in later
    write_parts(by=by, session=session, entry=entry, result=result)
    _fix(by, session, entry, result)
    _learn_length(by, session, entry, result)
    courses.keep(by=by, session=session)
    record_immediate(by=by, session=session, entry=entry)
    audit.record(
        by=by,
        action="sign",
        of=session,
        details={
            "version": session.version,
            "points": result.given,
            "lots": [each.lot for each in result.vials],
            "differences": [each.about for each in result.differences],
            "overrides": [each.finding for each in entry.overrides],
        },
    )
    return session


@transaction.atomic
def abandon(*, by: User, session: Session, reason: str) -> Session:
    """Give up a draft for a reason; what was typed stays, and the number may be begun anew."""
    permission.require(by, "session.sign", session)
    session = _locked(session)
    reason = " ".join(reason.split())
    if session.status != SessionStatus.DRAFT.value:
        raise SessionFixed
    if not reason:
        raise ValidationError({"reason": "Say why the session is not given."})
    session.status, session.abandoned_reason = SessionStatus.ABANDONED.value, reason
    session.updated_at, session.updated_by = clock.now(), by
    session.full_clean(exclude=("entry", "result"))
    session.save()
    audit.record(by=by, action="abandon", of=session)
    return session


@transaction.atomic
def addend(*, by: User, session: Session, text: str, reason: str) -> Addendum:
    """Say something more of a signed session; the session itself stays as it was."""
    permission.require(by, "session.sign", session)
    session = _locked(session)
    if session.status != SessionStatus.SIGNED.value:
        raise ValidationError("Only a signed session is addended; a draft is changed.")
    addendum = Addendum(
        session=session,
        text=text.strip(),
        reason=" ".join(reason.split()),
        created_at=clock.now(),
        created_by=by,
    )
    addendum.full_clean()
    addendum.save(force_insert=True)
    audit.record(by=by, action="addend", of=session, details={"addendum": addendum.pk})
    return addendum


def _consent_missing(session: Session) -> tuple[str, ...]:
    need = need_in(plan_of(session))
    held = consents.covering(patient=session.patient, need=need, on=clock.today())
    return () if held else ("consent",)


_LOCKED = Prepared(
    lambda pk: (
        Session.objects.select_for_update(of=("self",))
        .select_related("patient__clinic", "plan", "practitioner", "signed_by", "updated_by")
        .defer("plan__result", "plan__choice")
        .filter(pk=pk)
        .order_by()
    ),
    pk=UUID,
)


def _locked(session: Session) -> Session:
    found = _LOCKED.first(pk=session.pk)
    if found is None:
        raise NotFound("No such session in your clinic.")
    return found


def _is_taken(session: Session, entry: terms.SessionEntry, version: int, token: str) -> bool:
    """Whether this save was taken before; raises where somebody else's was in between."""
    if token and token == session.client_token:
        return True
    if version != session.version:
        if entry == entry_of(session):
            return True
        raise SessionConflict(session)
    return False


def _take(by: User, session: Session, entry: terms.SessionEntry, token: str) -> None:
    held = set(entry_of(session).overrides)
    if set(entry.overrides) - held and not permission.may(by, "plan.override", session):
        raise NotAllowed("Only a practitioner or lead gives the reason for an override.")
    _check(entry)
    session.entry = converter().unstructure(entry)
    session.version += 1
    session.client_token = token
    session.updated_at, session.updated_by = clock.now(), by


def _check(entry: terms.SessionEntry) -> None:
    """What no honest typing can be; what is merely unwise is the checks' to say."""
    check_reactions(entry.reactions)
    faults: dict[str, str] = {}
    if entry.pain is not None and not 0 <= entry.pain <= terms.PAIN_HIGHEST:
        faults["pain"] = "Pain is a number from 0 to 10."
    if entry.minutes is not None and not 0 < entry.minutes <= LONGEST_MINUTES:
        faults["minutes"] = "Injecting takes from a moment to ten hours."
    lengths = (entry.depth_mm, entry.volume_per_point_ml, entry.wasted_ml)
    volumes = tuple(each.drawn_ml for each in entry.lots)
    others = tuple(value for each in entry.exceptions for value in (each.volume_ml, each.depth_mm))
    if any(value is not None and value < 0 for value in (*lengths, *volumes, *others)):
        faults["volume_ml"] = "Depths and volumes are not below zero."
    if faults:
        raise ValidationError(faults)


def _fix(
    by: User, session: Session, entry: terms.SessionEntry, result: terms.SessionResult
) -> None:
    session.result = converter().unstructure(replace(result, points=()))
    session.status = SessionStatus.SIGNED.value
    session.practitioner = session.signed_by = by
    session.signed_at = session.updated_at = clock.now()
    session.given_on = clock.today()
    session.minutes, session.pain = entry.minutes, entry.pain
    session.points_given, session.volume_ml = result.given, result.volume_ml
    session.save()


def _learn_length(
    by: User, session: Session, entry: terms.SessionEntry, result: terms.SessionResult
) -> None:
    if entry.minutes:
        session_length.record(
            by=by,
            clinic=session.patient.clinic,
            technique=plan_of(session).choice.technique,
            points=result.given,
            minutes=entry.minutes,
        )


def result_of(session: Session) -> terms.SessionResult:
    """What a signed session came to, its points with it."""
    kept = structure(session.result, terms.SessionResult)
    points = tuple(
        terms.InjectedPoint(
            number=row.number,
            zone=row.zone,
            x_mm=row.x_mm,
            y_mm=row.y_mm,
            state=terms.PointState(row.state),
            volume_ml=row.volume_ml,
            depth_mm=row.depth_mm,
            syringe=row.syringe,
        )
        for row in session.points.all()
    )
    return replace(kept, points=points)
