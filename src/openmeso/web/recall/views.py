"""Recall: whom a lot, a product or a hand has reached; tell them, and write down that it was done."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from openmeso.gateways import clock
from openmeso.gateways.letter import letter_text
from openmeso.gateways.mail import is_configured
from openmeso.services import lot as lots
from openmeso.services import permission, recall, recall_message
from openmeso.services.permission import own_clinic
from openmeso.services.practitioner import practitioners
from openmeso.services.recall_trace import Trace
from openmeso.terms.recall import Channel
from openmeso.web.download import download
from openmeso.web.recall.forms import EmailForm, MessageForm, ToldForm
from openmeso.web.recall.table import csv_of
from openmeso.web.refusal import tell
from openmeso.web.requests import Request

if TYPE_CHECKING:
    from openmeso.records.models import User

PATIENTS_A_PAGE = 25


@login_required
@require_safe
def index(request: Request) -> HttpResponse:
    clinic = own_clinic(request.user)
    permission.require(request.user, "recall.trace", clinic)
    today = clock.today()
    context = {
        "lots": lots.of_clinic(clinic).order_by("-status", "product_name", "-expires_on"),
        "products": sorted(
            {(one.product, one.product_name) for one in lots.of_clinic(clinic)},
            key=lambda one: one[1],
        ),
        "practitioners": practitioners(clinic),
        "today": today,
    }
    return render(request, "recall/index.html", context)


@login_required
@require_safe
def product(request: Request) -> HttpResponse:
    key = request.GET.get("product", "")
    trace = recall.trace_product(by=request.user, product=key)
    known = lots.shelf_products(own_clinic(request.user))
    title = known[key].name if key in known else key
    return _whole(request, trace, title, "recall_product_export", product=key)


@login_required
@require_safe
def product_list(request: Request) -> HttpResponse:
    key = request.GET.get("product", "")
    return _csv(recall.trace_product(by=request.user, product=key, as_file=True))


@login_required
@require_safe
def practitioner(request: Request) -> HttpResponse:
    chosen = _practitioner(request)
    trace = recall.trace_practitioner(by=request.user, practitioner=chosen)
    return _whole(
        request, trace, chosen.name, "recall_practitioner_export", practitioner=str(chosen.pk)
    )


@login_required
@require_safe
def practitioner_list(request: Request) -> HttpResponse:
    chosen = _practitioner(request)
    return _csv(recall.trace_practitioner(by=request.user, practitioner=chosen, as_file=True))


def _practitioner(request: Request) -> "User":
    clinic = own_clinic(request.user)
    permission.require(request.user, "recall.trace", clinic)
    try:
        chosen = practitioners(clinic).filter(pk=request.GET.get("practitioner", "")).first()
    except ValidationError:
        chosen = None
    if chosen is None:
        raise Http404("no such practitioner in your clinic")
    return chosen


def _whole(request: Request, trace: Trace, title: str, export: str, **asked: str) -> HttpResponse:
    """The page of a question other than a lot's, with the way to its list as a file."""
    query = urlencode(asked)
    context = {"title": title, "query": query, "export": f"{reverse(export)}?{query}"}
    return render(request, "recall/trace.html", context | _part(request, trace))


def _part(request: Request, trace: Trace) -> dict[str, Any]:
    """Those whom one page of the trace names."""
    pages = Paginator(range(trace.reached), PATIENTS_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    people = trace.part((page.number - 1) * PATIENTS_A_PAGE, PATIENTS_A_PAGE)
    return {"trace": trace, "page": page, "people": people}


def _csv(trace: Trace) -> HttpResponse:
    return download(csv_of(trace), "text/csv; charset=utf-8", "recall.csv")


@login_required
@require_safe
def lot(request: Request, pk: UUID) -> HttpResponse:
    return _page(request, lots.find(request.user, pk))


def _page(
    request: Request, found: "lots.LotInStock", told_of: UUID | None = None, **forms: Form
) -> HttpResponse:
    language = get_language() or "en"
    letter, email = letter_text("letter", language), letter_text("email", language)
    wrong = [form for form in forms.values() if form.errors]
    context = {
        **_part(request, recall.trace_lot(by=request.user, lot=found)),
        "title": f"{found.product_name}, {found.number}",
        "lot": found,
        "told_form": ToldForm(),
        "may_mail": is_configured(),
        "told_of": told_of,
        "letter_form": MessageForm(
            initial={"subject": letter.subject, "text": letter.text}, auto_id="letter_%s"
        ),
        "email_form": EmailForm(
            initial={"subject": email.subject, "text": email.text}, auto_id="email_%s"
        ),
        **forms,
        "wrong": wrong,
    }
    return render(request, "recall/lot.html", context, status=422 if wrong else 200)


@login_required
@require_safe
def export(request: Request, pk: UUID) -> HttpResponse:
    found = lots.find(request.user, pk)
    return _csv(recall.trace_lot(by=request.user, lot=found, as_file=True))


@login_required
@require_POST
def letters(request: Request, pk: UUID) -> HttpResponse:
    """Every letter as one PDF, a page a patient; that they were printed is noted for each."""
    found = lots.find(request.user, pk)
    form = MessageForm(request.POST, auto_id="letter_%s")
    permission.require(request.user, "recall.trace", found)
    if not form.is_valid():
        return _page(request, found, letter_form=form)
    pdf = recall_message.letters(
        by=request.user,
        lot=found,
        message=recall_message.Message(**form.cleaned_data, language=get_language() or "en"),
    )
    if pdf is None:
        messages.info(request, _("Everybody has been told already."))
        return redirect("recall_lot", pk)
    return download(pdf, "application/pdf", "recall-letters.pdf")


@login_required
@require_POST
def emails(request: Request, pk: UUID) -> HttpResponse:
    found = lots.find(request.user, pk)
    form = EmailForm(request.POST, auto_id="email_%s")
    permission.require(request.user, "recall.trace", found)
    if not form.is_valid():
        return _page(request, found, email_form=form)
    message = recall_message.Message(**form.cleaned_data)
    try:
        sent = recall_message.emails(by=request.user, lot=found, message=message)
    except ValidationError as error:
        tell(form, error)
        return _page(request, found, email_form=form)
    messages.success(
        request,
        ngettext("%d e-mail is sent.", "%d e-mails are sent.", sent.sent) % sent.sent,
    )
    if sent.without_address:
        messages.warning(
            request,
            ngettext(
                "%d patient has no e-mail address.",
                "%d patients have no e-mail address.",
                sent.without_address,
            )
            % sent.without_address,
        )
    if sent.failed:
        messages.error(
            request,
            ngettext(
                "%d e-mail did not go out; it is not noted as sent. Try again, or write.",
                "%d e-mails did not go out; they are not noted as sent. Try again, or write.",
                sent.failed,
            )
            % sent.failed,
        )
    return redirect("recall_lot", pk)


@login_required
@require_POST
def told(request: Request, pk: UUID, patient: UUID) -> HttpResponse:
    found = lots.find(request.user, pk)
    permission.require(request.user, "recall.trace", found)
    person = recall.reached(found, patient)
    form = ToldForm(request.POST)
    if form.is_valid():
        try:
            recall.tell(
                by=request.user,
                lot=found,
                patient=person,
                channel=Channel(form.cleaned_data["channel"]),
                note=form.cleaned_data["note"],
            )
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("It is written down."))
            page = urlencode({"page": request.GET.get("page", "1")})
            return redirect(f"{reverse('recall_lot', args=[pk])}?{page}")
    return _page(request, found, told_of=patient, told_form=form)
