"""Breaking the glass: which record, and why now."""

import re
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from openmeso.services.emergency_access import LEAST_REASON

# a link is pasted as readily as the reference itself
REFERENCE = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)
LONGEST_REASON = 400


class EmergencyForm(forms.Form):
    reference = forms.CharField(
        label=_("Reference of the record, or its link"),
        max_length=300,
        help_text=_("It stands on the patient's page in their own clinic."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    reason = forms.CharField(
        label=_("Why must it be opened now?"),
        min_length=LEAST_REASON,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A sentence. The patient's clinic reads it, and the patient may."),
    )

    def clean_reference(self) -> UUID:
        found = REFERENCE.search(self.cleaned_data["reference"])
        if found is None:
            raise forms.ValidationError(_("A reference has 32 letters and digits, as 1f0c9a52-…."))
        return UUID(found[0])
