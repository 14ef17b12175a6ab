"""Forms of a course: booking, halting, deciding, and the clinic's hours."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from openmeso.terms.course import OpeningHours, Response, Slot
from openmeso.web.clinic.forms import WEEKDAYS
from openmeso.web.patient.forms import DateInput

if TYPE_CHECKING:
    from openmeso.records.models.user import User

SPAN = re.compile(r"^(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})$")


class TimeInput(forms.TimeInput):
    """The browser's own time picker."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class SeriesForm(forms.Form):
    """From when, at what time, and with whom the rest of a course is to be booked."""

    first_on = forms.DateField(label=_("From"), widget=DateInput())
    at = forms.TimeField(label=_("At"), widget=TimeInput())
    practitioner = forms.ChoiceField(label=_("With"), required=False)

    def __init__(self, *args: object, people: Iterable["User"], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.people = {str(one.pk): one for one in people}
        self.fields["practitioner"] = forms.ChoiceField(
            label=_("With"),
            required=False,
            choices=[("", _("nobody yet")), *((pk, one.name) for pk, one in self.people.items())],
        )

    def clean_practitioner(self) -> "User | None":
        return self.people.get(self.cleaned_data["practitioner"])


class SlotsForm(forms.Form):
    """A date and a time for each session that is left; none may be left out."""

    def __init__(self, *args: object, numbers: Iterable[int], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.numbers = tuple(numbers)
        for number in self.numbers:
            named = {"n": number}
            self.fields[f"on_{number}"] = forms.DateField(
                label=_("Date of session %(n)d") % named, widget=DateInput()
            )
            self.fields[f"at_{number}"] = forms.TimeField(
                label=_("Time of session %(n)d") % named, widget=TimeInput()
            )

    def slots(self, minutes: int) -> list[Slot]:
        """The series as it was typed."""
        typed = self.cleaned_data
        return [
            Slot(one, datetime.combine(typed[f"on_{one}"], typed[f"at_{one}"]), minutes)
            for one in self.numbers
        ]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class DecisionForm(forms.Form):
    """What was measured, where no measurement is on record: the change and its error."""

    change_per_cm2 = forms.FloatField(
        label=_("Change since the baseline"), min_value=-500, max_value=500
    )
    detectable_per_cm2 = forms.FloatField(
        label=_("Least change that is no mere error"),
        min_value=0,
        max_value=200,
        help_text=_("Automatic counts err by about 7 to 12 % of the total (an assumption here)."),
    )

    def response(self, week: int) -> Response:
        """As the rule reads it."""
        return Response(
            self.cleaned_data["change_per_cm2"], self.cleaned_data["detectable_per_cm2"], week
        )


class OpeningHoursForm(forms.Form):
    """One line a weekday: ``09:00-13:00, 14:00-18:00``; empty means closed."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for day, name in WEEKDAYS:
            self.fields[f"day_{day}"] = forms.CharField(
                label=name, required=False, max_length=80,
                widget=forms.TextInput(attrs={"placeholder": "09:00-13:00, 14:00-18:00"}),
            )  # fmt: skip

    @staticmethod
    def typed(hours: OpeningHours) -> dict[str, str]:
        """Hours as they are typed."""
        lines: dict[str, list[str]] = {}
        for weekday, opens, closes in sorted(hours.hours):
            lines.setdefault(f"day_{weekday}", []).append(f"{opens:%H:%M}-{closes:%H:%M}")
        return {name: ", ".join(spans) for name, spans in lines.items()}

    def clean(self) -> dict[str, object]:
        hours = []
        for day, _name in WEEKDAYS:
            for text in filter(
                None, map(str.strip, self.cleaned_data.get(f"day_{day}", "").split(","))
            ):
                span = _span(text)
                if span is None:
                    self.add_error(f"day_{day}", _("Write hours as 09:00-13:00."))
                else:
                    hours.append((int(day), *span))
        return {"hours": OpeningHours(tuple(hours))}


def _span(text: str) -> tuple[time, time] | None:
    found = SPAN.match(text)
    try:
        return (_time(found[1]), _time(found[2])) if found else None
    except ValueError:
        return None


def _time(text: str) -> time:
    return time.fromisoformat(text.zfill(5))


def day_of(text: str, otherwise: date) -> date:
    """The date in an address, or another where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise
