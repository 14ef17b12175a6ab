"""How often reactions were recorded in the clinic: never a share without what it is a share of."""

from typing import TYPE_CHECKING

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from openmeso.services import event_rate as rates_of
from openmeso.services import lot as lots
from openmeso.services.event_rate import Period
from openmeso.services.knowledge import knowledge
from openmeso.services.permission import own_clinic
from openmeso.web.patient.forms import DateInput
from openmeso.web.requests import Request

if TYPE_CHECKING:
    from openmeso.records.models import Clinic


class PeriodForm(forms.Form):
    """Which sessions are looked at; empty fields leave nothing out."""

    first_on = forms.DateField(
        label=gettext_lazy("Sessions from"), required=False, widget=DateInput()
    )
    last_on = forms.DateField(label=gettext_lazy("until"), required=False, widget=DateInput())
    product = forms.ChoiceField(label=gettext_lazy("In which was given"), required=False)

    def __init__(self, *args: object, clinic: "Clinic", **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        held = {(one.product, one.product_name) for one in lots.of_clinic(clinic)}
        self.fields["product"] = forms.ChoiceField(
            label=_("In which was given"),
            required=False,
            choices=[("", _("anything")), *sorted(held, key=lambda one: one[1])],
        )

    def clean(self) -> dict[str, object]:
        typed = super().clean() or {}
        first_on, last_on = typed.get("first_on"), typed.get("last_on")
        if first_on and last_on and last_on < first_on:
            self.add_error("last_on", _("The last day lies before the first."))
        return typed

    def period(self) -> Period:
        """As it was typed."""
        typed = self.cleaned_data
        return Period(typed["first_on"], typed["last_on"], typed["product"])


@login_required
@require_safe
def rates(request: Request) -> HttpResponse:
    clinic = own_clinic(request.user)
    form = PeriodForm(request.GET or None, clinic=clinic)
    wrong = form.is_bound and not form.is_valid()
    period = form.period() if form.is_bound and not wrong else Period()
    context = {
        "form": form,
        "rates": None if wrong else rates_of.of_clinic(by=request.user, period=period),
        "published": knowledge().event_rates.values(),
    }
    return render(request, "adverse_event/rates.html", context, status=422 if wrong else 200)
