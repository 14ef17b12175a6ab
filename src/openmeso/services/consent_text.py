"""Consent text: which form a plan needs, in which languages it exists, and what it is about."""

from dataclasses import dataclass
from typing import TypedDict
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from openmeso.records.models import Plan
from openmeso.services.knowledge import knowledge
from openmeso.terms import plan as terms
from openmeso.terms.consent import (
    SOURCE_LANGUAGE,
    ConsentForm,
    ConsentPaper,
    NotTranslated,
    paper_in,
)


class Named(TypedDict):
    """An id and what it is called."""

    id: str
    name: str


class Course(TypedDict):
    """What a consent is about: what is injected, how, and how often."""

    indication: str
    technique: str
    technique_name: str
    products: list[Named]
    sessions: int
    off_label: list[str]


@dataclass(frozen=True, slots=True)
class Need:
    """What a plan wants a consent for."""

    form: ConsentForm | None  # None where nobody has written one for the indication
    technique: str
    products: frozenset[str]


def needs_of(plans: QuerySet[Plan]) -> dict[UUID, Need]:
    """What each plan needs, without loading its long result."""
    rows = plans.values_list(
        "pk",
        "result__request__assessment__indication",
        "result__choice__technique",
        "result__choice__formula__components",
    )
    return {
        pk: Need(_form(indication), technique, frozenset(one["product"] for one in components))
        for pk, indication, technique, components in rows
    }


def need_of(plan: Plan) -> Need:
    """What the plan needs."""
    return needs_of(Plan.objects.filter(pk=plan.pk))[plan.pk]


def need_in(plan: terms.Plan) -> Need:
    """What a plan needs that is at hand already."""
    formula = plan.choice.formula
    return Need(
        _form(plan.request.assessment.indication),
        plan.choice.technique,
        frozenset(one.product for one in formula.components) if formula else frozenset(),
    )


def form_for(plan: Plan) -> ConsentForm | None:
    """The form for the plan's indication; None where nobody has written one."""
    return need_of(plan).form


def _form(indication: str) -> ConsentForm | None:
    known = knowledge()
    found = known.indications.get(indication)
    group = found.group if found else ""
    return next((one for one in known.consent_forms.values() if group in one.groups), None)


def paper_for(plan: Plan, language: str) -> tuple[ConsentForm, ConsentPaper]:
    """Form and words in the language; ValidationError where they do not exist."""
    form = form_for(plan)
    if form is None:
        raise ValidationError({"language": "No consent text is written for this indication."})
    known = knowledge()
    try:
        paper = paper_in(language, form, known.consent, known.consent_translations)
    except NotTranslated:
        raise ValidationError(
            {"language": "The text is not translated into this language; choose another."}
        ) from None
    return form, paper


def languages_of(form: ConsentForm, wanted: tuple[str, ...]) -> dict[str, ConsentPaper | None]:
    """The paper in each wanted language and each that there is; None where not translated."""
    known = knowledge()
    there = {one.language for one in known.consent_translations.values()}
    papers: dict[str, ConsentPaper | None] = {}
    for language in dict.fromkeys((SOURCE_LANGUAGE, *wanted, *sorted(there))):
        try:
            papers[language] = paper_in(language, form, known.consent, known.consent_translations)
        except NotTranslated:
            papers[language] = None
    return papers


def course_of(plan: Plan) -> Course:
    """What the plan injects, from its kept result."""
    known, choice = knowledge(), plan.result["choice"]
    indication = known.indications[plan.result["request"]["assessment"]["indication"]]
    own = {one["id"]: one["name"] for one in plan.result["request"]["setting"]["products"]}
    products = [one["product"] for one in choice["formula"]["components"]]
    technique = known.techniques.get(choice["technique"])
    visits = plan.result["visits"]
    return {
        "indication": indication.name,
        "technique": choice["technique"],
        "technique_name": technique.name if technique else choice["technique"],
        "products": [{"id": one, "name": own.get(one) or _product(one)} for one in products],
        "sessions": sum(one["session_number"] is not None for one in visits),
        "off_label": [
            finding["title"] for finding in plan.result["findings"] if "off_label" in finding["id"]
        ],
    }


def _product(product: str) -> str:
    known = knowledge().products.get(product)
    return known.name if known else product
