"""The planner's form: what was chosen on the page, to and from a PlanChoice."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from openmeso.gateways.conversion import ConversionError, converter, structure
from openmeso.gateways.plan_sheet import page_key
from openmeso.terms.check import Override
from openmeso.terms.formula import Component, Formula
from openmeso.terms.grid import GridSpec, Lattice
from openmeso.terms.plan import PlanChoice
from openmeso.terms.protocol import Phase
from openmeso.terms.zone import Zone

OVERRIDE_PREFIX = "override:"
MOST_ZONES = 24
MOST_CORNERS = 400


def zones_text(zones: Iterable[Zone]) -> str:
    """The zones as the text that the map editor reads and writes."""
    plain = converter().unstructure(tuple(zones), tuple[Zone, ...])
    return json.dumps(plain, separators=(",", ":"))


class ZonesField(forms.Field):
    """Zones as JSON: drawn on the map, or typed where no script runs."""

    widget = forms.Textarea
    default_error_messages = {
        "zones": _("These coordinates cannot be read: %(fault)s"),
        "many": _("At most %(zones)d zones of %(corners)d corners each."),
    }

    def to_python(self, value: Any) -> tuple[Zone, ...]:
        text = str(value or "").strip()
        if not text:
            return ()
        try:
            zones = structure(json.loads(text), tuple[Zone, ...])
        except (json.JSONDecodeError, ConversionError, RecursionError) as fault:
            raise forms.ValidationError(
                self.error_messages["zones"], "zones", {"fault": str(fault)[:200]}
            ) from fault
        if len(zones) > MOST_ZONES or any(len(each.polygon) > MOST_CORNERS for each in zones):
            limits = {"zones": MOST_ZONES, "corners": MOST_CORNERS}
            raise forms.ValidationError(self.error_messages["many"], "many", limits)
        return tuple(zones)


class PlannerForm(forms.Form):
    """Everything but the rows of the formula and of the schedule, which repeat."""

    title = forms.CharField(label=_("Name of the plan"), max_length=160, required=False)
    protocol = forms.CharField(required=False)
    filled = forms.CharField(required=False, widget=forms.HiddenInput)
    preset = forms.CharField(required=False)
    zones = ZonesField(label=_("Zones"), required=False)
    formula_name = forms.CharField(label=_("Name of the mixture"), max_length=120, required=False)
    technique = forms.CharField(required=False)
    depth_mm = forms.FloatField(label=_("Depth"), min_value=0, max_value=20, required=False)
    volume_per_point_ml = forms.FloatField(
        label=_("Volume per point"), min_value=0, max_value=5, required=False
    )
    spacing_mm = forms.FloatField(label=_("Spacing"), min_value=0.5, max_value=100, required=False)
    lattice = forms.ChoiceField(
        label=_("Pattern of points"),
        choices=[(Lattice.SQUARE.value, _("Square")), (Lattice.HEXAGONAL.value, _("Hexagonal"))],
        required=False,
    )
    margin_mm = forms.FloatField(
        label=_("Margin to the edge"), min_value=0, max_value=50, required=False
    )
    angle_degrees = forms.FloatField(
        label=_("Turn of the grid"), min_value=-180, max_value=180, required=False
    )
    dead_space_ml = forms.FloatField(
        label=_("Lost in needle and syringe"), min_value=0, max_value=10, required=False
    )
    start_on = forms.DateField(
        label=_("First session"), widget=forms.DateInput(attrs={"type": "date"})
    )
    practitioner = forms.CharField(required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.rows = Rows.from_post(data)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for fault in self.rows.faults:
            self.add_error(None, fault)
        return cleaned

    def refills(self) -> bool:
        """Whether another protocol or technique was picked than the fields were filled from."""
        filled = self.cleaned_data.get("filled", "")
        return bool(filled) and filled != filled_from(
            self.cleaned_data.get("protocol", ""), self.cleaned_data.get("technique", "")
        )

    def to_choice(self, *, drops_zones: bool = False) -> PlanChoice:
        """The choice; a newly picked protocol or technique brings its own values along.

        ``drops_zones`` leaves the drawing out, so that the preset's takes its place.
        """
        value = self.cleaned_data
        of_protocol, _bar, of_technique = value["filled"].partition("|")
        choice = PlanChoice(
            start_on=value["start_on"],
            protocol=value["protocol"],
            preset=value["preset"],
            zones=() if drops_zones else value["zones"],
            dead_space_ml=value["dead_space_ml"] or 0.0,
            overrides=self.rows.overrides,
        )
        if value["filled"] and value["protocol"] and of_protocol != value["protocol"]:
            return choice
        return self._with_formula(choice, is_new=of_technique != value["technique"])

    def _with_formula(self, choice: PlanChoice, *, is_new: bool) -> PlanChoice:
        value = self.cleaned_data
        components = self.rows.components
        spacing = value["spacing_mm"]
        keeps = not is_new or not value["filled"]
        return replace(
            choice,
            formula=Formula(value["formula_name"], components) if components else None,
            technique=value["technique"],
            phases=self.rows.phases,
            grid=self._grid(spacing) if spacing and keeps else None,
            volume_per_point_ml=value["volume_per_point_ml"] if keeps else None,
            depth_mm=value["depth_mm"] if keeps else None,
        )

    def _grid(self, spacing_mm: float) -> GridSpec:
        value = self.cleaned_data
        margin = value["margin_mm"]
        return GridSpec(
            spacing_mm=spacing_mm,
            lattice=Lattice(value["lattice"] or Lattice.SQUARE),
            margin_mm=GridSpec(1.0).margin_mm if margin is None else margin,
            angle_degrees=value["angle_degrees"] or 0.0,
        )


def filled_from(protocol: str, technique: str) -> str:
    """What the page's fields were filled from, so that a change of it can be told."""
    return f"{protocol}|{technique}"


@dataclass(frozen=True, slots=True)
class Rows:
    """The repeating rows: components, phases, and the reasons given for overrides."""

    components: tuple[Component, ...]
    phases: tuple[Phase, ...]
    overrides: tuple[Override, ...]
    faults: tuple[str, ...]

    @classmethod
    def from_post(cls, data: QueryDict) -> "Rows":
        """Read the rows, leaving out empty ones and naming faulty ones."""
        faults: list[str] = []
        return cls(
            components=tuple(_components(data, faults)),
            phases=tuple(_phases(data, faults)),
            overrides=tuple(
                Override(name.removeprefix(OVERRIDE_PREFIX), str(data[name]).strip())
                for name in data
                if name.startswith(OVERRIDE_PREFIX) and str(data[name]).strip()
            ),
            faults=tuple(faults),
        )


def _components(data: QueryDict, faults: list[str]) -> Iterable[Component]:
    for product, parts in zip(data.getlist("product"), data.getlist("parts"), strict=False):
        if not product:
            continue
        try:
            share = float(parts or 1)
        except ValueError:
            share = 0.0
        if not 0 < share <= 1000:
            faults.append(str(_("The parts of a product are a number above zero.")))
            continue
        yield Component(product, share)


def _phases(data: QueryDict, faults: list[str]) -> Iterable[Phase]:
    rows = zip(
        data.getlist("phase_sessions"),
        data.getlist("phase_interval_days"),
        data.getlist("phase_least_days"),
        strict=False,
    )
    for sessions, interval, least in rows:
        if not sessions.strip():
            continue
        try:
            yield Phase(int(sessions), int(interval), int(least) if least.strip() else None)
        except ValueError:
            faults.append(
                str(_("A phase needs whole sessions and days, the least interval the smaller."))
            )


def initial_data(choice: PlanChoice, *, title: str = "", practitioner: str = "") -> dict[str, Any]:
    """What the page's fields show for a choice."""
    grid = choice.grid
    return {
        "title": title,
        "protocol": choice.protocol,
        "filled": filled_from(choice.protocol, choice.technique),
        "preset": choice.preset,
        "zones": zones_text(choice.zones),
        "formula_name": choice.formula.name if choice.formula else "",
        "components": choice.formula.components if choice.formula else (),
        "technique": choice.technique,
        "depth_mm": _text(choice.depth_mm),
        "volume_per_point_ml": _text(choice.volume_per_point_ml),
        "spacing_mm": _text(grid.spacing_mm if grid else None),
        "lattice": grid.lattice.value if grid else Lattice.SQUARE.value,
        "margin_mm": _text(grid.margin_mm if grid else None),
        "angle_degrees": _text(grid.angle_degrees if grid else 0.0),
        "dead_space_ml": _text(choice.dead_space_ml),
        "phases": choice.phases,
        "start_on": choice.start_on.isoformat(),
        "practitioner": practitioner,
        "overrides": {each.finding: each.reason for each in choice.overrides},
    }


def _text(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def typed_data(form: PlannerForm) -> Mapping[str, Any]:
    """What was typed, for showing a form again that could not be read."""
    data: dict[str, Any] = {name: form.data.get(name, "") for name in form.fields}
    return data | {
        "components": form.rows.components,
        "phases": form.rows.phases,
        "overrides": {each.finding: each.reason for each in form.rows.overrides},
    }


class OverrideForm(forms.Form):
    """Why one goes on despite a finding."""

    finding = forms.CharField(label=_("Finding"), max_length=200, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason for going on"), widget=forms.Textarea)

    def __init__(self, data: QueryDict) -> None:
        # the page asks at each finding: the error leads to the one that was answered
        super().__init__(data, auto_id=f"%s-{page_key(data.get('finding', ''))}")


class ProtocolNameForm(forms.Form):
    """The name under which a plan's regimen becomes one of the clinic's protocols."""

    name = forms.CharField(
        label=_("Save formula, technique and schedule as a clinic protocol"),
        max_length=120,
        widget=forms.TextInput(attrs={"placeholder": _("Name of the protocol")}),
    )
