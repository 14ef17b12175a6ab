import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openmeso.records.models import Membership
from openmeso.services import membership as memberships
from openmeso.services.member import asking_once, membership_of
from openmeso.terms.practitioner import Role


def queries_of(ask) -> int:
    with CaptureQueriesContext(connection) as made:
        ask()
    return len(made)


def test_asked_once_while_a_request_is_answered(practitioner, lead):
    with asking_once():
        assert queries_of(lambda: membership_of(practitioner)) == 1
        assert queries_of(lambda: membership_of(practitioner)) == 0
        assert membership_of(lead).role == Role.LEAD
    assert queries_of(lambda: membership_of(practitioner)) == 1


def test_having_no_place_is_remembered_too(person):
    outsider = person("nobody")
    with asking_once():
        assert membership_of(outsider) is None
        assert queries_of(lambda: membership_of(outsider)) == 0


@pytest.mark.parametrize("deed", ["change_role", "end"])
def test_a_changed_place_counts_within_the_same_request(lead, assistant, deed):
    with asking_once():
        place = membership_of(assistant)
        if deed == "end":
            memberships.end(by=lead, membership=Membership.objects.get(pk=place.pk))
            assert membership_of(assistant) is None
        else:
            memberships.change_role(by=lead, membership=place, role=Role.RESEARCHER)
            assert membership_of(assistant).role == Role.RESEARCHER


def test_one_request_remembers_nothing_of_the_one_before(client, lead, practitioner):
    client.force_login(practitioner)
    assert client.get("/patients/").status_code == 200
    memberships.end(by=lead, membership=membership_of(practitioner))
    assert client.get("/patients/").status_code == 403


def test_a_page_asks_for_the_place_once(client, practitioner, patient):
    client.force_login(practitioner)
    with CaptureQueriesContext(connection) as made:
        client.get(f"/patients/{patient.pk}/")
    asked = [one for one in made.captured_queries if "records_membership" in one["sql"]]
    assert len(asked) == 1
