"""What is varied on the Explore page, each number within what a syringe and a scalp allow."""

from collections.abc import Iterator
from dataclasses import fields

from django import forms
from django.utils.translation import gettext_lazy as _

from openmeso.services.forecast import Question
from openmeso.services.knowledge import knowledge
from openmeso.terms.product import Route
from openmeso.terms.reach import Skin

PATTERN_SCALES = ("norwood_hamilton", "ludwig")
FIRST_PATTERN = "norwood_hamilton:IV"
FIRST_TECHNIQUE = "point_by_point"
FIRST_SESSIONS, FIRST_INTERVAL_DAYS = 10, 7
HEAD = "scalp"
SKINS = (
    (Skin.DERMIS.value, _("dermis throughout")),
    (Skin.DERMIS_ON_FAT.value, _("dermis on fat (a guess)")),
)


def _number(label: object, low: float, high: float) -> forms.FloatField:
    return forms.FloatField(
        label=label,  # type: ignore[arg-type]
        min_value=low,
        max_value=high,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )


class ExploreForm(forms.Form):
    ingredient = forms.ChoiceField(label=_("Substance"))
    concentration_mg_ml = _number(_("Concentration"), 0.001, 50.0)
    pattern = forms.ChoiceField(label=_("Pattern of loss"))
    technique = forms.ChoiceField(label=_("Technique"))
    spacing_mm = _number(_("Spacing of points"), 5.0, 30.0)
    volume_per_point_ml = _number(_("Volume per point"), 0.005, 0.3)
    depth_mm = _number(_("Depth"), 0.5, 8.0)
    sessions = forms.IntegerField(label=_("Sessions"), min_value=1, max_value=52)
    interval_days = forms.IntegerField(label=_("Days between"), min_value=1, max_value=180)
    skin = forms.ChoiceField(label=_("Skin"), choices=SKINS, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._offer("ingredient", substances())
        self._offer("pattern", patterns())
        self._offer("technique", techniques())

    def _offer(self, name: str, choices: Iterator[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = list(choices)

    def skin_chosen(self) -> Skin:
        """What the skin is taken to be, once valid; dermis throughout unless asked otherwise."""
        return Skin(self.cleaned_data["skin"] or Skin.DERMIS)

    def question(self) -> Question:
        """What was asked, once valid."""
        asked = dict(self.cleaned_data)
        asked["scale"], asked["grade"] = asked.pop("pattern").split(":", 1)
        return Question(**{each.name: asked[each.name] for each in fields(Question)})


def substances() -> Iterator[tuple[str, str]]:
    """Ingredients whose way through the skin can be computed."""
    known = knowledge()
    return ((one, known.ingredients[one].name) for one in known.substances)


def patterns() -> Iterator[tuple[str, str]]:
    """Grades that a map is drawn for."""
    scales = knowledge().scales
    for scale in (scales[one] for one in PATTERN_SCALES):
        for grade in scale.grades:
            if grade.preset:
                yield f"{scale.id}:{grade.code}", f"{scale.name} {grade.code}"


def techniques() -> Iterator[tuple[str, str]]:
    """Ways of injecting the scalp."""
    every = knowledge().techniques.values()
    return ((one.id, one.name) for one in every if one.injects and HEAD in one.regions)


def first_values() -> dict[str, object]:
    """Where exploring begins: the first substance as its product on the shelf has it."""
    known = knowledge()
    ingredient = next(substances())[0]
    strengths = (
        strength.per_ml
        for product in known.products.values()
        for strength in product.strengths
        if strength.ingredient == ingredient and product.route is Route.INJECTION
    )
    technique = known.techniques[FIRST_TECHNIQUE]
    return {
        "ingredient": ingredient,
        "concentration_mg_ml": next(strengths, 1.0),
        "pattern": FIRST_PATTERN,
        "technique": technique.id,
        "spacing_mm": technique.default_spacing_mm,
        "volume_per_point_ml": technique.default_volume_per_point_ml,
        "depth_mm": technique.default_depth_mm,
        "sessions": FIRST_SESSIONS,
        "interval_days": FIRST_INTERVAL_DAYS,
    }
