"""Everything typed at the chair as one form; what is left empty has not been said."""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from openmeso.gateways.conversion import ConversionError, structure
from openmeso.terms.adverse_event import AdverseEventTerm, ReactionWindow
from openmeso.terms.assessment import ChecklistAnswer
from openmeso.terms.check import Override
from openmeso.terms.contraindication import Answer, Contraindication
from openmeso.terms.plan import Plan
from openmeso.terms.session import (
    PAIN_HIGHEST,
    LateAnswer,
    LotUsed,
    PointException,
    Reaction,
    SessionEntry,
    ZoneGiven,
)
from openmeso.web.assessment.forms import YES_NO, Question
from openmeso.web.patient.forms import DateInput

LOTS_A_PRODUCT = 2
OVERRIDE = "override:"
MOST_EXCEPTIONS = 5000


class ExceptionsField(forms.CharField):
    """The points given otherwise than their zone, as JSON from the map."""

    widget = forms.HiddenInput

    def to_python(self, value: object) -> tuple[PointException, ...]:  # type: ignore[override]
        try:
            found = structure(json.loads(str(value or "[]")), tuple[PointException, ...])
        except (ValueError, ConversionError, RecursionError) as fault:
            raise forms.ValidationError(_("The points of the map cannot be read.")) from fault
        if len(found) > MOST_EXCEPTIONS:
            raise forms.ValidationError(_("More points than a plan has."))
        return found


class Questions(NamedTuple):
    """What is asked today, what stands from the assessment, and which late reactions."""

    asked: tuple[Contraindication, ...]
    standing: tuple[Contraindication, ...]
    late: tuple[ReactionWindow, ...] = ()


class SessionForm(forms.Form):
    """What is typed; :meth:`to_terms` gives the SessionEntry."""

    # limits of plausible typing, not clinical limits: those are the checks'
    anything_new_note = forms.CharField(label=_("What is new?"), max_length=1000, required=False)
    systolic_mmhg = forms.FloatField(
        label=_("Blood pressure, upper"), min_value=40, max_value=300, required=False
    )
    diastolic_mmhg = forms.FloatField(
        label=_("Blood pressure, lower"), min_value=20, max_value=200, required=False
    )
    device = forms.CharField(label=_("Needle or device"), max_length=120, required=False)
    depth_mm = forms.FloatField(label=_("Depth"), min_value=0, max_value=40, required=False)
    volume_per_point_ml = forms.FloatField(
        label=_("Volume per point"), min_value=0, max_value=10, required=False
    )
    exceptions = ExceptionsField(required=False, empty_value="[]")
    began_ms = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    ended_ms = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    minutes = forms.FloatField(label=_("Minutes"), min_value=0.01, max_value=600, required=False)
    wasted_ml = forms.FloatField(
        label=_("Thrown away of the mixture"), min_value=0, max_value=1000, required=False
    )
    reaction_note = forms.CharField(label=_("What was seen"), max_length=1000, required=False)
    aftercare_given = forms.BooleanField(
        label=_("Aftercare explained and handed over"), required=False
    )
    notes = forms.CharField(
        label=_("Notes"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        plan: Plan,
        questions: Questions,
        reactions: tuple[AdverseEventTerm, ...],
        entry: SessionEntry | None = None,
    ) -> None:
        self.plan, self.terms = plan, reactions
        self.asked, self.standing, self.late = asked, standing, late = questions
        super().__init__(data, initial=initial_from(entry or SessionEntry(), plan))
        self.fields |= _fields_of(
            (*asked, *standing),
            late,
            reactions,
            tuple(line.product for line in plan.draw_up),
            len(plan.grid.zones),
        )

    def questions(self) -> list[Question]:
        """Those asked at every session."""
        return [self._question(each) for each in self.asked]

    def standing_questions(self) -> list[Question]:
        """Those whose answer stands."""
        return [self._question(each) for each in self.standing]

    def late_questions(self) -> list[tuple[ReactionWindow, forms.BoundField]]:
        """Those about reactions that may still come of earlier sessions."""
        return [(each, self[f"late_{each.id}"]) for each in self.late]

    def _question(self, each: Contraindication) -> Question:
        answer, on, note = (self[f"{kind}_{each.id}"] for kind in ("q", "on", "note"))
        return Question(each, answer, on, note)

    def overrides(self) -> tuple[Override, ...]:
        """Reasons typed beside the findings."""
        return tuple(
            Override(name.removeprefix(OVERRIDE), " ".join(str(text).split())[:2000])
            for name, text in self.data.items()
            if name.startswith(OVERRIDE) and str(text).strip()
        )

    def to_terms(self) -> SessionEntry:
        """What the services keep; only after the form was found valid."""
        given = self.cleaned_data
        plain = (
            "anything_new_note",
            "systolic_mmhg",
            "diastolic_mmhg",
            "device",
            "depth_mm",
            "volume_per_point_ml",
            "began_ms",
            "ended_ms",
            "minutes",
            "wasted_ml",
            "pain",
            "aftercare_given",
            "notes",
        )
        return SessionEntry(
            checklist=tuple(self._answers()),
            anything_new=Answer(given["anything_new"] or Answer.NOT_ASKED),
            overrides=self.overrides(),
            lots=tuple(self._lots()),
            zones=tuple(self._zones()),
            exceptions=given["exceptions"],
            reactions_seen=Answer(given["reactions_seen"] or Answer.NOT_ASKED),
            late_reactions=tuple(
                LateAnswer(each.id, Answer(given[f"late_{each.id}"]))
                for each in self.late
                if given[f"late_{each.id}"]
            ),
            reactions=tuple(
                Reaction(each.id, each.mildest, given["reaction_note"])
                for each in self.terms
                if each.id in given["reactions"]
            ),
            **{name: given[name] for name in plain},
        )

    def _answers(self) -> Iterator[ChecklistAnswer]:
        for each in (*self.asked, *self.standing):
            answer = self.cleaned_data[f"q_{each.id}"]
            if answer:
                is_yes = answer == Answer.YES
                on, note = (self.cleaned_data[f"{kind}_{each.id}"] for kind in ("on", "note"))
                yield ChecklistAnswer(
                    each.id, Answer(answer), on if is_yes else None, note if is_yes else ""
                )

    def _lots(self) -> Iterator[LotUsed]:
        given = self.cleaned_data
        for line in self.plan.draw_up:
            for n in range(1, LOTS_A_PRODUCT + 1):
                lot = given[f"lot_{line.product}_{n}"]
                if lot:
                    yield LotUsed(
                        line.product,
                        str(lot),
                        given[f"drawn_{line.product}_{n}"] or 0.0,
                        given[f"syringe_{line.product}_{n}"],
                        given[f"despite_{line.product}_{n}"],
                    )

    def _zones(self) -> Iterator[ZoneGiven]:
        for n in range(1, len(self.plan.grid.zones) + 1):
            if self.cleaned_data[f"zone_{n}"]:
                yield ZoneGiven(n, self.cleaned_data[f"zone_syringe_{n}"] or 1)


@lru_cache(maxsize=32)
def _fields_of(
    questions: tuple[Contraindication, ...],
    late: tuple[ReactionWindow, ...],
    reactions: tuple[AdverseEventTerm, ...],
    products: tuple[str, ...],
    zones: int,
) -> dict[str, forms.Field]:
    """The fields of one plan's sessions, made once: a save comes every few seconds.

    Forms share them, so no form may change one.
    """
    fields: dict[str, forms.Field] = {}
    for each in questions:
        fields[f"q_{each.id}"] = _yes_no(each.question)
        fields[f"on_{each.id}"] = forms.DateField(
            label=_("When was the last?"), widget=DateInput(), required=False
        )
        fields[f"note_{each.id}"] = forms.CharField(label=_("Note"), max_length=400, required=False)
    fields["anything_new"] = _yes_no(
        _("Anything new since last time: an illness, a medicine, a treatment?")
    )
    fields |= {f"late_{window.id}": _yes_no(window.question) for window in late}
    fields["reactions_seen"] = _yes_no(_("Was a reaction seen?"))
    fields["reactions"] = forms.MultipleChoiceField(
        choices=[(each.id, each.term) for each in reactions], required=False
    )
    fields["pain"] = forms.TypedChoiceField(
        choices=[(str(n), str(n)) for n in range(PAIN_HIGHEST + 1)],
        coerce=int,
        empty_value=None,
        required=False,
    )
    for product in products:
        for n in range(1, LOTS_A_PRODUCT + 1):
            fields |= _lot_fields(product, n)
    for n in range(1, zones + 1):
        fields[f"zone_{n}"] = forms.BooleanField(required=False)
        fields[f"zone_syringe_{n}"] = _syringe()
    return fields


def _lot_fields(product: str, n: int) -> dict[str, forms.Field]:
    return {
        f"lot_{product}_{n}": forms.UUIDField(required=False),
        f"drawn_{product}_{n}": forms.FloatField(
            label=_("Drawn"), min_value=0, max_value=1000, required=False
        ),
        f"syringe_{product}_{n}": _syringe(),
        f"despite_{product}_{n}": forms.CharField(max_length=300, required=False),
    }


def _syringe() -> forms.IntegerField:
    return forms.IntegerField(min_value=1, max_value=20, required=False)


def _yes_no(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=YES_NO, required=False)


def initial_from(entry: SessionEntry, plan: Plan) -> dict[str, object]:
    """The entry as the form's fields; draws stand as planned until others are typed."""
    plain = {
        name: getattr(entry, name)
        for name in SessionForm.base_fields
        if name != "exceptions" and hasattr(entry, name)
    }
    pairs: dict[str, object] = plain | {
        "pain": "" if entry.pain is None else str(entry.pain),
        "exceptions": json.dumps([_exception(each) for each in entry.exceptions]),
        "reactions": [each.term for each in entry.reactions],
        "reaction_note": entry.reactions[0].note if entry.reactions else "",
    }
    for name in ("anything_new", "reactions_seen"):
        answer = getattr(entry, name)
        pairs[name] = "" if answer is Answer.NOT_ASKED else answer.value
    for each in entry.checklist:
        pairs[f"q_{each.contraindication}"] = each.answer.value
        pairs[f"on_{each.contraindication}"] = each.on
        pairs[f"note_{each.contraindication}"] = each.note
    for late in entry.late_reactions:
        pairs[f"late_{late.window}"] = late.answer.value
    for zone in entry.zones:
        pairs |= {f"zone_{zone.zone}": True, f"zone_syringe_{zone.zone}": zone.syringe}
    return pairs | _lots_initial(entry, plan)


def _exception(each: PointException) -> dict[str, object]:
    return {
        "number": each.number,
        "state": each.state.value,
        "x_mm": each.x_mm,
        "y_mm": each.y_mm,
        "volume_ml": each.volume_ml,
        "depth_mm": each.depth_mm,
    }


def _lots_initial(entry: SessionEntry, plan: Plan) -> dict[str, object]:
    pairs: dict[str, object] = {}
    for line in plan.draw_up:
        pairs[f"drawn_{line.product}_1"] = round(line.volume_ml, 3)
        used = [each for each in entry.lots if each.product == line.product]
        for n, each in enumerate(used[:LOTS_A_PRODUCT], 1):
            pairs |= {
                f"lot_{line.product}_{n}": each.lot,
                f"drawn_{line.product}_{n}": each.drawn_ml,
                f"syringe_{line.product}_{n}": each.syringe,
                f"despite_{line.product}_{n}": each.despite,
            }
    return pairs


class AddendumForm(forms.Form):
    """What is said of a signed session later, and why only then."""

    text = forms.CharField(label=_("What is to be said"), widget=forms.Textarea(attrs={"rows": 3}))
    reason = forms.CharField(label=_("Why only now"), max_length=400)


class AbandonForm(forms.Form):
    """Why a session that was begun is not given."""

    reason = forms.CharField(label=_("Why?"), max_length=400)
