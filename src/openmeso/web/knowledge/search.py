"""One search box over everything that is known."""

from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from openmeso.services.knowledge import knowledge
from openmeso.web.knowledge.where_used import Place, all_places, texts

MOST_PLACES = 40
MOST_FACTS = 40


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found; the totals say what was left off."""

    places: tuple[Place, ...]
    facts: tuple[Place, ...]
    places_total: int
    facts_total: int


@lru_cache(maxsize=2)
def _haystacks(version: str) -> tuple[tuple[Place, str, str], ...]:
    return tuple(
        (place, place.title.casefold(), " ".join(texts(thing)).casefold())
        for place, thing in all_places(knowledge())
    )


@lru_cache(maxsize=2)
def _fact_haystacks(version: str) -> tuple[tuple[Place, str], ...]:
    return tuple(
        (
            Place(_("Fact"), f"{fact.id}: {fact.claim}", reverse("knowledge_fact", args=[fact.id])),
            f"{fact.id} {fact.claim} {fact.url}".casefold(),
        )
        for fact in knowledge().facts.values()
    )


def search(query: str) -> Hits:
    """Pages and facts holding every word of the query; names first."""
    words = query.casefold().split()
    version = knowledge().version
    found = [
        (not all(word in title for word in words), place)
        for place, title, text in _haystacks(version)
        if all(word in text for word in words)
    ]
    found.sort(key=lambda each: each[0])
    facts = [
        place for place, text in _fact_haystacks(version) if all(word in text for word in words)
    ]
    return Hits(
        tuple(place for _late, place in found[:MOST_PLACES]),
        tuple(facts[:MOST_FACTS]),
        len(found),
        len(facts),
    )
