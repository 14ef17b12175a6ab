"""Changing what the clinic keeps: products and protocol templates."""

from dataclasses import replace

import pytest
from django.urls import reverse

from openmeso.services import product as products
from openmeso.services import protocol as protocols
from openmeso.services.knowledge import knowledge
from openmeso.terms.formula import Component
from openmeso.terms.product import Product, Route, Strength
from openmeso.terms.protocol import Phase, Protocol

OURS = Product(
    id="own_lidocaine",
    name="Lidocaine, ours",
    strengths=(Strength("lidocaine", 10.0, form="with_epinephrine"),),
    ampoule_ml=5.0,
    excipients=("sulfite",),
    single_dose=False,
)
COURSE = Protocol(
    id="clinic_house",
    name="House course",
    indications=("androgenetic_alopecia_male",),
    phases=(Phase(8, 7, 5), Phase(2, 14, 10)),
    technique="nappage",
    components=tuple(Component(each, 1.0) for each in list(knowledge().products)[:5]),
    assessment_weeks=(8, 12),
    spacing_mm=12.0,
)


@pytest.fixture
def kept_product(practitioner, clinic):
    return products.save(by=practitioner, clinic=clinic, product=OURS)


@pytest.fixture
def kept_protocol(practitioner, clinic):
    return protocols.save(by=practitioner, clinic=clinic, protocol=COURSE)


def typed(form) -> dict[str, object]:
    """What the form would post as it stands."""
    values = {each.html_name: each.value() for each in form}
    return {name: value for name, value in values.items() if value not in (None, "")}


def test_saving_a_product_as_it_stands_changes_nothing_but_the_label(
    client, practitioner, clinic, kept_product
):
    client.force_login(practitioner)
    address = reverse("clinic_product", args=[kept_product.pk])
    form = client.get(address).context["form"]
    assert client.post(address, typed(form)).status_code == 302
    (kept,) = products.terms_of(clinic)
    assert replace(kept, assumption="") == OURS


def test_a_product_is_changed_under_its_id(client, practitioner, clinic, kept_product):
    client.force_login(practitioner)
    address = reverse("clinic_product", args=[kept_product.pk])
    changes = {"name": "Lidocaine 2 %", "per_ml_1": "20", "route": "topical"}
    client.post(address, typed(client.get(address).context["form"]) | changes)
    (kept,) = products.terms_of(clinic)
    assert (kept.id, kept.name, kept.route) == ("own_lidocaine", "Lidocaine 2 %", Route.TOPICAL)
    assert kept.strengths == (Strength("lidocaine", 20.0, form="with_epinephrine"),)
    assert "Lidocaine 2 %" in client.get(reverse("clinic_products")).content.decode()


def test_saving_a_template_as_it_stands_changes_nothing(
    client, practitioner, clinic, kept_protocol
):
    client.force_login(practitioner)
    address = reverse("clinic_protocol", args=[kept_protocol.pk])
    form = client.get(address).context["form"]
    assert client.post(address, typed(form)).status_code == 302
    (kept,) = protocols.terms_of(clinic)
    assert replace(kept, assumption="") == COURSE


def test_a_template_is_changed_under_its_id(client, practitioner, clinic, kept_protocol):
    client.force_login(practitioner)
    address = reverse("clinic_protocol", args=[kept_protocol.pk])
    changes = {"name": "Shorter", "sessions_1": "4", "interval_2": "21"}
    client.post(address, typed(client.get(address).context["form"]) | changes)
    (kept,) = protocols.terms_of(clinic)
    assert (kept.id, kept.name) == ("clinic_house", "Shorter")
    assert kept.phases == (Phase(4, 7, 5), Phase(2, 21))


@pytest.mark.parametrize("noun", ["product", "protocol"])
def test_refused_changes_keep_what_was_typed_and_what_is_kept(
    client, practitioner, kept_product, kept_protocol, noun
):
    kept = {"product": kept_product, "protocol": kept_protocol}[noun]
    client.force_login(practitioner)
    answer = client.post(reverse(f"clinic_{noun}", args=[kept.pk]), {"name": "Half-typed"})
    assert answer.status_code == 422
    assert "Half-typed" in answer.content.decode()
    kept.refresh_from_db()
    assert kept.name != "Half-typed"


def test_a_new_product_does_not_take_anothers_place(client, practitioner, clinic):
    client.force_login(practitioner)
    new = {
        "name": "Our lidocaine", "ampoule_ml": "5", "route": "injection",
        "ingredient_1": "lidocaine", "per_ml_1": "10", "unit_1": "mg",
    }  # fmt: skip
    assert client.post(reverse("clinic_product_add"), new).status_code == 302
    again = client.post(reverse("clinic_product_add"), new | {"per_ml_1": "20"})
    assert again.status_code == 422
    assert [each.strengths[0].per_ml for each in products.terms_of(clinic)] == [10.0]


@pytest.mark.parametrize("noun", ["product", "protocol"])
def test_others_change_nothing(client, cast, kept_product, kept_protocol, noun):
    kept = {"product": kept_product, "protocol": kept_protocol}[noun]
    address = reverse(f"clinic_{noun}", args=[kept.pk])
    for who, status in (("assistant", 403), ("auditor", 403), ("stranger", 404)):
        client.force_login(getattr(cast, who))
        assert client.get(address).status_code == status
        assert client.post(address, {"name": "Theirs"}).status_code == status
    client.force_login(cast.lead)
    assert client.delete(address).status_code == 405
    kept.refresh_from_db()
    assert kept.name != "Theirs"
