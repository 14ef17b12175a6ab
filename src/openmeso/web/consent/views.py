"""Consent: handed over, read and signed on the tablet, withdrawn."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openmeso.gateways import clock
from openmeso.gateways.consent_words import consent_words, name_in
from openmeso.services import consent as consents
from openmeso.services import permission
from openmeso.services import plan as plans
from openmeso.services.consent_text import course_of, form_for, languages_of
from openmeso.web.consent.forms import SignForm, WithdrawForm
from openmeso.web.download import download
from openmeso.web.patient.context import patient_context
from openmeso.web.refusal import typed_lines
from openmeso.web.requests import Request, posted

if TYPE_CHECKING:
    from openmeso.records.models import Consent, Plan


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def of_plan(request: Request, pk: UUID) -> HttpResponse:
    """How consent stands for a plan, and the text to hand over."""
    plan = plans.get(by=request.user, pk=pk, purpose="consent")
    fault = ""
    if request.method == "POST":
        permission.require(request.user, "consent.hand_over", plan)
        language = request.POST.get("language", "")
        try:
            consent = consents.hand_over(by=request.user, plan=plan, language=language)
        except ValidationError as error:
            fault = " ".join(error.messages)
        else:
            return redirect("consent_page", consent.pk)
    context = _of_plan(request, plan) | {"fault": fault}
    return render(request, "consent/of_plan.html", context, status=422 if fault else 200)


def _of_plan(request: Request, plan: "Plan") -> dict[str, object]:
    form = form_for(plan)
    wanted = tuple(code for code, _name in settings.LANGUAGES)
    papers = languages_of(form, wanted) if form else {}
    given = consents.of_patient(plan.patient)
    return patient_context(plan.patient) | {
        "plan": plan,
        "form": form,
        "course": course_of(plan),
        "standing": consents.status(patient=plan.patient, plan=plan, on=clock.today()),
        "languages": [(code, _language(code), paper) for code, paper in papers.items()],
        "chosen": consents.likely_language(given, get_language() or "", papers),
        "consents": [one for one in given if form and one.form == form.id],
        "may_hand_over": permission.may(request.user, "consent.hand_over", plan),
    }


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


@login_required
@require_safe
def page(request: Request, pk: UUID) -> HttpResponse:
    """One consent, for the practitioner."""
    consent = consents.get(by=request.user, pk=pk, purpose="care")
    return render(request, "consent/page.html", _page(request, consent))


def _page(request: Request, consent: "Consent") -> dict[str, object]:
    form = form_for(consent.plan)
    return patient_context(consent.patient) | {
        "consent": consent,
        "paper": consents.paper_of(consent),
        "language_name": _language(consent.language),
        "is_current": form is not None and consent.version == form.version,
        "form": WithdrawForm(),
        "may_take": permission.may(request.user, "consent.take", consent),
        "may_withdraw": permission.may(request.user, "consent.withdraw", consent),
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def read(request: Request, pk: UUID) -> HttpResponse:
    """The text as the patient reads and signs it: no way from here into anybody's record."""
    consent = consents.get(by=request.user, pk=pk, purpose="consent")
    permission.require(request.user, "consent.take", consent)
    same_day = consents.is_same_day(consent, clock.now())
    initial = {"name": consent.patient.name, "method": "drawn"}
    paper = consents.paper_of(consent)
    words = consent_words(paper.language)
    form = SignForm(posted(request), words=words, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            _sign(request, consent, form)
        except ValidationError as error:
            form.add_error("enough_time", error.messages)
        except consents.AlreadySigned:
            return _not_to_be_signed(request, pk, form)
        else:
            messages.success(
                request, _("The consent is signed and kept. It can no longer be changed.")
            )
            return redirect("consent_page", pk)
    if consent.signed_at and request.method == "POST":
        return _not_to_be_signed(request, pk, form)
    if consent.signed_at:
        return redirect("consent_page", pk)
    context = {
        "consent": consent,
        "paper": paper,
        "name": name_in(paper),
        "words": words,
        "same_day": same_day,
        "form": form,
        "may_take": True,
    }
    return render(request, "consent/read.html", context, status=422 if form.errors else 200)


def _sign(request: Request, consent: "Consent", form: SignForm) -> None:
    typed = form.cleaned_data
    sheet = consents.write_sheet(
        consent,
        signature=typed["signature"],
        taken_by=request.user,
        questions=typed["questions"],
    )
    consents.sign(by=request.user, consent=consent, sheet=sheet, enough_time=typed["enough_time"])


def _not_to_be_signed(request: Request, pk: UUID, form: SignForm) -> HttpResponse:
    said = _("This text was signed before, or a newer version has come out. Nothing was changed.")
    consent = consents.get(by=request.user, pk=pk, purpose="care")
    context = _page(request, consent) | {"fault": said, "typed": typed_lines(form)}
    return render(request, "consent/page.html", context, status=409)


@login_required
@require_POST
def withdraw(request: Request, pk: UUID) -> HttpResponse:
    consent = consents.get(by=request.user, pk=pk, purpose="care")
    permission.require(request.user, "consent.withdraw", consent)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        context = _page(request, consent) | {"form": form}
        return render(request, "consent/page.html", context, status=422)
    try:
        consents.withdraw(by=request.user, consent=consent, note=form.cleaned_data["note"])
    except consents.AlreadySigned:
        said = _("Only a signed consent can be withdrawn, and only once. Nothing was changed.")
        context = _page(request, consent) | {"fault": said, "typed": typed_lines(form)}
        return render(request, "consent/page.html", context, status=409)
    messages.warning(request, _("The withdrawal is written down. No session may be given."))
    return redirect("consent_page", pk)


@login_required
@require_safe
def sheet(request: Request, pk: UUID) -> HttpResponse:
    consent = consents.get(by=request.user, pk=pk, purpose="print")
    content = consents.pdf(by=request.user, consent=consent, purpose="print")
    word = "signed" if consent.signed_at else "to-read"
    name = f"consent-{word}-{consent.version}.pdf"
    return download(content, "application/pdf", name, inline=True)
