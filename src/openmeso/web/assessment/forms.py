"""The assessment as one form, built from the knowledge: scales of the indication, checklist."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from openmeso.terms.assessment import Assessment, ChecklistAnswer, ScaleScore, Sex
from openmeso.terms.contraindication import Answer, Consequence, Contraindication
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.scale import Scale
from openmeso.web.patient.forms import DateInput
from openmeso.web.score import fits_form
from openmeso.web.wording import WORDS

YES_NO = [(Answer.YES.value, _("Yes")), (Answer.NO.value, _("No"))]
FITZPATRICK = [
    ("", _("Not noted")),
    *((str(n), roman) for n, roman in enumerate(("I", "II", "III", "IV", "V", "VI"), 1)),
]
GROUPS = ("hair", "skin", "body", "pain")
GROUP_NAMES = {"hair": _("Hair"), "skin": _("Skin"), "body": _("Body"), "pain": _("Pain")}


@dataclass(frozen=True, slots=True)
class Question:
    """A checklist question with its fields, as the page shows it."""

    about: Contraindication
    answer: forms.BoundField
    on: forms.BoundField
    note: forms.BoundField
    matters_to: str = ""


@dataclass(frozen=True, slots=True)
class Grading:
    """A scale with its field."""

    scale: Scale
    score: forms.BoundField
    keep: forms.BoundField | None = None  # for a value that the scale has no place for
    kept: str = ""


class AssessmentForm(forms.Form):
    """What is asked of one patient; :meth:`to_terms` gives the Assessment."""

    # limits of plausible typing, not clinical limits: those are the checks'
    assessed_on = forms.DateField(label=_("Date"), widget=DateInput())
    weight_kg = forms.FloatField(label=_("Weight"), min_value=2, max_value=400, required=False)
    head_circumference_mm = forms.FloatField(
        label=_("Head circumference"), min_value=300, max_value=800, required=False
    )
    systolic_mmhg = forms.FloatField(
        label=_("Blood pressure, upper"), min_value=40, max_value=300, required=False
    )
    diastolic_mmhg = forms.FloatField(
        label=_("Blood pressure, lower"), min_value=20, max_value=200, required=False
    )
    duration_months = forms.IntegerField(
        label=_("Present for"), min_value=0, max_value=1200, required=False
    )
    fitzpatrick = forms.ChoiceField(
        label=_("Skin type (Fitzpatrick)"), choices=FITZPATRICK, required=False
    )
    nerve_block_lidocaine_mg = forms.FloatField(
        label=_("Lidocaine for nerve blocks"), min_value=0, max_value=2000, required=False
    )
    can_become_pregnant = forms.ChoiceField(
        label=_("Could she become pregnant?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        required=False,
    )
    reliable_contraception = forms.ChoiceField(
        label=_("Does she use reliable contraception?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        required=False,
    )
    notes = forms.CharField(
        label=_("History and notes"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        known: Knowledge,
        sex: Sex,
        today: date,
        initial: Mapping[str, object] | None = None,
        earlier: Sequence[ScaleScore] = (),
    ) -> None:
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        self.known, self.sex, self.today = known, sex, today
        self.earlier = {score.scale: score.value for score in earlier}
        self._fill_choices()
        chosen = self["indication"].value() or ""
        self.scales = _scales_of(known, str(chosen))
        self.contraindications = [
            each for each in known.contraindications.values() if sex.value in each.sexes
        ]
        self._add_scales()
        self._add_questions()
        if sex is Sex.MALE:
            del self.fields["can_become_pregnant"], self.fields["reliable_contraception"]

    def _fill_choices(self) -> None:
        indications = [
            (
                GROUP_NAMES[group],
                [
                    (each.id, each.name)
                    for each in self.known.indications.values()
                    if each.group == group and self.sex.value in each.sexes
                ],
            )
            for group in GROUPS
        ]
        self.fields["indication"] = forms.ChoiceField(
            label=_("What is it for?"), choices=indications
        )
        self.fields["allergies"] = forms.MultipleChoiceField(
            label=_("Allergies"),
            choices=[(each.id, each.name) for each in self.known.ingredients.values()],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )

    def _add_scales(self) -> None:
        for scale in self.scales:
            self.fields[f"scale_{scale.id}"] = (
                forms.ChoiceField(
                    label=scale.name,
                    choices=[(grade.code, grade.name) for grade in scale.grades],
                    widget=forms.RadioSelect,
                    required=False,
                )
                if scale.grades
                else forms.FloatField(
                    label=scale.name, min_value=scale.low, max_value=scale.high, required=False
                )
            )
            if self._unfit(scale):
                self.fields[f"keep_{scale.id}"] = forms.BooleanField(
                    label=_("Keep it"), initial=True, required=False
                )

    def _unfit(self, scale: Scale) -> str:
        """What an earlier assessment says on the scale, where its control cannot show that."""
        value = self.earlier.get(scale.id, "")
        return "" if not value or fits_form(scale, value) else value

    def _add_questions(self) -> None:
        for each in self.contraindications:
            self.fields[f"q_{each.id}"] = forms.ChoiceField(
                label=each.question, choices=YES_NO, widget=forms.RadioSelect, required=False
            )
            self.fields[f"on_{each.id}"] = forms.DateField(
                label=_("When was the last?"), widget=DateInput(), required=False
            )
            self.fields[f"note_{each.id}"] = forms.CharField(
                label=_("Note"), max_length=400, required=False
            )

    def gradings(self) -> list[Grading]:
        return [self._grading(scale) for scale in self.scales]

    def _grading(self, scale: Scale) -> Grading:
        kept = self._unfit(scale)
        keep = self[f"keep_{scale.id}"] if kept else None
        return Grading(scale, self[f"scale_{scale.id}"], keep, kept)

    def checklist(self) -> Iterator[tuple[Consequence, list[Question]]]:
        """What everybody is asked, by what a yes would mean."""
        special = special_to(self.known)
        for consequence in Consequence:
            yield (
                consequence,
                [
                    self._question(each)
                    for each in self.contraindications
                    if each.consequence == consequence and each.id not in special
                ],
            )

    def special_questions(self) -> list[Question]:
        """What is asked only where the formula holds a certain substance."""
        special = special_to(self.known)
        return [
            self._question(each, special[each.id])
            for each in self.contraindications
            if each.id in special
        ]

    def special_answered(self) -> int:
        """How many of the special questions have an answer."""
        return sum(bool(question.answer.value()) for question in self.special_questions())

    def _question(self, each: Contraindication, matters_to: str = "") -> Question:
        answer, on, note = (self[f"{kind}_{each.id}"] for kind in ("q", "on", "note"))
        return Question(each, answer, on, note, matters_to)

    def clean_assessed_on(self) -> date:
        return self._not_future("assessed_on")

    def _not_future(self, name: str) -> date:
        on: date = self.cleaned_data[name]
        if on > self.today:
            raise forms.ValidationError(_("This date lies in the future."))
        return on

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or self.cleaned_data
        for each in self.contraindications:
            on = cleaned.get(f"on_{each.id}")
            is_yes = cleaned.get(f"q_{each.id}") == Answer.YES
            if (
                is_yes
                and each.consequence == Consequence.DEFER
                and not on
                and f"on_{each.id}" not in self.errors
            ):
                self.add_error(f"on_{each.id}", _("Give the date: the session waits from then on."))
            if isinstance(on, date) and on > self.today:
                self.add_error(f"on_{each.id}", _("This date lies in the future."))
        upper, lower = cleaned.get("systolic_mmhg"), cleaned.get("diastolic_mmhg")
        if isinstance(upper, float) and isinstance(lower, float) and lower >= upper:
            self.add_error("diastolic_mmhg", _("The lower value must be below the upper one."))
        return cleaned

    def to_terms(self, birth_date: date | None) -> Assessment:
        """The Assessment that the services keep; only after the form was found valid."""
        given = self.cleaned_data
        return Assessment(
            assessed_on=given["assessed_on"],
            indication=given["indication"],
            sex=self.sex,
            birth_date=birth_date,
            weight_kg=given["weight_kg"],
            head_circumference_mm=given["head_circumference_mm"],
            can_become_pregnant=_yes_no(given.get("can_become_pregnant")),
            reliable_contraception=_yes_no(given.get("reliable_contraception")),
            scores=self._scores(),
            checklist=tuple(self._answer(each) for each in self.contraindications),
            allergies=tuple(given["allergies"]),
            nerve_block_lidocaine_mg=given["nerve_block_lidocaine_mg"] or 0.0,
            systolic_mmhg=given["systolic_mmhg"],
            diastolic_mmhg=given["diastolic_mmhg"],
            duration_months=given["duration_months"],
            fitzpatrick=int(given["fitzpatrick"]) if given["fitzpatrick"] else None,
            notes=given["notes"],
        )

    def _scores(self) -> tuple[ScaleScore, ...]:
        given = {scale.id: self._score(scale) for scale in self.scales}
        return tuple(ScaleScore(scale, value) for scale, value in given.items() if value)

    def _score(self, scale: Scale) -> str:
        value = self.cleaned_data.get(f"scale_{scale.id}")
        if value in (None, ""):
            return self._unfit(scale) if self.cleaned_data.get(f"keep_{scale.id}") else ""
        return f"{value:g}" if isinstance(value, float) else str(value)

    def _answer(self, about: Contraindication) -> ChecklistAnswer:
        given = self.cleaned_data
        answer = Answer(given.get(f"q_{about.id}") or Answer.NOT_ASKED)
        is_yes = answer is Answer.YES
        return ChecklistAnswer(
            about.id,
            answer,
            given.get(f"on_{about.id}") if is_yes else None,
            given.get(f"note_{about.id}", "") if is_yes else "",
        )


def special_to(known: Knowledge) -> dict[str, str]:
    """Questions that rules ask only with certain substances in the formula, and with which."""
    special: dict[str, list[str]] = {}
    for rule in known.checks.values():
        if rule.params.get("only_then"):
            for question in _names(rule.params.get("contraindications")):
                special.setdefault(question, []).extend(_substances(known, rule.params))
    return {question: ", ".join(dict.fromkeys(names)) for question, names in special.items()}


def _substances(known: Knowledge, params: Mapping[str, object]) -> Iterator[str]:
    for each in _names(params.get("ingredients")):
        yield known.ingredients[each].name if each in known.ingredients else each
    for each in (*_names(params.get("classes")), *_names(params.get("excipient"))):
        yield str(WORDS.get(each, each.replace("_", " ")))


def _names(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, tuple | list) else ()


def _scales_of(known: Knowledge, indication: str) -> Sequence[Scale]:
    if indication not in known.indications:
        return ()
    return [
        known.scales[each] for each in known.indications[indication].scales if each in known.scales
    ]


def _yes_no(value: str | None) -> bool | None:
    return {Answer.YES.value: True, Answer.NO.value: False}.get(value or "")


def initial_from(assessment: Assessment, known: Knowledge) -> dict[str, object]:
    """What a new assessment may start from: what seldom changes. Checklist answers do change."""
    yes_no = {True: Answer.YES.value, False: Answer.NO.value, None: ""}
    return {
        "indication": assessment.indication,
        "weight_kg": assessment.weight_kg,
        "head_circumference_mm": assessment.head_circumference_mm,
        "duration_months": assessment.duration_months,
        "fitzpatrick": str(assessment.fitzpatrick or ""),
        "allergies": list(assessment.allergies),
        "can_become_pregnant": yes_no[assessment.can_become_pregnant],
        "reliable_contraception": yes_no[assessment.reliable_contraception],
        "notes": assessment.notes,
        **{
            f"scale_{score.scale}": score.value
            for score in assessment.scores
            if score.scale in known.scales and fits_form(known.scales[score.scale], score.value)
        },
    }
