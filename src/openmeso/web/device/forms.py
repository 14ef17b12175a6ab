"""What is typed when a clinic calibrates a device of its own."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openmeso.terms.device import BASES, Calibration, CalibrationWay, Device
from openmeso.terms.trichoscopy import LEAST_UM_PER_PX, MOST_UM_PER_PX
from openmeso.terms.units import UM_PER_MM
from openmeso.web.device.words import PER_CENT, WAYS, WAYS_ABOUT
from openmeso.web.patient.forms import DateInput

TOUCH_PX = 1.5
RULER_SD = 0.01
CERTIFIED_SD = 0.01
STATED_SD = 0.05
"""Relative errors where none is given: assumptions, the last as of the shipped profiles."""
NEEDS = {
    CalibrationWay.RULER: ("length_px", "length_mm"),
    CalibrationWay.CERTIFICATE: ("mm_per_px",),
    CalibrationWay.STATED: ("field_mm",),
}


def _length(label: object, most: float, **more: Any) -> forms.FloatField:
    widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
    return forms.FloatField(
        label=label,  # type: ignore[arg-type]
        min_value=more.pop("least", 0.001),
        max_value=most,
        required=False,
        widget=widget,
        **more,
    )


class DeviceForm(forms.Form):
    """A device and lens, and how its scale is known."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("As it is called in the clinic.")
    )
    maker = forms.CharField(label=_("Maker and model"), max_length=80, required=False)
    lens = forms.CharField(
        label=_("Lens and setting"),
        max_length=80,
        required=False,
        help_text=_("One setting a device: 20× and 70× are two."),
    )
    picture_width_px = forms.IntegerField(
        label=_("Width of its pictures"),
        min_value=100,
        max_value=20_000,
        help_text=_("Whole pictures, neither cropped nor made smaller."),
    )
    way = forms.ChoiceField(
        label=_("How is its scale known?"),
        choices=[(way.value, WAYS[way.value]) for way in CalibrationWay],
        widget=forms.RadioSelect,
        initial=CalibrationWay.RULER.value,
    )
    length_px = _length(_("Length on the picture"), 100_000, least=2)
    length_mm = _length(_("Its true length"), 1000, least=0.01)
    mm_per_px = _length(
        _("Millimetres a pixel"), MOST_UM_PER_PX / UM_PER_MM, least=LEAST_UM_PER_PX / UM_PER_MM
    )
    field_mm = _length(_("Width of the field"), 1000, least=0.1)
    uncertainty = _length(
        _("Uncertainty"),
        50,
        least=0.01,
        help_text=_(
            "One standard deviation. Left empty: 1 %, of a figure that is only stated 5 % "
            "(assumptions)."
        ),
    )
    calibrated_on = forms.DateField(label=_("Calibrated on"), widget=DateInput())
    source = forms.CharField(
        label=_("By what"),
        max_length=400,
        help_text=_("Which ruler, which certificate, or where the maker says so."),
    )

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.today = today

    def way_choices(self) -> Iterator[tuple[Any, object]]:
        """Each way to the scale, with what is to be known of it."""
        for widget in self["way"]:
            yield widget, WAYS_ABOUT[widget.data["value"]]

    def clean_calibrated_on(self) -> date:
        on: date = self.cleaned_data["calibrated_on"]
        if on > self.today:
            raise forms.ValidationError(_("This date lies in the future."))
        return on

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        if "way" not in cleaned:
            return cleaned
        for name in NEEDS[CalibrationWay(cleaned["way"])]:
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, _("It is needed for this way to the scale."))
        if not self.errors and not LEAST_UM_PER_PX <= self._um_per_px() <= MOST_UM_PER_PX:
            self.add_error(
                NEEDS[CalibrationWay(cleaned["way"])][-1],
                _("That would be %(um)s µm a pixel. Look at the length and its unit again.")
                % {"um": f"{self._um_per_px():.3g}"},
            )
        return cleaned

    def calibration(self) -> Calibration:
        """When and how it was calibrated, once valid."""
        value = self.cleaned_data
        way, on = CalibrationWay(value["way"]), value["calibrated_on"]
        if way is CalibrationWay.RULER:
            return Calibration(way, on, value["length_px"], value["length_mm"])
        if way is CalibrationWay.STATED:
            return Calibration(way, on, float(value["picture_width_px"]), value["field_mm"])
        return Calibration(way, on)

    def to_terms(self) -> Device:
        """The device, once valid."""
        value = self.cleaned_data
        return Device(
            id="",
            name=value["name"],
            picture_width_px=value["picture_width_px"],
            um_per_px=self._um_per_px(),
            relative_sd=self._relative_sd(),
            basis=BASES[CalibrationWay(value["way"])],
            source=value["source"],
            maker=value["maker"],
            lens=value["lens"],
        )

    def _um_per_px(self) -> float:
        value = self.cleaned_data
        known = self.calibration()
        if known.length_px is None or known.length_mm is None:
            return float(UM_PER_MM * value["mm_per_px"])
        return UM_PER_MM * known.length_mm / known.length_px

    def _relative_sd(self) -> float:
        value = self.cleaned_data
        if value["uncertainty"] is not None:
            return float(value["uncertainty"] / PER_CENT)
        way = CalibrationWay(value["way"])
        if way is CalibrationWay.RULER:
            # two ends, each touched within about a pixel: a longer line is known more exactly
            return min(0.5, max(RULER_SD, TOUCH_PX / float(value["length_px"])))
        return STATED_SD if way is CalibrationWay.STATED else CERTIFIED_SD


class RetireForm(forms.Form):
    because = forms.CharField(label=_("Why?"), max_length=400)
