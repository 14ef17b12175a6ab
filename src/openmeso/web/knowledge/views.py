"""The Knowledge room: its hall, and the pages that are one list each."""

from collections.abc import Iterable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from openmeso.services.knowledge import knowledge
from openmeso.terms.check import Strength
from openmeso.terms.contraindication import Consequence
from openmeso.terms.provenance import Tier
from openmeso.web.knowledge import drawing
from openmeso.web.knowledge.search import search


def rooms() -> list[dict[str, object]]:
    known = knowledge()
    listed: Iterable[tuple[object, str, int, object]] = [
        (_("Ingredients"), "knowledge_ingredients", len(known.ingredients),
         _("What may be injected, what must not be, and every published dose.")),
        (_("Indications"), "knowledge_indications", len(known.indications),
         _("What mesotherapy is claimed for, and plainly what the evidence is.")),
        (_("Techniques"), "knowledge_techniques", len(known.techniques),
         _("Needle, depth, volume and spacing, and the layer they reach.")),
        (_("Protocols"), "knowledge_protocols", len(known.protocols),
         _("Published courses with their schedules, and your clinic's own.")),
        (_("Checks"), "knowledge_checks", len(known.checks),
         _("Every rule that blocks, asks for a reason or advises.")),
        (_("Contraindications"), "knowledge_contraindications", len(known.contraindications),
         _("The checklist before a course, and what each answer means.")),
        (_("Scales"), "knowledge_scales", len(known.scales),
         _("How severity is graded, step by step.")),
        (_("Products"), "knowledge_products", len(known.products),
         _("Ampoules with their strengths, sizes and pH.")),
        (_("Reactions"), "knowledge_adverse_events", len(known.adverse_events),
         _("Adverse-event grades, how often they were seen, and red flags.")),
        (_("Consent texts"), "knowledge_consent", len(known.consent),
         _("What a patient is told before the first needle.")),
        (_("Maps"), "knowledge_maps", len(known.views),
         _("The drawings zones are laid on, and the patterns that pre-fill them.")),
        (_("Facts"), "knowledge_facts", len(known.facts),
         _("Every statement with its source and how it was read.")),
    ]  # fmt: skip
    return [
        {"name": name, "url": reverse(url), "count": count, "text": text}
        for name, url, count, text in listed
    ]


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    known = knowledge()
    context = {
        "query": query,
        "hits": search(query) if query else None,
        "rooms_of_knowledge": rooms(),
        "version": known.version,
        "tiers": [(tier, sum(fact.tier == tier for fact in known.facts.values())) for tier in Tier],
    }
    is_fragment = getattr(request, "htmx", False) and not request.htmx.boosted  # type: ignore[attr-defined]
    template = "knowledge/index.html#hits" if is_fragment else "knowledge/index.html"
    return render(request, template, context)


@login_required
@require_safe
def checks(request: HttpRequest) -> HttpResponse:
    rules = knowledge().checks.values()
    groups = [
        (strength, [each for each in rules if each.strength == strength]) for strength in Strength
    ]
    return render(request, "knowledge/checks.html", {"groups": groups, "count": len(rules)})


@login_required
@require_safe
def contraindications(request: HttpRequest) -> HttpResponse:
    asked = knowledge().contraindications.values()
    groups = [
        (consequence, [each for each in asked if each.consequence == consequence])
        for consequence in Consequence
    ]
    return render(request, "knowledge/contraindications.html", {"groups": groups})


@login_required
@require_safe
def consent(request: HttpRequest) -> HttpResponse:
    return render(request, "knowledge/consent.html", {"texts": knowledge().consent.values()})


@login_required
@require_safe
def adverse_events(request: HttpRequest) -> HttpResponse:
    known = knowledge()
    context = {
        "terms": [
            (term, [(n, text) for n, text in enumerate(term.grades, 1) if text])
            for term in sorted(known.adverse_events.values(), key=lambda each: not each.expected)
        ],
        "rates": known.event_rates.values(),
        "red_flags": known.red_flags.values(),
    }
    return render(request, "knowledge/adverse_events.html", context)


@login_required
@require_safe
def maps(request: HttpRequest) -> HttpResponse:
    known = knowledge()
    context = {
        "body": known.body,
        "views": [drawing.map_drawing(view) for view in known.views.values()],
        "presets": [
            drawing.preset_drawing(preset, known.views) for preset in known.presets.values()
        ],
    }
    return render(request, "knowledge/maps.html", context)
