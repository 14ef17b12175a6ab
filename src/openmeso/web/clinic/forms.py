"""Forms of the clinic's rooms."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from openmeso.terms.knowledge import Knowledge
from openmeso.terms.practitioner import Role
from openmeso.terms.session import Signature
from openmeso.web.patient.forms import DateInput
from openmeso.web.wording import WORDS

WEEKDAYS = [
    ("1", _("Monday")),
    ("2", _("Tuesday")),
    ("3", _("Wednesday")),
    ("4", _("Thursday")),
    ("5", _("Friday")),
    ("6", _("Saturday")),
    ("7", _("Sunday")),
]
ROLES = [(role.value, WORDS[role.value]) for role in Role]


class ClinicForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    country = forms.RegexField(
        label=_("Country"),
        regex=r"^[A-Za-z]{2}$",
        help_text=_("Two letters, such as TR, FR or ES. It decides which substances are lawful."),
        error_messages={"invalid": _("Two letters, such as TR.")},
    )
    timezone = forms.CharField(
        label=_("Time zone"), max_length=64, help_text=_("Such as Europe/Istanbul.")
    )
    signature = forms.ChoiceField(
        label=_("Whoever signs a session"),
        choices=[
            (Signature.PASSWORD.value, _("types the password again")),
            (Signature.SECOND_FACTOR.value, _("types a code of the authenticator app")),
            (Signature.NONE.value, _("signs without further proof")),
        ],
        required=False,  # left out, it stays as it is
    )

    def clean_signature(self) -> str:
        return str(self.cleaned_data["signature"] or self.initial.get("signature", ""))


class ClosingDaysForm(forms.Form):
    weekdays = forms.MultipleChoiceField(
        label=_("Closed every"),
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    dates = forms.CharField(
        label=_("Closed on"),
        widget=forms.Textarea(attrs={"rows": 6, "class": "mono"}),
        required=False,
        help_text=_("One date a line, as 2026-12-25. Sessions are moved around them."),
    )

    def clean_dates(self) -> list[date]:
        return [_date(text) for text in self.cleaned_data["dates"].split()]


class MemberForm(forms.Form):
    given_name = forms.CharField(label=_("Given name"), max_length=150)
    family_name = forms.CharField(label=_("Family name"), max_length=150)
    username = forms.CharField(
        label=_("User name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(label=_("Role"), choices=ROLES)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=ROLES)


class TrainingForm(forms.Form):
    technique = forms.ChoiceField(label=_("Technique"))
    trained_on = forms.DateField(label=_("Trained on"), widget=DateInput())
    valid_until = forms.DateField(label=_("Valid until"), widget=DateInput(), required=False)

    def __init__(self, *args: object, known: Knowledge, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["technique"] = forms.ChoiceField(
            label=_("Technique"),
            choices=[(each.id, each.name) for each in known.techniques.values()],
        )


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise forms.ValidationError(_("Not a date: %s") % text) from None
