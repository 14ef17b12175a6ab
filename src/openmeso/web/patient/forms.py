"""The patient's particulars."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from openmeso.services.patient import PatientChanged
from openmeso.terms.assessment import Sex
from openmeso.web.wording import WORDS

OLDEST_BIRTH_YEAR = 1900


class DateInput(forms.DateInput):
    """The browser's own date picker, which wants ISO dates."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PatientForm(forms.Form):
    given_name = forms.CharField(
        label=_("Given name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    family_name = forms.CharField(
        label=_("Family name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    record_number = forms.CharField(
        label=_("Record number"),
        max_length=40,
        required=False,
        help_text=_("Left empty, the next free number is given."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    birth_date = forms.DateField(label=_("Date of birth"), widget=DateInput(), required=False)
    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=[(sex.value, WORDS[sex.value]) for sex in Sex],
        widget=forms.RadioSelect,
        help_text=_("As the checks of medicines need it."),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("To reach the patient when a product is called back."),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    address = forms.CharField(
        label=_("Postal address"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"autocomplete": "off", "rows": 3}),
    )

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.today = today

    def clean_birth_date(self) -> date | None:
        born: date | None = self.cleaned_data["birth_date"]
        if born and not born.year >= OLDEST_BIRTH_YEAR:
            raise forms.ValidationError(_("Look at the year again."))
        if born and born > self.today:
            raise forms.ValidationError(_("This date lies in the future."))
        return born


class ChangeForm(PatientForm):
    """The same, with the mark of what was written when the form was shown."""

    stood = forms.CharField(max_length=32, required=False, widget=forms.HiddenInput)

    def tell_changed(self, fault: PatientChanged) -> None:
        """Say beside each field what somebody else has written; saved again, the form holds."""
        self.data = {**dict(self.data.items()), "stood": fault.standing}
        self.add_error(
            None,
            _(
                "Somebody else has changed this patient meanwhile. Nothing of yours is saved yet: what "
                "is written now stands beside each field. Save again to put yours in its place."
            ),
        )
        for name, written in fault.written.items():
            now = {"written": WORDS.get(written, written)}
            self.add_error(name, forms.ValidationError(_("Now: %(written)s"), params=now))
