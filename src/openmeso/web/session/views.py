"""At the chair: begin, type, scan, sign. Whatever is typed is kept, whatever happens."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from openmeso.gateways import clock
from openmeso.services import lot as lots
from openmeso.services import permission
from openmeso.services import plan as plans
from openmeso.services import scan as scans
from openmeso.services import session as sessions
from openmeso.services.session_refusal import (
    SessionConflict,
    SessionFixed,
    SessionNotSignable,
    SignatureRefused,
)
from openmeso.terms.session import SessionEntry
from openmeso.web.patient.context import patient_context
from openmeso.web.refusal import tell, typed_lines
from openmeso.web.requests import Request
from openmeso.web.session.context import chair_context, form_for, judged_context
from openmeso.web.session.forms import AbandonForm, SessionForm
from openmeso.web.session.measurement import measured_at
from openmeso.web.session.record import record_page

if TYPE_CHECKING:
    from openmeso.records.models import Session

MOST_VERSION = 10**9
ABANDON_ID = "abandon-%s"


@login_required
@require_POST
def start(request: Request, pk: UUID, number: int) -> HttpResponse:
    plan = plans.get(by=request.user, pk=pk, purpose="session")
    try:
        session = sessions.start(by=request.user, plan=plan, number=number)
    except ValidationError as fault:
        messages.error(request, " ".join(fault.messages))
        return redirect("plan_page", pk)
    return redirect("session_page", session.pk)


@login_required
@require_safe
def page(request: Request, pk: UUID) -> HttpResponse:
    session = sessions.get(by=request.user, pk=pk, purpose="session")
    if session.status != "draft":
        return record_page(request, session)
    permission.require(request.user, "session.give", session)
    response = _chair(request, session, form_for(session), sessions.entry_of(session))
    if settings.OFFLINE_MINUTES:
        # the one page that a device may keep, for its reader and for a while: offline/worker.js
        response["OpenMeso-Keep-Seconds"] = str(settings.OFFLINE_MINUTES * 60)
    return response


def _chair(
    request: Request,
    session: "Session",
    form: SessionForm,
    entry: SessionEntry,
    status: int = 200,
    **told: object,
) -> HttpResponse:
    result = sessions.judge(by=request.user, session=session, entry=entry)
    context = chair_context(session, form, request.user) | judged_context(session, entry, result)
    context |= patient_context(session.patient) | {"abandon_form": AbandonForm(auto_id=ABANDON_ID)}
    context |= measured_at(request.user, session, clock.today())
    context |= told
    context["may_sign"] = permission.may(request.user, "session.sign", session)
    context["may_reason"] = permission.may(request.user, "plan.override", session)
    return render(request, "session/chair.html", context, status=status)


@login_required
@require_POST
def save(request: Request, pk: UUID) -> HttpResponse:
    """Keep the draft; the page's script asks for JSON, without scripts the page comes again."""
    session = sessions.get(by=request.user, pk=pk, purpose="save")
    permission.require(request.user, "session.give", session)
    form = form_for(session, request.POST)
    wants_json = request.headers.get("Accept") == "application/json"
    if not form.is_valid():
        if wants_json:
            return JsonResponse({"errors": form.errors.get_json_data()}, status=422)
        return _chair(request, session, form, sessions.entry_of(session), status=422)
    entry = form.to_terms()
    try:
        session = _save(request, session, entry)
    except ValidationError as fault:
        said = " ".join(fault.messages)
        if wants_json:
            return JsonResponse({"errors": {"": [{"message": said}]}}, status=422)
        return _chair(request, session, form, entry, status=422, fault=said)
    except (SessionConflict, SessionFixed) as refused:
        return _refused(request, session, form, entry, refused, wants_json=wants_json)
    if not wants_json:
        messages.success(request, _("The session is kept as a draft."))
        return redirect("session_page", pk)
    return JsonResponse(_kept(request, session, entry))


def _save(request: Request, session: "Session", entry: SessionEntry) -> "Session":
    return sessions.save(
        by=request.user,
        session=session,
        entry=entry,
        version=_version(request),
        token=request.POST.get("client_token", "")[:64],
    )


def _version(request: Request) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and int(text) < MOST_VERSION else 0


def _kept(request: Request, session: "Session", entry: SessionEntry) -> dict[str, object]:
    """What the page needs to know of a save: its version, and what the checks say now."""
    result = sessions.judge(by=request.user, session=session, entry=entry)
    context = judged_context(session, entry, result) | {
        "may_reason": permission.may(request.user, "plan.override", session),
        "session": session,
    }
    return {
        "version": session.version,
        "findings_key": context["findings_key"],
        "findings": render_to_string("session/_findings.html", context, request),
        "tally": render_to_string("session/_tally.html", context, request),
        "missing": list(result.missing),
    }


def _refused(
    request: Request,
    session: "Session",
    form: SessionForm,
    entry: SessionEntry,
    refused: SessionConflict | SessionFixed,
    *,
    wants_json: bool,
) -> HttpResponse:
    is_fixed = isinstance(refused, SessionFixed)
    if wants_json:
        stands = session if isinstance(refused, SessionFixed) else refused.session
        said = {
            "fixed": is_fixed,
            "version": stands.version,
            "by": stands.updated_by.name,
            "at": stands.updated_at.isoformat(),
        }
        return JsonResponse(said, status=409)
    if isinstance(refused, SessionConflict):
        return _chair(request, refused.session, form, entry, status=409, conflict=refused.session)
    return record_page(request, session, 409, fault=str(refused), typed=typed_lines(form))


@login_required
@require_safe
def scan(request: Request, pk: UUID) -> HttpResponse:
    """The product and lot that a code stands for, if a session of this plan may draw from it."""
    session = sessions.get(by=request.user, pk=pk, purpose="scan")
    permission.require(request.user, "session.give", session)
    try:
        found = scans.look_up(by=request.user, text=request.GET.get("code", "")[:400])
    except scans.BarcodeFault as fault:
        return JsonResponse({"refusal": str(fault)}, status=422)
    wanted = {line.product for line in sessions.plan_of(session).draw_up}
    refusal = ""
    if found.product is None:
        refusal = _("This code names no product of the shelf: receive it in the cabinet first.")
    elif found.product.id not in wanted:
        refusal = _("%s is not in this formula.") % found.product.name
    elif found.lot is None:
        refusal = _("This lot is not on the shelf: receive it in the cabinet first.")
    else:
        refusal = lots.refusal(found.lot, clock.today())
    if refusal or found.lot is None or found.product is None:
        return JsonResponse({"refusal": refusal}, status=422)
    return JsonResponse(
        {
            "product": found.product.id,
            "lot": str(found.lot.pk),
            "number": found.lot.number,
            "expires_on": found.lot.expires_on.isoformat(),
        }
    )


@login_required
@require_POST
def sign(request: Request, pk: UUID) -> HttpResponse:
    """Keep what was typed, then fix it; what was typed stays whatever is refused."""
    session = sessions.get(by=request.user, pk=pk, purpose="sign")
    permission.require(request.user, "session.sign", session)
    if session.status == "signed":
        return redirect("session_page", pk)
    form = form_for(session, request.POST)
    if not form.is_valid():
        return _chair(request, session, form, sessions.entry_of(session), status=422)
    entry = form.to_terms()
    try:
        session = _save(request, session, entry)
        sessions.sign(
            by=request.user,
            session=session,
            entry=entry,
            version=session.version,
            token=session.client_token,
            proof=request.POST.get("proof", ""),
        )
    except (SessionConflict, SessionFixed) as refused:
        return _refused(request, session, form, entry, refused, wants_json=False)
    except SessionNotSignable:
        return _chair(request, session, form, entry, status=422, refused=True)
    except SignatureRefused as refused:
        return _chair(request, session, form, entry, status=422, signature_fault=str(refused))
    except ValidationError as fault:
        said = " ".join(fault.messages)
        return _chair(request, session, form, entry, status=422, fault=said)
    messages.success(request, _("The session is signed. It can no longer be changed."))
    return redirect("session_page", pk)


@login_required
@require_POST
def abandon(request: Request, pk: UUID) -> HttpResponse:
    session = sessions.get(by=request.user, pk=pk, purpose="abandon")
    permission.require(request.user, "session.sign", session)
    form = AbandonForm(request.POST, auto_id=ABANDON_ID)
    if session.status != "draft":
        said = str(SessionFixed())
        return record_page(request, session, 409, fault=said, typed=typed_lines(form))
    if form.is_valid():
        try:
            sessions.abandon(by=request.user, session=session, **form.cleaned_data)
        except ValidationError as error:
            tell(form, error)
        else:
            return redirect("session_page", pk)
    kept = sessions.entry_of(session)
    return _chair(request, session, form_for(session), kept, status=422, abandon_form=form)
