"""A reaction told to an authority: prefilled, read over, taken away as XML or PDF."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from openmeso.gateways import clock
from openmeso.services import adverse_event as events
from openmeso.services import permission
from openmeso.services import regulator_report as reports
from openmeso.terms.regulator_report import (
    MEDDRA_CODE,
    MEDDRA_VERSION,
    Qualification,
    ReportHeader,
    ReportInputError,
)
from openmeso.web.download import download
from openmeso.web.patient.context import patient_context
from openmeso.web.requests import Request, posted

if TYPE_CHECKING:
    from openmeso.records.models import AdverseEvent, User
    from openmeso.terms.adverse_event import AdverseEventCase

QUALIFICATIONS = [
    (Qualification.PHYSICIAN.value, _("Physician")),
    (Qualification.PHARMACIST.value, _("Pharmacist")),
    (Qualification.OTHER_HEALTH_PROFESSIONAL.value, _("Other health professional")),
]


class ReportForm(forms.Form):
    """What the record cannot know: to whom, as what, in which coded term, and the story."""

    receiver = forms.CharField(
        label=_("To (the authority's identifier)"),
        max_length=60,
        help_text=_("As the authority names itself in electronic reports; on paper, its name."),
    )
    qualification = forms.ChoiceField(label=_("You report as"), choices=QUALIFICATIONS)
    meddra_code = forms.RegexField(
        MEDDRA_CODE,
        label=_("MedDRA code of the reaction"),
        strip=True,
        required=False,
        help_text=_(
            "For the XML: eight digits (lowest level term). CTCAE terms bring theirs; check it."
        ),
        error_messages={"invalid": _("Write the eight digits of the MedDRA term.")},
    )
    meddra_version = forms.RegexField(
        MEDDRA_VERSION,
        label=_("MedDRA version"),
        strip=True,
        required=False,
        help_text=_("For the XML: the version you looked the code up in, such as 28.0."),
        error_messages={"invalid": _("Write the version as 28.0.")},
    )
    is_expedited = forms.BooleanField(
        label=_("It is to be told at once by your country's rules"), required=False
    )
    narrative = forms.CharField(
        label=_("What happened"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Drawn up from the notes. Name nobody."),
    )

    def header(self, user: "User", event: "AdverseEvent") -> ReportHeader:
        """As it stands on the report; ReportInputError names what cannot."""
        typed = self.cleaned_data
        clinic = event.patient.clinic
        return ReportHeader(
            receiver=typed["receiver"],
            organisation=clinic.name,
            country=clinic.country,
            reporter_given_name=user.first_name or user.username,
            reporter_family_name=user.last_name or user.username,
            qualification=Qualification(typed["qualification"]),
            meddra_code=typed["meddra_code"],
            meddra_version=typed["meddra_version"],
            narrative=typed["narrative"],
            made_at=timezone.localtime(clock.now()),
            is_expedited=typed["is_expedited"],
        )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Request, pk: UUID) -> HttpResponse:
    event = events.get(by=request.user, pk=pk, purpose="report")
    permission.require(request.user, "adverse_event.decide", event)
    form = ReportForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            return _file(request, event, form.header(request.user, event))
        except ReportInputError as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
    case = reports.case_of(by=request.user, event=event)
    form.initial = _prefilled(case)
    context = patient_context(event.patient) | {"event": event, "case": case, "form": form}
    status = 422 if form.errors else 200
    return render(request, "adverse_event/report.html", context, status=status)


def _prefilled(case: "AdverseEventCase") -> dict[str, Any]:
    return {
        "qualification": Qualification.PHYSICIAN.value,
        "meddra_code": case.term.meddra_code,
        "is_expedited": case.state.is_serious,
        "narrative": reports.narrative_of(case),
    }


def _file(request: Request, event: "AdverseEvent", header: ReportHeader) -> HttpResponse:
    if request.POST.get("as") == "xml":
        content = reports.xml(by=request.user, event=event, header=header)
        kind, name = "application/xml", "reaction-report.xml"
    else:
        content = reports.pdf(by=request.user, event=event, header=header)
        kind, name = "application/pdf", "reaction-report.pdf"
    return download(content, kind, name)
