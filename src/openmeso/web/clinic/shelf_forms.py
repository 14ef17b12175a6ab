"""Forms for the clinic's own products and protocol templates."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from openmeso.terms.formula import Component
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.product import Product, Route, Strength
from openmeso.terms.protocol import Phase, Protocol
from openmeso.terms.provenance import Quantity
from openmeso.terms.units import DoseUnit

Value = TypeVar("Value")
ROWS = (1, 2, 3, 4)
AS_LABELLED = "as the clinic read it on the label"


def own_id(name: str) -> str:
    """An id that cannot be taken for a published one."""
    return "own_" + slugify(name).replace("-", "_")


class ProductForm(forms.Form):
    name = forms.CharField(label=_("Name as on the label"), max_length=160)
    manufacturer = forms.CharField(label=_("Manufacturer"), max_length=120, required=False)
    gtin = forms.RegexField(
        label=_("GTIN"),
        regex=r"^\d{8,14}$",
        required=False,
        error_messages={"invalid": _("8 to 14 digits.")},
    )
    ampoule_ml = forms.FloatField(label=_("Ampoule"), min_value=0.01, max_value=1000)
    route = forms.ChoiceField(
        label=_("Made for"),
        choices=[
            (Route.INJECTION.value, _("injection")),
            (Route.TOPICAL.value, _("the skin's surface")),
        ],
    )
    ph_low = forms.FloatField(label=_("pH from"), min_value=0, max_value=14, required=False)
    ph_high = forms.FloatField(label=_("pH to"), min_value=0, max_value=14, required=False)

    def __init__(self, *args: object, known: Knowledge, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [("", "–"), *((each.id, each.name) for each in known.ingredients.values())]
        for n in ROWS:
            self.fields[f"ingredient_{n}"] = forms.ChoiceField(
                label=_("Ingredient"), choices=choices, required=n == 1
            )
            self.fields[f"per_ml_{n}"] = forms.FloatField(
                label=_("In 1 mL"), min_value=0, required=n == 1
            )
            self.fields[f"unit_{n}"] = forms.ChoiceField(
                label=_("Unit"), choices=[(unit.value, unit.value) for unit in DoseUnit]
            )
            self.fields[f"unit_{n}"].required = False

    def rows(self) -> list[tuple[forms.BoundField, ...]]:
        return [(self[f"ingredient_{n}"], self[f"per_ml_{n}"], self[f"unit_{n}"]) for n in ROWS]

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        low, high = cleaned.get("ph_low"), cleaned.get("ph_high")
        if (low is None) != (high is None):
            self.add_error("ph_high", _("Give both ends of the pH, or neither."))
        elif isinstance(low, float) and isinstance(high, float) and low > high:
            self.add_error("ph_high", _("The upper end lies below the lower one."))
        return cleaned

    def to_terms(self) -> Product:
        given = self.cleaned_data
        return Product(
            id=own_id(given["name"]),
            name=given["name"],
            strengths=tuple(
                Strength(
                    given[f"ingredient_{n}"],
                    given[f"per_ml_{n}"],
                    DoseUnit(given[f"unit_{n}"] or "mg"),
                )
                for n in ROWS
                if given[f"ingredient_{n}"] and given[f"per_ml_{n}"]
            ),
            ampoule_ml=given["ampoule_ml"],
            route=Route(given["route"]),
            ph=None
            if given["ph_low"] is None
            else Quantity("pH", low=given["ph_low"], high=given["ph_high"], assumption=AS_LABELLED),
            manufacturer=given["manufacturer"],
            gtin=given["gtin"],
            assumption=AS_LABELLED,
        )


class ProtocolForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=160)
    summary = forms.CharField(
        label=_("In a sentence"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )
    session_volume_ml = forms.FloatField(
        label=_("Volume per session"), min_value=0.01, max_value=500, required=False
    )
    assessment_weeks = forms.CharField(
        label=_("Assessments in weeks"),
        required=False,
        help_text=_("Weeks from the first session, as 8, 12, 24."),
    )

    def __init__(
        self, *args: object, known: Knowledge, own_products: Iterable[Product], **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["technique"] = forms.ChoiceField(
            label=_("Technique"),
            choices=[(each.id, each.name) for each in known.techniques.values()],
        )
        self.fields["indications"] = forms.MultipleChoiceField(
            label=_("For"),
            choices=[(each.id, each.name) for each in known.indications.values()],
            widget=forms.CheckboxSelectMultiple,
        )
        every = [*own_products, *known.products.values()]
        products = [("", "–"), *((each.id, each.name) for each in every)]
        for n in ROWS:
            self.fields[f"product_{n}"] = forms.ChoiceField(
                label=_("Product"), choices=products, required=False
            )
            self.fields[f"parts_{n}"] = forms.FloatField(
                label=_("Parts"), min_value=0.01, required=False
            )
            self.fields[f"sessions_{n}"] = forms.IntegerField(
                label=_("Sessions"), min_value=1, max_value=100, required=n == 1
            )
            self.fields[f"interval_{n}"] = forms.IntegerField(
                label=_("Days apart"), min_value=1, max_value=400, required=n == 1
            )

    def formula_rows(self) -> list[tuple[forms.BoundField, ...]]:
        return [(self[f"product_{n}"], self[f"parts_{n}"]) for n in ROWS]

    def phase_rows(self) -> list[tuple[forms.BoundField, ...]]:
        return [(self[f"sessions_{n}"], self[f"interval_{n}"]) for n in ROWS]

    def clean_assessment_weeks(self) -> tuple[int, ...]:
        texts = self.cleaned_data["assessment_weeks"].replace(",", " ").split()
        if not all(text.isdecimal() for text in texts):
            raise forms.ValidationError(_("Whole weeks, as 8, 12, 24."))
        return tuple(sorted({int(text) for text in texts}))

    def to_terms(self) -> Protocol:
        given = self.cleaned_data
        return Protocol(
            id=own_id(given["name"]),
            name=given["name"],
            indications=tuple(given["indications"]),
            phases=_pairs(given, "sessions", "interval", Phase),
            technique=given["technique"],
            components=_pairs(given, "product", "parts", Component),
            session_volume_ml=given["session_volume_ml"],
            assessment_weeks=given["assessment_weeks"],
            summary=given["summary"],
        )


def _pairs(
    given: dict[str, object], first: str, second: str, make: Callable[..., Value]
) -> tuple[Value, ...]:
    pairs = [(given[f"{first}_{n}"], given[f"{second}_{n}"]) for n in ROWS]
    return tuple(make(one, other) for one, other in pairs if one and other)
