"""What is said of a photo."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from openmeso.services.knowledge import knowledge
from openmeso.web.patient.forms import DateInput


class PhotoForm(forms.Form):
    view = forms.ChoiceField(label=_("View"), error_messages={"required": _("Choose a view.")})
    taken_on = forms.DateField(
        label=_("Taken on"),
        required=False,
        widget=DateInput(),
        help_text=_("Empty: as the camera says, or today."),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    session = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.today = today
        self.fields["view"].choices = [  # type: ignore[attr-defined]
            (one.id, one.name) for one in knowledge().photo_views.values()
        ]

    def clean_taken_on(self) -> date | None:
        taken_on: date | None = self.cleaned_data["taken_on"]
        if taken_on and taken_on > self.today:
            raise forms.ValidationError(_("This date lies in the future."))
        return taken_on


class RemoveForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is removed"),
        max_length=200,
        help_text=_("Such as: another patient's, out of focus."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
