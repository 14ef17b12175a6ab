"""Assess a patient: one page, everything the checks need."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from openmeso.gateways import clock
from openmeso.services import assessment as assessments
from openmeso.services import patient as patients
from openmeso.services import permission
from openmeso.services.knowledge import knowledge
from openmeso.terms.assessment import Sex
from openmeso.terms.contraindication import Answer
from openmeso.web.assessment.forms import AssessmentForm, initial_from, special_to
from openmeso.web.patient.context import patient_context
from openmeso.web.requests import Request

if TYPE_CHECKING:
    from openmeso.records.models import Patient

FIRST_INDICATION = {
    Sex.MALE: "androgenetic_alopecia_male",
    Sex.FEMALE: "androgenetic_alopecia_female",
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: Request, pk: UUID) -> HttpResponse:
    patient = patients.get(by=request.user, pk=pk, purpose="assess")
    permission.require(request.user, "assessment.save", patient)
    sex = Sex(patient.sex)
    latest = assessments.latest(patient)
    before = assessments.to_terms(latest) if latest else None
    kept = {
        "known": knowledge(),
        "sex": sex,
        "today": clock.today(),
        "earlier": before.scores if before else (),
    }
    if (
        request.method == "POST"
        and "show" not in request.POST
        and "answer_rest" not in request.POST
    ):
        form = AssessmentForm(request.POST, **kept)  # type: ignore[arg-type]
        if form.is_valid():
            assessments.save(
                by=request.user, patient=patient, assessment=form.to_terms(patient.birth_date)
            )
            messages.success(request, _("The assessment is saved."))
            return redirect("plan_new" if "then_plan" in request.POST else "patient_page", pk)
        return _page(request, patient, form, status=422)
    if request.method == "POST":
        # asked for other scales, or "no to all the rest": the page again, nothing typed is lost
        return _page(request, patient, AssessmentForm(initial=_typed(request.POST), **kept))  # type: ignore[arg-type]
    initial: dict[str, object] = {"assessed_on": clock.today(), "indication": FIRST_INDICATION[sex]}
    if before is not None:
        initial |= initial_from(before, knowledge())
    if "indication" in request.GET:
        initial["indication"] = request.GET["indication"]
    return _page(request, patient, AssessmentForm(initial=initial, **kept))  # type: ignore[arg-type]


def _typed(posted: QueryDict) -> dict[str, object]:
    """What was typed so far, as initial values; with "no to all the rest" answered."""
    typed: dict[str, object] = {name: posted[name] for name in posted if name != "allergies"}
    typed["allergies"] = posted.getlist("allergies")
    # an unticked box is not posted; a scale that was not on the page is left as it was
    shown = [each for each in knowledge().scales if f"scale_{each}" in posted]
    typed |= {f"keep_{each}": f"keep_{each}" in posted for each in shown}
    if posted.get("answer_rest"):
        known = knowledge()
        special = special_to(known)
        # only what stands open before the asker may be answered in one go
        is_special = posted["answer_rest"] == "special"
        unanswered = [
            f"q_{each}" for each in known.contraindications if (each in special) == is_special
        ]
        typed |= {name: Answer.NO.value for name in unanswered if not posted.get(name)}
    return typed


def _page(
    request: Request, patient: "Patient", form: AssessmentForm, status: int = 200
) -> HttpResponse:
    is_scales_only = bool(request.htmx) and request.htmx.target == "scales"
    template = "assessment/form.html#scales" if is_scales_only else "assessment/form.html"
    context = patient_context(patient) | {"form": form, "body": knowledge().body}
    return render(request, template, context, status=status)
