"""A prepared query gives what the same query gives, for each value anew."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session

from openmeso.gateways import clock
from openmeso.gateways.prepared import Prepared
from openmeso.records.models import Membership

pytestmark = pytest.mark.django_db

PLACE = Prepared(
    lambda user, now: Membership.objects.filter(
        user=user, ended_at__isnull=True, created_at__lte=now
    ).select_related("clinic", "user"),
    user=UUID,
    now=datetime,
)


def values(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_it_gives_the_row_that_the_query_gives(practitioner, lead):
    for user in (practitioner, lead, practitioner):
        found = PLACE.first(user=user.pk, now=clock.now())
        assert found is not None
        assert values(found) == values(Membership.objects.get(user=user))


def test_what_was_selected_along_is_there(practitioner, clinic, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = PLACE.first(user=practitioner.pk, now=clock.now())
        assert found.clinic == clinic
        assert found.user.name == practitioner.name
        assert found.created_by_id == practitioner.pk


def test_every_value_is_asked_for(practitioner):
    before = clock.now() - timedelta(days=1)
    assert PLACE.first(user=practitioner.pk, now=before) is None
    assert PLACE.first(user=uuid4(), now=clock.now()) is None


def test_a_change_shows_at_once(practitioner, lead):
    assert PLACE.first(user=practitioner.pk, now=clock.now()) is not None
    Membership.objects.filter(user=practitioner).update(ended_at=clock.now(), ended_by=lead)
    assert PLACE.first(user=practitioner.pk, now=clock.now()) is None


def test_whoever_changes_what_they_were_given_changes_nobody_else_s(practitioner, clinic):
    type(clinic).objects.filter(pk=clinic.pk).update(closing_weekdays=[7])
    given = [PLACE.first(user=practitioner.pk, now=clock.now()) for _ in range(3)]
    given[1].clinic.closing_weekdays.append(1)
    given[1].role, given[1].user.first_name = "researcher", "Else"
    for other in (given[0], given[2], PLACE.first(user=practitioner.pk, now=clock.now())):
        assert other.clinic.closing_weekdays == [7]
        assert other.role == "practitioner"
        assert other.user.first_name == practitioner.first_name


def test_a_row_read_again_is_the_same_record_in_all_it_says(practitioner):
    first, again = (PLACE.first(user=practitioner.pk, now=clock.now()) for _ in range(2))
    assert again is not first
    assert values(again) == values(first) == values(Membership.objects.get(user=practitioner))
    assert values(again.clinic) == values(first.clinic)
    assert values(again.user) == values(first.user)
    assert not again._state.adding
    assert again._state.db == "default"
    again.refresh_from_db()


def test_all_gives_every_row_in_the_query_s_order(practitioner, lead, django_assert_num_queries):
    everybody = Prepared(
        lambda now: Membership.objects.filter(created_at__lte=now).order_by("role"), now=datetime
    )
    with django_assert_num_queries(1):
        roles = [each.role for each in everybody.all(now=clock.now())]
    assert roles == sorted(roles)
    assert {"lead", "practitioner"} <= set(roles)


def test_text_is_a_value_too(practitioner):
    named = Prepared(
        lambda name: get_user_model().objects.filter(username=name, is_active=True), name=str
    )
    assert named.first(name="practitioner") == practitioner
    assert named.first(name="' OR 1 = 1 --") is None


def test_a_signed_out_session_is_nobody_at_the_next_request(client, practitioner):
    client.force_login(practitioner)
    assert client.get("/patients/").status_code == 200
    Session.objects.all().delete()
    assert client.get("/patients/").status_code == 302


def test_an_expired_session_is_nobody(client, practitioner):
    client.force_login(practitioner)
    Session.objects.update(expire_date=clock.now() - timedelta(seconds=1))
    assert client.get("/patients/").status_code == 302


def test_a_changed_password_signs_out_at_the_next_request(client, practitioner):
    client.force_login(practitioner)
    assert client.get("/patients/").status_code == 200
    practitioner.set_password("another long password 9")
    practitioner.save()
    assert client.get("/patients/").status_code == 302


def test_a_locked_account_is_nobody_at_the_next_request(client, practitioner):
    client.force_login(practitioner)
    get_user_model().objects.filter(pk=practitioner.pk).update(is_active=False)
    assert client.get("/patients/").status_code == 302
