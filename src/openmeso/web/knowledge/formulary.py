"""Ingredients and products, each number with its source."""

from collections.abc import Callable, Mapping

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from openmeso.services.knowledge import knowledge
from openmeso.terms.ingredient import FormularyCode, Ingredient, IngredientClass
from openmeso.terms.knowledge import Knowledge
from openmeso.web.knowledge.where_used import Place, place_of

# topic tuples of an ingredient, in the order they are read
TOPICS: Mapping[str, object] = {
    "mechanism": _("How it acts"),
    "evidence": _("Evidence"),
    "concentrations": _("Concentrations used"),
    "session_doses": _("Doses per session and schedules"),
    "maximum_doses": _("Maximum doses"),
    "other_route_doses": _("Doses by other routes"),
    "adverse_events": _("Known harms"),
    "interactions": _("Interactions"),
    "incompatibilities": _("Incompatibilities in a syringe"),
    "regulation": _("Regulation"),
    "monitoring": _("Monitoring"),
    "chemistry": _("Chemistry"),
    "marketed": _("On the market"),
    "conflicts": _("Where sources disagree"),
}

FILTERS: Mapping[str, Callable[[Ingredient], str]] = {
    "class": lambda each: each.ingredient_class.value,
    "code": lambda each: each.formulary_code.value,
    "grade": lambda each: each.evidence_grade,
}


def _wanted(each: Ingredient, chosen: Mapping[str, str], words: list[str]) -> bool:
    text = " ".join((each.name, *each.synonyms, each.class_text)).casefold()
    return all(word in text for word in words) and all(
        not value or FILTERS[name](each) == value for name, value in chosen.items()
    )


@login_required
@require_safe
def ingredients(request: HttpRequest) -> HttpResponse:
    every = list(knowledge().ingredients.values())
    query = request.GET.get("q", "").strip()
    chosen = {name: request.GET.get(name, "") for name in FILTERS}
    used_classes = {each.ingredient_class for each in every}
    context = {
        "ingredients": [each for each in every if _wanted(each, chosen, query.casefold().split())],
        "total": len(every),
        "query": query,
        "chosen": chosen,
        "classes": [each.value for each in IngredientClass if each in used_classes],
        "codes": [each.value for each in FormularyCode],
        "grades": sorted({each.evidence_grade for each in every}),
    }
    return render(request, "knowledge/ingredients.html", context)


def _used_in(known: Knowledge, pk: str) -> dict[str, list[Place]]:
    products = {
        key
        for key, product in known.products.items()
        if any(s.ingredient == pk for s in product.strengths)
    }
    return {
        "products": [
            place_of("products", key, known.products[key])
            for key in known.products
            if key in products
        ],
        "indications": [
            place_of("indications", key, each)
            for key, each in known.indications.items()
            if pk in each.ingredients
        ],
        "protocols": [
            place_of("protocols", key, each)
            for key, each in known.protocols.items()
            if products & {component.product for component in each.components}
        ],
        "checks": [
            place_of("checks", key, each)
            for key, each in known.checks.items()
            if pk == each.params.get("ingredient") or pk in _listed(each.params.get("ingredients"))
        ],
    }


def _listed(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, tuple | list) else ()


@login_required
@require_safe
def ingredient(request: HttpRequest, pk: str) -> HttpResponse:
    known = knowledge()
    if pk not in known.ingredients:
        raise Http404("no such ingredient")
    shown = known.ingredients[pk]
    topics = [
        (name, title, [known.facts[each] for each in getattr(shown, name) if each in known.facts])
        for name, title in TOPICS.items()
    ]
    context = {
        "ingredient": shown,
        "topics": [topic for topic in topics if topic[2]],
        "used_in": _used_in(known, pk),
    }
    return render(request, "knowledge/ingredient.html", context)


@login_required
@require_safe
def products(request: HttpRequest) -> HttpResponse:
    known = knowledge()
    listed = [
        (product, [(s, known.ingredients.get(s.ingredient)) for s in product.strengths])
        for product in known.products.values()
    ]
    return render(request, "knowledge/products.html", {"products": listed})
