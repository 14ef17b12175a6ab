"""Facts: every statement with its source, how it was read, and where it is used."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openmeso.services.knowledge import knowledge
from openmeso.terms.provenance import Fact, Tier
from openmeso.web import wording
from openmeso.web.knowledge.where_used import where_used

FACTS_A_PAGE = 50


def _wanted(fact: Fact, words: list[str], tier: str) -> bool:
    text = f"{fact.id} {fact.claim} {fact.url}".casefold()
    return (not tier or str(fact.tier.value) == tier) and all(word in text for word in words)


@login_required
@require_safe
def facts(request: HttpRequest) -> HttpResponse:
    query, tier = request.GET.get("q", "").strip(), request.GET.get("tier", "")
    words = query.casefold().split()
    found = [fact for fact in knowledge().facts.values() if _wanted(fact, words, tier)]
    parameters = request.GET.copy()
    parameters.pop("page", None)
    context = {
        "page": Paginator(found, FACTS_A_PAGE).get_page(request.GET.get("page")),
        "query": query,
        "tier": tier,
        "tiers": [(str(each.value), wording.TIERS[each.value]) for each in Tier],
        "parameters": parameters.urlencode(),
    }
    return render(request, "knowledge/facts.html", context)


@login_required
@require_safe
def fact(request: HttpRequest, pk: str) -> HttpResponse:
    known = knowledge()
    if pk not in known.facts:
        raise Http404("no such fact")
    shown = known.facts[pk]
    context = {
        "fact": shown,
        "tier": wording.TIERS[shown.tier.value],
        "how_read": wording.READ[shown.read.value],
        "derived_from": [known.facts[each] for each in shown.derived_from if each in known.facts],
        "places": where_used(pk),
    }
    is_sheet = bool(getattr(request, "htmx", False))
    template = "knowledge/fact.html#sheet" if is_sheet else "knowledge/fact.html"
    return render(request, template, context)
