"""The signed session: what was given, by whom, from which lots; and what was said of it later."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from openmeso.gateways.pdf import PdfError
from openmeso.gateways.plan_sheet import plan_sheet
from openmeso.gateways.session_sheet import SessionSheet, session_pdf, session_sheet
from openmeso.services import adverse_event as events
from openmeso.services import permission
from openmeso.services import session as sessions
from openmeso.services.knowledge import knowledge
from openmeso.web.download import download
from openmeso.web.patient.adverse_event import lines, quick_terms
from openmeso.web.patient.context import patient_context
from openmeso.web.refusal import tell, typed_lines
from openmeso.web.requests import Request
from openmeso.web.session.forms import AddendumForm
from openmeso.web.session.measurement import measured_at
from openmeso.web.session.wording import difference_words

if TYPE_CHECKING:
    from openmeso.records.models import Session


ADDENDUM_ID = "addendum-%s"


def record_page(
    request: Request, session: "Session", status: int = 200, **told: object
) -> HttpResponse:
    """The page of a session that is signed or abandoned, its reading noted already.

    ``told`` holds what was refused: the addendum's form, or ``fault`` and what was ``typed``.
    """
    context = patient_context(session.patient) | _record(session)
    context |= {
        "at_once": lines(events.of_session(session)),
        "quick_terms": quick_terms(),
        "may_react": session.status == "signed"
        and permission.may(request.user, "adverse_event.record", session),
    }
    if session.given_on:
        context |= measured_at(request.user, session, session.given_on)
    context["may_addend"] = session.status == "signed" and permission.may(
        request.user, "session.sign", session
    )
    context |= {"addendum_form": AddendumForm(auto_id=ADDENDUM_ID)} | told
    return render(request, "session/record.html", context, status=status)


def _record(session: "Session") -> dict[str, object]:
    sheet = _sheet(session)
    return {
        "session": session,
        "sheet": sheet,
        "plan_sheet": plan_sheet(sheet.plan, knowledge()),
        "lots": session.lots.all(),
        "addenda": session.addenda.select_related("created_by"),
        "differences": difference_words(sheet.result.differences),
    }


def _sheet(session: "Session") -> SessionSheet:
    is_signed = session.status == "signed"
    return session_sheet(
        sessions.plan_of(session),
        sessions.entry_of(session),
        sessions.result_of(session) if is_signed else None,
        knowledge(),
    )


@login_required
@require_POST
def addend(request: Request, pk: UUID) -> HttpResponse:
    session = sessions.get(by=request.user, pk=pk, purpose="addend")
    permission.require(request.user, "session.sign", session)
    form = AddendumForm(request.POST, auto_id=ADDENDUM_ID)
    if form.is_valid():
        try:
            sessions.addend(by=request.user, session=session, **form.cleaned_data)
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("The addendum stands beside the session."))
            return redirect("session_page", pk)
    if session.status != "signed":
        said = _("Only a signed session takes an addendum.")
        return record_page(request, session, 409, fault=said, typed=typed_lines(form))
    return record_page(request, session, 422, addendum_form=form)


@login_required
@require_safe
def pdf(request: Request, pk: UUID) -> HttpResponse:
    session = sessions.get(by=request.user, pk=pk, purpose="print")
    if session.status != "signed":
        messages.error(request, _("Only a signed session is printed."))
        return redirect("session_page", pk)
    patient = session.patient
    context = _record(session) | {
        "clinic": patient.clinic.name,
        "patient_label": patient.name,
        "record_number": patient.record_number,
        "birth_date": patient.birth_date,
        "zone": patient.clinic.timezone,
    }
    try:
        content = session_pdf(**context)
    except PdfError as missing:
        messages.error(request, str(missing))
        return redirect("session_page", pk)
    return download(content, "application/pdf", f"session-{session.number}.pdf")
