"""The Knowledge room: every page opens, every number leads to its source."""

import pytest
from django.urls import reverse

from openmeso.services.knowledge import knowledge
from openmeso.terms.formula import Component
from openmeso.terms.protocol import Phase, Protocol
from openmeso.web.knowledge import drawing
from openmeso.web.knowledge.search import search
from openmeso.web.knowledge.where_used import all_places, texts, where_used

LISTS = [
    "index",
    "ingredients",
    "products",
    "techniques",
    "indications",
    "scales",
    "protocols",
    "checks",
    "contraindications",
    "consent",
    "adverse_events",
    "maps",
    "facts",
]
NOUNS = ("ingredient", "technique", "indication", "scale", "protocol")


@pytest.mark.parametrize("name", LISTS)
def test_lists_open_for_whoever_is_signed_in(client, outsider, name):
    address = reverse(f"knowledge_{name}")
    assert client.get(address).url.startswith(reverse("account_login"))
    client.force_login(outsider)
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("noun", NOUNS)
def test_every_page_of_every_noun_opens(client, researcher, noun):
    client.force_login(researcher)
    keys = getattr(knowledge(), f"{noun}s")
    pages = {key: client.get(reverse(f"knowledge_{noun}", args=[key])) for key in keys}
    assert [key for key, page in pages.items() if page.status_code != 200] == []


@pytest.mark.parametrize(
    "noun", ["ingredient", "technique", "indication", "scale", "protocol", "fact"]
)
def test_what_is_not_known_is_not_found(client, researcher, noun):
    client.force_login(researcher)
    assert client.get(reverse(f"knowledge_{noun}", args=["moonlight"])).status_code == 404


def test_every_place_of_the_reverse_index_exists(client, researcher):
    client.force_login(researcher)
    pages: dict[str, str] = {}
    for place, _thing in all_places(knowledge()):
        address, _, anchor = place.url.partition("#")
        if address not in pages:
            pages[address] = client.get(address).content.decode()
        assert not anchor or f'id="{anchor}"' in pages[address], place


def test_every_number_of_an_ingredient_leads_to_its_source(client, researcher):
    client.force_login(researcher)
    lidocaine = knowledge().ingredients["lidocaine"]
    page = client.get(reverse("knowledge_ingredient", args=["lidocaine"])).content.decode()
    cited = {text for text in texts(lidocaine) if text in knowledge().facts}
    assert [fact for fact in cited if reverse("knowledge_fact", args=[fact]) not in page] == []
    assert "4.5 mg/kg" in page


def test_an_unknown_maximum_is_said_not_invented(client, researcher):
    client.force_login(researcher)
    without = next(each for each in knowledge().ingredients.values() if not each.caps)
    page = client.get(reverse("knowledge_ingredient", args=[without.id])).content.decode()
    assert "No published maximum" in page


def test_fact_shows_source_tier_reading_and_where_it_is_used(client, researcher):
    client.force_login(researcher)
    fact = knowledge().facts["F0072"]
    page = client.get(reverse("knowledge_fact", args=[fact.id])).content.decode()
    assert fact.url in page.replace("&amp;", "&")
    assert "Tier 4" in page
    assert reverse("knowledge_ingredient", args=["lidocaine"]) in page


def test_fact_opens_in_the_sheet_by_htmx(client, researcher):
    client.force_login(researcher)
    page = client.get(reverse("knowledge_fact", args=["F0072"]), headers={"HX-Request": "true"})
    assert b"F0072" in page.content
    assert b"<html" not in page.content


def test_where_used_finds_every_citation():
    fact = "F0072"
    expected = {place.url for place, thing in all_places(knowledge()) if fact in set(texts(thing))}
    assert {place.url for place in where_used(fact)} == expected
    assert where_used("F9999") == ()


def test_search_finds_names_before_mentions():
    hits = search("minoxidil")
    assert "minoxidil" in hits.places[0].title.casefold()
    assert hits.facts_total > 0
    assert search("minoxidil xyzzy").places == ()


def test_search_by_htmx_answers_with_the_hits_alone(client, researcher):
    client.force_login(researcher)
    address = reverse("knowledge_index")
    assert b"<html" in client.get(address, {"q": "papule"}).content
    page = client.get(address, {"q": "papule"}, headers={"HX-Request": "true"})
    assert b"Papule" in page.content
    assert b"<html" not in page.content


def test_ingredients_are_filtered_by_class_code_and_grade(client, researcher):
    client.force_login(researcher)
    answer = client.get(reverse("knowledge_ingredients"), {"code": "blocked"})
    shown = answer.context["ingredients"]
    assert "buflomedil" in {each.id for each in shown}
    assert {each.formulary_code.value for each in shown} == {"blocked"}
    answer = client.get(reverse("knowledge_ingredients"), {"class": "vitamin", "q": "biotin"})
    assert [each.id for each in answer.context["ingredients"]] == ["biotin"]


def test_facts_are_filtered_by_words_and_tier(client, researcher):
    client.force_login(researcher)
    page = client.get(reverse("knowledge_facts"), {"q": "lidocaine", "tier": "1"}).context["page"]
    assert page.paginator.count > 0
    assert all(fact.tier == 1 and "lidocaine" in fact.claim.casefold() for fact in page)


def test_timeline_counts_days_from_the_first_session():
    # 8 weekly, 2 fortnightly, 3 monthly: 0, 7 … 49, then +14, +14, then +30 three times
    course = Protocol(
        "x", "X", (), (Phase(8, 7), Phase(2, 14), Phase(3, 30)), "papule", (Component("y", 1.0),)
    )
    assert drawing.session_days(course) == [0, 7, 14, 21, 28, 35, 42, 49, 63, 77, 107, 137, 167]
    assert len(drawing.timeline(course).sessions) == 13


def test_depth_diagram_draws_the_needle_to_its_depth():
    technique = knowledge().techniques["papule"]
    diagram = drawing.depth_diagram(technique, knowledge().layers)
    assert diagram.needle_y == pytest.approx(
        diagram.top + technique.default_depth_mm * drawing.PX_PER_MM, abs=1e-9
    )
    assert {column.region for column in diagram.columns} <= set(technique.regions)
    assert drawing.depth_diagram(technique, ()) is None
