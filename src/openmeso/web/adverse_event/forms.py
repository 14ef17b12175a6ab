"""Forms of a reaction: all that is known of it at one time, and how it ends."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openmeso.terms.adverse_event import (
    AdverseEventState,
    AdverseEventTerm,
    Causality,
    Outcome,
    Seriousness,
    Trend,
)
from openmeso.web.adverse_event_words import CAUSALITIES, OUTCOMES, SERIOUSNESS, TRENDS
from openmeso.web.patient.forms import DateInput


def _listed(words: Mapping[Any, object]) -> list[tuple[str, object]]:
    return [(one.value, word) for one, word in words.items()]


class StateForm(forms.Form):
    """What is known of a reaction whose term is chosen; :meth:`to_terms` gives the state."""

    onset_on = forms.DateField(label=_("Began on"), widget=DateInput())
    grade = forms.TypedChoiceField(label=_("Grade"), coerce=int)
    outcome = forms.ChoiceField(label=_("How it stands"), choices=_listed(OUTCOMES))
    ended_on = forms.DateField(
        label=_("Over since"),
        widget=DateInput(),
        required=False,
        help_text=_("Only where it is over."),
    )
    trend = forms.ChoiceField(
        label=_("Since last time"),
        choices=[("", _("Not judged")), *_listed(TRENDS)],
        required=False,
    )
    treatment = forms.CharField(label=_("Treatment given"), max_length=400, required=False)
    description = forms.CharField(
        label=_("What was seen"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    causality = forms.ChoiceField(
        label=_("Does it come of what was injected? (WHO-UMC)"),
        choices=[("", _("Not judged yet")), *_listed(CAUSALITIES)],
        required=False,
    )
    seriousness = forms.MultipleChoiceField(
        label=_("Serious, as ICH defines it"),
        choices=_listed(SERIOUSNESS),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    next_due_on = forms.DateField(
        label=_("Look again on"),
        widget=DateInput(),
        required=False,
        help_text=_("Left empty, a day is proposed by grade and red flags (an assumption)."),
    )

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        term: AdverseEventTerm,
        state: AdverseEventState,
        may_judge: bool,
        is_begun: bool = False,
    ) -> None:
        self.term, self.state = term, state
        initial = _initial(state) | ({"description": ""} if is_begun else {})
        super().__init__(data, initial=initial)
        self.fields["grade"] = forms.TypedChoiceField(
            label=_("Grade"), choices=[(str(n), str(n)) for n in term.worded_grades], coerce=int
        )
        self.judged = ("causality", "seriousness") if may_judge else ()
        left_out = {"causality", "seriousness"} - set(self.judged)
        # a follow-up does not move the onset; a new reaction has no last time
        left_out |= {"onset_on"} if is_begun else {"trend", "ended_on"}
        for name in left_out:
            del self.fields[name]

    def grades(self) -> list[tuple[int, str, bool]]:
        """Every grade of the term with its wording, and whether it is chosen."""
        chosen = str(self["grade"].value())
        return [(n, self.term.wording(n), str(n) == chosen) for n in self.term.worded_grades]

    def to_terms(self) -> AdverseEventState:
        """Only after the form was found valid; what it does not ask stays as it was."""
        given = self.cleaned_data
        outcome = Outcome(given["outcome"])
        ended_on = self.state.ended_on if outcome.is_over else None
        causality, seriousness = self.state.causality, self.state.seriousness
        if self.judged:
            causality = Causality(given["causality"]) if given["causality"] else None
            seriousness = tuple(Seriousness(one) for one in given["seriousness"])
        return AdverseEventState(
            term=self.term.id,
            grade=given["grade"],
            onset_on=given.get("onset_on") or self.state.onset_on,
            outcome=outcome,
            trend=Trend(given["trend"]) if given.get("trend") else None,
            ended_on=given.get("ended_on", ended_on),
            treatment=given["treatment"],
            causality=causality,
            seriousness=seriousness,
            description=given["description"],
        )


def _initial(state: AdverseEventState) -> dict[str, object]:
    return {
        "onset_on": state.onset_on,
        "grade": str(state.grade),
        "outcome": state.outcome.value,
        "ended_on": state.ended_on,
        "treatment": state.treatment,
        "causality": state.causality.value if state.causality else "",
        "seriousness": [one.value for one in state.seriousness],
        "description": state.description,
    }


class CorrectForm(StateForm):
    """Everything that may have been written wrongly, and why it is put right."""

    reason = forms.CharField(label=_("Why it is corrected"), max_length=400)

    def __init__(self, data: Mapping[str, object] | None = None, **known: Any) -> None:
        super().__init__(data, may_judge=True, **known)
        del self.fields["next_due_on"]


class CloseForm(forms.Form):
    """How it ended."""

    outcome = forms.ChoiceField(
        label=_("How it ended"),
        choices=[
            (one.value, OUTCOMES[one])
            for one in (Outcome.RESOLVED, Outcome.RESOLVED_WITH_SEQUELAE, Outcome.UNKNOWN)
        ],
    )
    ended_on = forms.DateField(label=_("Over since"), widget=DateInput(), required=False)
    description = forms.CharField(label=_("A word about it"), max_length=1000, required=False)

    def __init__(self, data: Mapping[str, object] | None = None, *, today: date) -> None:
        super().__init__(data, initial={"ended_on": today}, auto_id="close_%s")


class WhyForm(forms.Form):
    """The reason of a deed."""

    reason = forms.CharField(label=_("Reason"), max_length=400)
