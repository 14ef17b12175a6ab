"""What is typed when something is measured: a picture's circumstances, numbers, a score."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from openmeso.services.device import KnownDevice
from openmeso.services.measurement import Taken
from openmeso.terms.assessment import ScaleScore
from openmeso.terms.measurement import (
    OUTCOMES,
    Measurement,
    MeasurementKind,
    Method,
    Outcome,
    OutcomeValue,
    Place,
    Site,
)
from openmeso.terms.scale import Scale as SeverityScale
from openmeso.terms.trichoscopy import (
    LEAST_UM_PER_PX,
    MOST_UM_PER_PX,
    HairMode,
    MeasureSetting,
    Scale,
    ScaleSource,
)
from openmeso.terms.units import UM_PER_MM
from openmeso.web.device.words import device_words
from openmeso.web.measurement_words import MODES, SITES, outcome_label, unit_words
from openmeso.web.patient.forms import DateInput

GIVEN_SD = 0.02
"""Relative error of a scale that somebody types in: an assumption."""
TWO_POINTS_SD = 0.01
TOUCH_PX = 1.5
FOUND_SOURCES = (ScaleSource.SCALE_BAR, ScaleSource.RULER)
PRINTED_SD = 0.005
"""How true a printed bar or ruler is: an assumption."""
LATER, GIVEN = "later", "given"
FIRST_SITE = Site.VERTEX


class DatedForm(forms.Form):
    """What every measurement says: when, and a note."""

    measured_on = forms.DateField(label=_("Date"), widget=DateInput())
    note = forms.CharField(
        label=_("Note"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.today = today

    def clean_measured_on(self) -> date:
        on: date = self.cleaned_data["measured_on"]
        if on > self.today:
            raise forms.ValidationError(_("This date lies in the future."))
        return on


def _site_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Where on the scalp"),
        choices=[(site.value, SITES[site.value]) for site in Site],
        initial=FIRST_SITE.value,
    )


class PictureForm(DatedForm):
    site = _site_field()
    mode = forms.ChoiceField(
        label=_("Hair"),
        choices=[(mode.value, MODES[mode.value]) for mode in HairMode],
        widget=forms.RadioSelect,
        initial=HairMode.CLIPPED.value,
    )
    light_hair = forms.BooleanField(label=_("Fair or grey hair"), required=False)
    scale = forms.ChoiceField(label=_("Scale"), widget=forms.RadioSelect, initial=LATER)
    mm_per_px = forms.FloatField(
        label=_("Millimetres a pixel"),
        min_value=LEAST_UM_PER_PX / UM_PER_MM,
        max_value=MOST_UM_PER_PX / UM_PER_MM,
        required=False,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    device = forms.CharField(
        label=_("Device and lens"),
        max_length=80,
        required=False,
        help_text=_("Named, its scale is offered for the next picture."),
    )

    def __init__(
        self, *args: object, today: date, devices: Sequence[KnownDevice], **kwargs: object
    ) -> None:
        """``devices`` are those whose scale is offered, the one used last at their head."""
        super().__init__(*args, today=today, **kwargs)
        self.devices = devices
        field = self.fields["scale"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = [
            *((each.key, each.name) for each in devices[:1]),
            (LATER, _("On the picture")),
            (GIVEN, _("I know it")),
            *((each.key, each.name) for each in devices[1:]),
        ]

    def first_ways(self) -> list[tuple[Any, object]]:
        """The device used last, and the ways without one, each with what is to be known of it."""
        return [*self._ways()][: len(self.devices[:1]) + 2]

    def other_devices(self) -> list[tuple[Any, object]]:
        """The others, likewise."""
        return [*self._ways()][len(self.devices[:1]) + 2 :]

    def is_other(self) -> bool:
        """Whether one of those is chosen."""
        return self["scale"].value() in {one.key for one in self.devices[1:]}

    def _ways(self) -> Iterator[tuple[Any, object]]:
        about: dict[str, object] = {one.key: device_words(one) for one in self.devices}
        about[LATER] = _("A scale bar that is found, or two points a known length apart")
        about[GIVEN] = _("Millimetres a pixel, typed in below")
        for widget in self["scale"]:
            yield widget, about[widget.data["value"]]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        is_missing = cleaned.get("mm_per_px") is None and "mm_per_px" not in self.errors
        if cleaned.get("scale") == GIVEN and is_missing:
            self.add_error("mm_per_px", _("Give the scale, or choose another way."))
        return cleaned

    def taken(self, width_px: int) -> Taken:
        """How a picture of this width was taken; raises ValidationError for another's scale."""
        value = self.cleaned_data
        scale, device, device_id = self._scale(width_px)
        return Taken(
            measured_on=value["measured_on"],
            place=Place(Site(value["site"])),
            setting=MeasureSetting(mode=HairMode(value["mode"]), light_hair=value["light_hair"]),
            scale=scale,
            device=device,
            note=value["note"],
            device_id=device_id,
        )

    def _scale(self, width_px: int) -> tuple[Scale | None, str, UUID | None]:
        value = self.cleaned_data
        if value["scale"] == LATER:
            return None, value["device"], None
        if value["scale"] == GIVEN:
            return Scale(UM_PER_MM * value["mm_per_px"], GIVEN_SD), value["device"], None
        chosen = next(one for one in self.devices if one.key == value["scale"])
        if chosen.picture_width_px != width_px:
            raise forms.ValidationError(
                _(
                    "%(device)s took pictures %(known)d px wide; this one has %(found)d, so its "
                    "scale does not hold. Set the scale on the picture instead."
                ),
                params={
                    "device": chosen.name,
                    "known": chosen.picture_width_px,
                    "found": width_px,
                },
            )
        scale = Scale(chosen.um_per_px, chosen.relative_sd, ScaleSource.DEVICE)
        return scale, chosen.name, chosen.kept


class ScaleForm(forms.Form):
    """A picture's scale: a known length between two of its points, or typed."""

    source = forms.ChoiceField(
        choices=[(each.value, each.value) for each in ScaleSource], widget=forms.HiddenInput
    )
    length_px = forms.FloatField(label=_("Length on the picture"), min_value=2, max_value=100_000)
    length_mm = forms.FloatField(label=_("Its true length"), min_value=0.01, max_value=100)
    sd_px = forms.FloatField(
        min_value=0, max_value=50, required=False, widget=forms.HiddenInput
    )  # of a length that the software found
    device = forms.CharField(label=_("Device and lens"), max_length=80, required=False)

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("length_px") and cleaned.get("length_mm"):
            um = UM_PER_MM * cleaned["length_mm"] / cleaned["length_px"]
            if not LEAST_UM_PER_PX <= um <= MOST_UM_PER_PX:
                self.add_error(
                    "length_mm",
                    _("That would be %(um)s µm a pixel. Look at the length and its unit again.")
                    % {"um": f"{um:.3g}"},
                )
        return cleaned

    def scale(self) -> Scale:
        """The scale, once valid; a longer line is known more exactly."""
        value = self.cleaned_data
        source = ScaleSource(value["source"])
        # two ends, each touched within about a pixel, unless the software found them
        found = value["sd_px"] if source in FOUND_SOURCES else None
        slip = (TOUCH_PX if found is None else found) / value["length_px"]
        return Scale(
            UM_PER_MM * value["length_mm"] / value["length_px"],
            min(0.5, max(PRINTED_SD if source in FOUND_SOURCES else TWO_POINTS_SD, slip)),
            source,
        )


@dataclass(frozen=True, slots=True)
class ValueRow:
    """An outcome with the fields of its number and its error."""

    outcome: Outcome
    value: forms.BoundField
    sd: forms.BoundField
    unit: str


class ValuesForm(DatedForm):
    """Numbers that another device printed."""

    field_order = ("measured_on", "site", "device", "note")
    site = _site_field()
    device = forms.CharField(label=_("Device"), max_length=80)

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, today=today, **kwargs)
        for each in OUTCOMES.values():
            self.fields[each.name] = _number(outcome_label(each.name), each.low, each.high)
            self.fields[f"{each.name}_sd"] = _number(_("Standard deviation"), 1e-6, each.high)

    def rows(self) -> Iterator[ValueRow]:
        for each in OUTCOMES.values():
            yield ValueRow(each, self[each.name], self[f"{each.name}_sd"], unit_words(each.unit))

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        for each in OUTCOMES:
            if cleaned.get(f"{each}_sd") is not None and cleaned.get(each) is None:
                self.add_error(each, _("Its standard deviation stands alone."))
        if not self.errors and all(cleaned.get(each) is None for each in OUTCOMES):
            raise forms.ValidationError(_("Give at least one number."))
        return cleaned

    def to_terms(self) -> Measurement:
        value = self.cleaned_data
        return Measurement(
            measured_on=value["measured_on"],
            kind=MeasurementKind.DEVICE,
            place=Place(Site(value["site"])),
            values=tuple(
                OutcomeValue(each, value[each], value[f"{each}_sd"], Method.TYPED)
                for each in OUTCOMES
                if value[each] is not None
            ),
            device=value["device"].strip(),
            note=value["note"].strip(),
        )


def _number(label: object, low: float, high: float) -> forms.FloatField:
    return forms.FloatField(
        label=label,  # type: ignore[arg-type]
        min_value=low,
        max_value=high,
        required=False,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )


class ScoreForm(DatedForm):
    """A score on a severity scale, of the patient or of photographs."""

    def __init__(
        self,
        *args: object,
        today: date,
        scale: SeverityScale,
        scales: Iterable[SeverityScale],
        **kwargs: object,
    ) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.severity = scale
        self.fields["scale"] = forms.ChoiceField(
            label=_("Scale"), choices=[(each.id, each.name) for each in scales], initial=scale.id
        )
        self.fields["score"] = (
            forms.ChoiceField(
                label=_("Score"),
                choices=[(grade.code, grade.name) for grade in scale.grades],
                widget=forms.RadioSelect,
            )
            if scale.grades
            else forms.FloatField(label=_("Score"), min_value=scale.low, max_value=scale.high)
        )
        self.fields["of_photos"] = forms.BooleanField(
            label=_("Judged on photographs, not on the patient"), required=False
        )

    def to_terms(self) -> Measurement:
        value = self.cleaned_data
        score = value["score"]
        return Measurement(
            measured_on=value["measured_on"],
            kind=MeasurementKind.PHOTO if value["of_photos"] else MeasurementKind.SCALE,
            score=ScaleScore(self.severity.id, f"{score:g}" if isinstance(score, float) else score),
            note=value["note"].strip(),
        )
