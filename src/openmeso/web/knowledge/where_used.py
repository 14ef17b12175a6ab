"""The reverse index: which facts stand behind which page."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from openmeso.services.knowledge import knowledge
from openmeso.terms.knowledge import Knowledge

# mapping of Knowledge: what its nouns are called, the page that shows them, and whether each
# has a page of its own (otherwise its place on the list is marked by its id)
NOUNS: Mapping[str, tuple[str | Promise, str, bool]] = {
    "ingredients": (_("Ingredient"), "knowledge_ingredient", True),
    "products": (_("Product"), "knowledge_products", False),
    "techniques": (_("Technique"), "knowledge_technique", True),
    "indications": (_("Indication"), "knowledge_indication", True),
    "scales": (_("Scale"), "knowledge_scale", True),
    "protocols": (_("Protocol"), "knowledge_protocol", True),
    "checks": (_("Check"), "knowledge_checks", False),
    "contraindications": (_("Contraindication"), "knowledge_contraindications", False),
    "consent": (_("Consent text"), "knowledge_consent", False),
    "adverse_events": (_("Adverse event"), "knowledge_adverse_events", False),
    "event_rates": (_("How often"), "knowledge_adverse_events", False),
    "red_flags": (_("Red flag"), "knowledge_adverse_events", False),
    "views": (_("Map"), "knowledge_maps", False),
    "presets": (_("Pattern on the map"), "knowledge_maps", False),
}
TITLE_FIELDS = ("name", "title", "question", "heading", "term", "event", "sign", "id")


@dataclass(frozen=True, slots=True)
class Place:
    """A page, or a place on one, that shows a noun of the knowledge."""

    noun: str | Promise
    title: str
    url: str


def place_of(mapping: str, key: str, thing: object) -> Place:
    noun, url_name, has_page = NOUNS[mapping]
    title = next(str(getattr(thing, name)) for name in TITLE_FIELDS if hasattr(thing, name))
    url = reverse(url_name, args=[key]) if has_page else f"{reverse(url_name)}#{key}"
    return Place(noun, title.replace("{", "").replace("}", ""), url)


def texts(value: object) -> Iterator[str]:
    """Every string inside a term, however deep."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from texts(getattr(value, each.name))
    elif isinstance(value, tuple):
        for each_value in value:
            yield from texts(each_value)
    elif isinstance(value, Mapping):
        for each_value in value.values():
            yield from texts(each_value)


def all_places(known: Knowledge) -> Iterator[tuple[Place, object]]:
    for mapping in NOUNS:
        for key, thing in getattr(known, mapping).items():
            yield place_of(mapping, key, thing), thing


@lru_cache(maxsize=2)
def _index(version: str) -> Mapping[str, tuple[Place, ...]]:
    known = knowledge()
    found: defaultdict[str, list[Place]] = defaultdict(list)
    for place, thing in all_places(known):
        for fact in sorted(set(texts(thing)) & known.facts.keys()):
            found[fact].append(place)
    return {fact: tuple(places) for fact, places in found.items()}


def where_used(fact: str) -> tuple[Place, ...]:
    """The places that rest on a fact."""
    return _index(knowledge().version).get(fact, ())
