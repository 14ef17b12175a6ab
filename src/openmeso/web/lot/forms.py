"""Forms of the cabinet."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from openmeso.terms.lot import Receipt
from openmeso.terms.product import Product
from openmeso.web.patient.forms import DateInput


class ReceiveForm(forms.Form):
    product = forms.ChoiceField(label=_("Product"))
    number = forms.CharField(
        label=_("Lot"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    expires_on = forms.DateField(
        label=_("Expiry"),
        widget=DateInput(),
        help_text=_("The last day it may be used; a month alone means its last day."),
    )
    pieces = forms.IntegerField(label=_("How many"), min_value=1, max_value=2000)
    gtin = forms.RegexField(regex=r"^\d{14}$", required=False, widget=forms.HiddenInput)
    udi = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: object, products: Iterable[Product], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = sorted((one.name, one.id, one.ampoule_ml) for one in products)
        self.fields["product"] = forms.ChoiceField(
            label=_("Product"),
            choices=[("", "")] + [(key, f"{name}, {ml:g} mL") for name, key, ml in choices],
        )

    def to_terms(self) -> Receipt:
        """What was typed, to be received."""
        return Receipt(**self.cleaned_data)


class CountForm(forms.Form):
    pieces = forms.IntegerField(label=_("Unopened"), min_value=0, max_value=2000)
    rest_ml = forms.FloatField(
        label=_("In opened ones"), min_value=0, max_value=1000, required=False
    )
    reason = forms.CharField(
        label=_("If it differs: why"), max_length=300, required=False,
        help_text=_("The book said otherwise. What may be the cause?"),
    )  # fmt: skip

    def ml(self, ampoule_ml: float) -> float:
        """Everything that is there [mL]."""
        rest_ml = self.cleaned_data["rest_ml"] or 0.0
        return float(self.cleaned_data["pieces"] * ampoule_ml + rest_ml)


class AmountForm(forms.Form):
    ml = forms.FloatField(label=_("Amount"), min_value=0.001, max_value=10_000)
    reason = forms.CharField(label=_("Reason"), max_length=300)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)
