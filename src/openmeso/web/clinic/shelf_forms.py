"""Forms for the clinic's own products and protocol templates."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import TypeVar

from django import forms
from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from openmeso.terms.formula import Component
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.product import Product, Route, Strength
from openmeso.terms.protocol import Phase, Protocol
from openmeso.terms.provenance import Quantity
from openmeso.terms.units import DoseUnit

Value = TypeVar("Value")
LEAST_ROWS = 4
AS_LABELLED = "as the clinic read it on the label"


def own_id(name: str) -> str:
    """An id that cannot be taken for a published one."""
    slug = slugify(name) or slugify(name, allow_unicode=True)
    return "own_" + slug.replace("-", "_")


def _rows(kept: int) -> range:
    """Rows to fill in: a spare one after what is kept, and never fewer than four."""
    return range(1, max(LEAST_ROWS, kept + 1) + 1)


MOST_DIGITS = 4  # of a week


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

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        known: Knowledge,
        kept: Product | None = None,
        taken: Collection[str] = (),
    ) -> None:
        super().__init__(data, initial=_initial_product(kept) if kept else None)
        self.kept, self.taken = kept, taken
        self.row_numbers = _rows(len(kept.strengths) if kept else 0)
        choices = [("", "–"), *((each.id, each.name) for each in known.ingredients.values())]
        for n in self.row_numbers:
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
        return [
            (self[f"ingredient_{n}"], self[f"per_ml_{n}"], self[f"unit_{n}"])
            for n in self.row_numbers
        ]

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        low, high = cleaned.get("ph_low"), cleaned.get("ph_high")
        if (low is None) != (high is None):
            self.add_error("ph_high", _("Give both ends of the pH, or neither."))
        elif isinstance(low, float) and isinstance(high, float) and low > high:
            self.add_error("ph_high", _("The upper end lies below the lower one."))
        return cleaned

    def clean_name(self) -> str:
        return _free_name(self.cleaned_data["name"], self.kept, self.taken)

    def to_terms(self) -> Product:
        """The product as typed; what the form does not ask stays as it was."""
        given = self.cleaned_data
        return replace(
            self.kept or Product(own_id(given["name"]), "", (), 0),
            name=given["name"],
            strengths=self._strengths(),
            ampoule_ml=given["ampoule_ml"],
            route=Route(given["route"]),
            ph=None
            if given["ph_low"] is None
            else Quantity("pH", low=given["ph_low"], high=given["ph_high"], assumption=AS_LABELLED),
            manufacturer=given["manufacturer"],
            gtin=given["gtin"],
            assumption=AS_LABELLED,
        )

    def _strengths(self) -> tuple[Strength, ...]:
        given = self.cleaned_data
        forms_kept = {s.ingredient: s.form for s in self.kept.strengths} if self.kept else {}
        return tuple(
            Strength(
                given[f"ingredient_{n}"],
                given[f"per_ml_{n}"],
                DoseUnit(given[f"unit_{n}"] or "mg"),
                forms_kept.get(given[f"ingredient_{n}"], ""),
            )
            for n in self.row_numbers
            if given[f"ingredient_{n}"] and given[f"per_ml_{n}"]
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
        self,
        data: QueryDict | None = None,
        *,
        known: Knowledge,
        own_products: Iterable[Product],
        kept: Protocol | None = None,
        taken: Collection[str] = (),
    ) -> None:
        super().__init__(data, initial=_initial_protocol(kept) if kept else None)
        self.kept, self.taken = kept, taken
        longest = max(len(kept.phases), len(kept.components)) if kept else 0
        self.row_numbers = _rows(longest)
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
        for n in self.row_numbers:
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
        return [(self[f"product_{n}"], self[f"parts_{n}"]) for n in self.row_numbers]

    def phase_rows(self) -> list[tuple[forms.BoundField, ...]]:
        return [(self[f"sessions_{n}"], self[f"interval_{n}"]) for n in self.row_numbers]

    def clean_assessment_weeks(self) -> tuple[int, ...]:
        texts = self.cleaned_data["assessment_weeks"].replace(",", " ").split()
        if not all(text.isdecimal() and len(text) <= MOST_DIGITS for text in texts):
            raise forms.ValidationError(_("Whole weeks, as 8, 12, 24."))
        return tuple(sorted({int(text) for text in texts}))

    def to_terms(self) -> Protocol:
        """The template as typed; what the form does not ask stays as it was."""
        given = self.cleaned_data
        return replace(
            self.kept or Protocol(own_id(given["name"]), "", (), (), ""),
            name=given["name"],
            indications=tuple(given["indications"]),
            phases=self._phases(),
            technique=given["technique"],
            components=self._pairs("product", "parts", Component),
            session_volume_ml=given["session_volume_ml"],
            assessment_weeks=given["assessment_weeks"],
            summary=given["summary"],
        )

    def clean_name(self) -> str:
        return _free_name(self.cleaned_data["name"], self.kept, self.taken)

    def _phases(self) -> tuple[Phase, ...]:
        held = self.kept.phases if self.kept else ()
        phases = self._pairs("sessions", "interval", Phase)
        # the least interval is not asked: it holds for as long as its phase's interval does
        return tuple(
            replace(phase, min_interval_days=held[n].min_interval_days)
            if n < len(held) and held[n].interval_days == phase.interval_days
            else phase
            for n, phase in enumerate(phases)
        )

    def _pairs(self, first: str, second: str, make: Callable[..., Value]) -> tuple[Value, ...]:
        given = self.cleaned_data
        pairs = [(given[f"{first}_{n}"], given[f"{second}_{n}"]) for n in self.row_numbers]
        return tuple(make(one, other) for one, other in pairs if one and other)


def _free_name(name: str, kept: object, taken: Collection[str]) -> str:
    """The name, unless a new thing would take the place of one that is kept under it."""
    if kept is None and own_id(name) in taken:
        raise forms.ValidationError(_("There is one of this name already: change that one."))
    return name


def _initial_product(kept: Product) -> dict[str, object]:
    initial: dict[str, object] = {
        "name": kept.name,
        "manufacturer": kept.manufacturer,
        "gtin": kept.gtin,
        "ampoule_ml": kept.ampoule_ml,
        "route": kept.route.value,
        "ph_low": _end(kept.ph, "low"),
        "ph_high": _end(kept.ph, "high"),
    }
    for n, strength in enumerate(kept.strengths, 1):
        initial[f"ingredient_{n}"] = strength.ingredient
        initial[f"per_ml_{n}"] = strength.per_ml
        initial[f"unit_{n}"] = strength.unit.value
    return initial


def _end(ph: Quantity | None, end: str) -> float | None:
    if ph is None:
        return None
    return ph.value if getattr(ph, end) is None else getattr(ph, end)


def _initial_protocol(kept: Protocol) -> dict[str, object]:
    initial: dict[str, object] = {
        "name": kept.name,
        "summary": kept.summary,
        "session_volume_ml": kept.session_volume_ml,
        "assessment_weeks": ", ".join(str(week) for week in kept.assessment_weeks),
        "technique": kept.technique,
        "indications": list(kept.indications),
    }
    for n, phase in enumerate(kept.phases, 1):
        initial |= {f"sessions_{n}": phase.sessions, f"interval_{n}": phase.interval_days}
    for n, part in enumerate(kept.components, 1):
        initial |= {f"product_{n}": part.product, f"parts_{n}": part.parts}
    return initial
