"""The clinic: particulars, closing days, people, shelf and templates."""

from datetime import date

import pytest
from django.urls import reverse

from openmeso.records.models import Membership, Product, Protocol, Training
from openmeso.services import clinic as clinics
from openmeso.services import product as products
from openmeso.services import protocol as protocols
from openmeso.services import session_length

PRODUCT = {
    "name": "Lidokain Boğaz 1 %",
    "ampoule_ml": "5",
    "route": "injection",
    "ingredient_1": "lidocaine",
    "per_ml_1": "10",
    "unit_1": "mg",
    "ph_low": "5",
    "ph_high": "7",
}
PROTOCOL = {
    "name": "Our weekly course",
    "technique": "papule",
    "indications": ["androgenetic_alopecia_male"],
    "sessions_1": "8",
    "interval_1": "7",
    "sessions_2": "2",
    "interval_2": "14",
    "product_1": "biotin",
    "parts_1": "1",
    "assessment_weeks": "12, 8",
}
EVERYBODY = (
    "clinic_page",
    "clinic_members",
    "clinic_products",
    "clinic_protocols",
    "clinic_sessions",
)
LEADS = ("clinic_edit", "clinic_closing_days", "clinic_member_add")


@pytest.fixture
def place(practitioner):
    return Membership.objects.get(user=practitioner)


@pytest.mark.parametrize("name", EVERYBODY)
def test_members_see_their_clinic_others_do_not(client, assistant, outsider, researcher, name):
    client.force_login(assistant)
    assert client.get(reverse(name)).status_code == 200
    assert client.post(reverse(name)).status_code == 405
    for user in (outsider, researcher):
        client.force_login(user)
        assert client.get(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", LEADS)
def test_only_the_lead_manages(client, lead, practitioner, name):
    client.force_login(practitioner)
    assert client.get(reverse(name)).status_code == 403
    client.force_login(lead)
    assert client.get(reverse(name)).status_code == 200
    assert client.delete(reverse(name)).status_code == 405


def test_lead_corrects_the_particulars(client, lead, clinic):
    client.force_login(lead)
    typed = {"name": "New name", "country": "fr", "timezone": "Europe/Paris"}
    client.post(reverse("clinic_edit"), typed)
    clinic.refresh_from_db()
    assert (clinic.name, clinic.country) == ("New name", "FR")
    refused = client.post(reverse("clinic_edit"), typed | {"timezone": "Mars/Olympus"})
    assert refused.status_code == 422
    assert "Mars/Olympus" in refused.content.decode()


def test_lead_sets_closing_days(client, lead, clinic):
    client.force_login(lead)
    client.post(
        reverse("clinic_closing_days"), {"weekdays": ["6", "7"], "dates": "2026-12-31\n2027-01-01"}
    )
    clinic.refresh_from_db()
    closed = clinics.closing_days(clinic)
    assert closed.weekdays == (6, 7)
    assert closed.dates == (date(2026, 12, 31), date(2027, 1, 1))


def test_a_clinic_may_open_every_day(client, lead, clinic):
    client.force_login(lead)
    client.post(reverse("clinic_closing_days"), {})
    clinic.refresh_from_db()
    assert clinics.closing_days(clinic).weekdays == ()


@pytest.mark.parametrize(
    "typed", [{"dates": "31 December"}, {"weekdays": [str(day) for day in range(1, 8)]}]
)
def test_refused_closing_days_keep_what_was_typed(client, lead, typed):
    client.force_login(lead)
    answer = client.post(reverse("clinic_closing_days"), typed)
    assert answer.status_code == 422
    assert typed.get("dates", "checked") in answer.content.decode()


def test_lead_adds_somebody_and_sees_the_password_once(client, lead, clinic):
    client.force_login(lead)
    typed = {"given_name": "Can", "family_name": "Su", "username": "can", "role": "assistant"}
    answer = client.post(reverse("clinic_member_add"), typed)
    password = answer.context["password"]
    assert password in answer.content.decode()
    assert Membership.objects.get(user__username="can").clinic == clinic
    taken = client.post(reverse("clinic_member_add"), typed)
    assert taken.status_code == 422
    assert password not in taken.content.decode()


def test_lead_records_training_and_changes_a_role(client, lead, place):
    client.force_login(lead)
    client.post(
        reverse("clinic_member_training", args=[place.pk]),
        {"technique": "papule", "trained_on": "2025-01-01", "valid_until": "2027-01-01"},
    )
    assert Training.objects.get(user=place.user).technique == "papule"
    client.post(reverse("clinic_member_role", args=[place.pk]), {"role": "assistant"})
    place.refresh_from_db()
    assert place.role == "assistant"
    assert "Papule" in client.get(reverse("clinic_members")).content.decode()


def test_refused_training_is_told_by_the_field(client, lead, place):
    client.force_login(lead)
    answer = client.post(
        reverse("clinic_member_training", args=[place.pk]),
        {"technique": "papule", "trained_on": "2999-01-01"},
    )
    assert answer.status_code == 422
    assert 'value="2999-01-01"' in answer.content.decode()


def test_last_lead_stays_lead(client, lead):
    client.force_login(lead)
    own = Membership.objects.get(user=lead)
    answer = client.post(reverse("clinic_member_role", args=[own.pk]), {"role": "assistant"})
    assert answer.status_code == 422
    client.post(reverse("clinic_member_end", args=[own.pk]))
    own.refresh_from_db()
    assert (own.role, own.ended_at) == ("lead", None)


def test_lead_resets_a_second_factor_and_closes_an_access(client, lead, place):
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=place.user, type="totp", data={})
    client.force_login(lead)
    address = reverse("clinic_member_reset_mfa", args=[place.pk])
    assert client.get(address).status_code == 200
    assert Authenticator.objects.exists()  # looking changes nothing
    client.post(address)
    assert not Authenticator.objects.exists()
    client.post(reverse("clinic_member_end", args=[place.pk]))
    place.refresh_from_db()
    assert place.ended_at is not None


def test_lead_gives_a_new_password_which_ends_the_lock(client, lead, practitioner, place):
    login = {"login": "practitioner", "password": "wrong"}
    assert [client.post("/accounts/login/", login).status_code for _ in range(5)][-1] == 429
    client.force_login(lead)
    address = reverse("clinic_member_password", args=[place.pk])
    assert client.get(address).status_code == 200
    password = client.post(address).context["password"]
    client.logout()
    answer = client.post("/accounts/login/", login | {"password": password})
    assert answer.status_code == 302


@pytest.mark.parametrize(
    "name",
    [
        "clinic_member", "clinic_member_reset_mfa", "clinic_member_password", "clinic_member_end",
    ],
)  # fmt: skip
def test_members_of_another_clinic_are_not_found(client, lead, stranger, practitioner, place, name):
    client.force_login(lead)
    foreign = Membership.objects.get(user=stranger)
    assert client.get(reverse(name, args=[foreign.pk])).status_code == 404
    client.force_login(practitioner)
    assert client.get(reverse(name, args=[place.pk])).status_code == 403


def test_product_goes_on_the_shelf_and_off_again(client, practitioner, clinic):
    client.force_login(practitioner)
    client.post(reverse("clinic_product_add"), PRODUCT)
    (kept,) = products.terms_of(clinic)
    assert (kept.strengths[0].ingredient, kept.strengths[0].per_ml, kept.ampoule_ml) == (
        "lidocaine",
        10.0,
        5.0,
    )
    assert (kept.ph.low, kept.ph.high) == (5.0, 7.0)
    assert kept.ph.is_assumption  # nothing stands behind it but the clinic's word
    client.post(reverse("clinic_product_withdraw", args=[Product.objects.get().pk]))
    assert products.terms_of(clinic) == ()


@pytest.mark.parametrize(
    "wrong",
    [{"ingredient_1": ""}, {"ph_high": ""}, {"ph_low": "9"}, {"gtin": "x"}, {"ampoule_ml": "0"}],
)
def test_refused_product_keeps_what_was_typed(client, practitioner, clinic, wrong):
    client.force_login(practitioner)
    answer = client.post(reverse("clinic_product_add"), PRODUCT | wrong)
    assert answer.status_code == 422
    assert "Lidokain Boğaz" in answer.content.decode()
    assert products.terms_of(clinic) == ()


def test_template_is_saved_and_withdrawn(client, practitioner, clinic):
    client.force_login(practitioner)
    client.post(reverse("clinic_protocol_add"), PROTOCOL)
    (kept,) = protocols.terms_of(clinic)
    assert kept.sessions == 10
    assert kept.assessment_weeks == (8, 12)
    assert "Our weekly course" in client.get(reverse("clinic_protocols")).content.decode()
    assert "Our weekly course" in client.get(reverse("knowledge_protocols")).content.decode()
    client.post(reverse("clinic_protocol_withdraw", args=[Protocol.objects.get().pk]))
    assert protocols.terms_of(clinic) == ()


@pytest.mark.parametrize(
    "wrong", [{"indications": []}, {"sessions_1": "0"}, {"assessment_weeks": "soon"}]
)
def test_refused_template_keeps_what_was_typed(client, practitioner, clinic, wrong):
    client.force_login(practitioner)
    answer = client.post(reverse("clinic_protocol_add"), PROTOCOL | wrong)
    assert answer.status_code == 422
    assert "Our weekly course" in answer.content.decode()
    assert protocols.terms_of(clinic) == ()


def test_assistant_neither_stocks_nor_withdraws(client, assistant, practitioner, stranger):
    client.force_login(practitioner)
    client.post(reverse("clinic_product_add"), PRODUCT)
    client.post(reverse("clinic_protocol_add"), PROTOCOL)
    product, protocol = Product.objects.get(), Protocol.objects.get()
    off = (
        reverse("clinic_product_withdraw", args=[product.pk]),
        reverse("clinic_protocol_withdraw", args=[protocol.pk]),
    )
    for user, status in ((assistant, 403), (stranger, 404)):
        client.force_login(user)
        assert [client.post(address).status_code for address in off] == [status, status]
        assert client.get(off[0]).status_code == 405


def test_session_lengths_are_summed_up(client, practitioner, clinic):
    for points, minutes in ((100, 15.0), (120, 18.0), (140, 30.0)):
        session_length.record(
            by=practitioner, clinic=clinic, technique="nappage", points=points, minutes=minutes
        )
    client.force_login(practitioner)
    (row,) = client.get(reverse("clinic_sessions")).context["rows"]
    assert (row["count"], row["points"], row["minutes"], row["low"], row["high"]) == (
        3,
        120,
        18,
        15,
        30,
    )


def test_people_take_as_many_queries_for_many_as_for_few(client, lead, clinic, person):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from openmeso.terms.practitioner import Role

    client.force_login(lead)
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("clinic_members"))
    for n in range(12):
        person(f"more{n}", clinic, Role.ASSISTANT)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("clinic_members"))
    assert len(many) == len(few)
