"""Forms of a patient's report: what the patient tells, and what the clinic makes of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openmeso.services.knowledge import knowledge
from openmeso.services.patient_report import MOST_TEXT
from openmeso.terms.patient_report import HowBad, PatientAccount, PatientSign
from openmeso.web.patient.forms import DateInput
from openmeso.web.patient.report import LIFETIMES

HOW_BAD = [
    (HowBad.MILD.value, _("I notice it, but it does not stop me")),
    (HowBad.MODERATE.value, _("It gets in my way")),
    (HowBad.SEVERE.value, _("I cannot do my usual things")),
]


class TellForm(forms.Form):
    """Asked in plain words; only what happened and how bad it is must be answered."""

    signs = forms.MultipleChoiceField()
    how_bad = forms.ChoiceField(
        label=_("How bad is it?"),
        choices=HOW_BAD,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    began_on = forms.DateField(
        label=_("When did it begin?"),
        widget=DateInput(),
        required=False,
        help_text=_("Leave it empty if you do not know."),
    )
    text = forms.CharField(
        label=_("In your own words"),
        max_length=MOST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    may_phone = forms.BooleanField(label=_("You may call me about it"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = knowledge().patient_signs
        self.fields["signs"] = forms.MultipleChoiceField(
            label=_("What happened?"),
            choices=[(one.id, one.words) for one in self.known.values()],
            error_messages={"required": _("Choose at least one; or “Something else”.")},
        )

    def urgent(self) -> list[tuple[PatientSign, bool]]:
        """Signs that want help soon, the most pressing first, and whether each is chosen."""
        return [(one, chosen) for one, chosen in self._signs() if one.urgency]

    def passing(self) -> list[tuple[PatientSign, bool]]:
        """The others."""
        return [(one, chosen) for one, chosen in self._signs() if not one.urgency]

    def _signs(self) -> list[tuple[PatientSign, bool]]:
        chosen = self["signs"].value() or []
        return [(one, one.id in chosen) for one in self.known.values()]

    def to_terms(self) -> PatientAccount:
        """Only after the form was found valid."""
        given = self.cleaned_data
        return PatientAccount(
            signs=tuple(given["signs"]),
            how_bad=HowBad(given["how_bad"]),
            began_on=given["began_on"],
            text=given["text"],
            may_phone=given["may_phone"],
        )


class LinkForm(forms.Form):
    """How long the link lives."""

    days = forms.TypedChoiceField(label=_("It works for"), choices=LIFETIMES, coerce=int)
    by_email = forms.BooleanField(required=False)


class AsideForm(forms.Form):
    """Why a report is no reaction."""

    reason = forms.CharField(label=_("Why it is no reaction"), max_length=400)
