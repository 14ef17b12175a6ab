"""Same spot, earlier: choose a picture, see both side by side, and what became of every hair."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from PIL import Image

from openmeso.gateways import clock, trichoscopy
from openmeso.gateways.picture import read_picture
from openmeso.records.models import Comparison
from openmeso.services import measurement as measurements
from openmeso.services.measurement import Taken
from openmeso.terms.measurement import Place, Site
from openmeso.terms.trichoscopy import Scale
from tests.example_spot import EVERY, UM_PER_PX, view

LOST = frozenset({11, 18, 20, 27})


@pytest.fixture
def pair(practitioner, patient, monkeypatch):
    """A spot measured twice; in the later picture four hairs are missing."""
    found = []
    for drawn, days_ago in ((EVERY, 90), (EVERY - LOST, 0)):
        seen = view(drawn, drawn)
        monkeypatch.setattr(
            trichoscopy,
            "read_field",
            lambda shown, *, scale, setting, seen=seen: replace(seen.field, scale=scale),
        )
        out = io.BytesIO()
        Image.fromarray(seen.image).save(out, "PNG")
        taken = Taken(
            clock.today() - timedelta(days_ago), Place(Site.VERTEX), scale=Scale(UM_PER_PX)
        )
        found.append(
            measurements.measure(
                by=practitioner, patient=patient, shown=read_picture(out.getvalue()), taken=taken
            )
        )
    return found


def chosen(pair, **changes):
    before, after = pair
    address = reverse("comparison_choose", args=[after.pk])
    return address, {"before": str(before.pk), "kind": "visits"} | changes


def test_a_picture_is_compared_with_an_earlier_one(client, practitioner, pair):
    client.force_login(practitioner)
    address, typed = chosen(pair)
    measured = client.get(reverse("measurement_page", args=[pair[1].pk])).content.decode()
    assert address in measured
    assert "90 days before" in client.get(address).content.decode()
    answer = client.post(address, typed)
    record = Comparison.objects.get()
    assert answer.url == reverse("comparison_page", args=[record.pk])
    page = client.get(answer.url).content.decode()
    assert page.count('class="fate fate--lost"') == len(LOST)  # in the earlier picture
    assert page.count('class="fate fate--lost fate--again"') == len(LOST)  # in the later one
    assert "changed beyond the error" in page
    assert "measured on rendered pictures" in page
    assert record.software in page
    client.post(reverse("comparison_accept", args=[record.pk]))
    record.refresh_from_db()
    assert record.status == "accepted"
    assert str(record.pk) in client.get(address).content.decode()


def test_the_patients_page_offers_it_and_tells_what_came_out(client, practitioner, pair):
    client.force_login(practitioner)
    address, typed = chosen(pair)
    patient_page = reverse("patient_page", args=[pair[0].patient_id])
    asked = client.get(patient_page).content.decode()
    assert "is not compared with that of" in asked
    measured = client.get(reverse("measurement_page", args=[pair[1].pk])).content.decode()
    for page in (asked, measured):
        assert f'name="before" value="{pair[0].pk}"' in page
        assert f'action="{address}"' in page
    client.post(address, typed)
    record = Comparison.objects.get()
    told = client.get(patient_page).content.decode()
    assert "is not compared with that of" not in told
    assert "4 lost" in told
    assert "a change beyond error" in told
    assert "not called a change" in told  # of the widths
    assert told.count(reverse("comparison_page", args=[record.pk])) >= 4  # card, list, two axes
    assert "Compared" in told
    again = client.get(reverse("measurement_page", args=[pair[1].pk])).content.decode()
    assert "4 lost" in again
    client.post(reverse("comparison_withdraw", args=[record.pk]), {"because": "Another spot"})
    assert "is not compared with that of" in client.get(patient_page).content.decode()


def test_who_may_not_measure_is_offered_nothing(client, cast, pair, monkeypatch):
    from openmeso.services import permission

    may = permission.may
    monkeypatch.setattr(
        permission,
        "may",
        lambda user, name, row=None: name != "comparison.save" and may(user, name, row),
    )
    client.force_login(cast.practitioner)
    page = client.get(reverse("patient_page", args=[pair[0].patient_id])).content.decode()
    assert "is not compared with that of" not in page


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"before": ""}, "Choose an earlier picture"),
        ({"before": "nothing"}, "Choose an earlier picture"),
        ({"before": "00000000-0000-4000-8000-000000000000"}, "Choose an earlier picture"),
        ({"kind": "wish"}, "Choose what to compare for"),
        ({"kind": "phototrichogram"}, "1 to 7 days"),
    ],
)
def test_a_refusal_says_why_and_keeps_the_choice(client, practitioner, pair, changes, says):
    client.force_login(practitioner)
    address, typed = chosen(pair, **changes)
    answer = client.post(address, typed)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Comparison.objects.exists()


def test_it_is_withdrawn_for_a_reason(client, cast, pair):
    client.force_login(cast.practitioner)
    client.post(*chosen(pair))
    record = Comparison.objects.get()
    address = reverse("comparison_withdraw", args=[record.pk])
    assert client.post(address, {"because": ""}).status_code == 422
    client.post(address, {"because": "Another spot"})
    page = client.get(reverse("comparison_page", args=[record.pk])).content.decode()
    assert "Another spot" in page
    assert client.post(reverse("comparison_accept", args=[record.pk])).status_code == 409


@pytest.mark.parametrize("name", ["choose", "page", "accept", "withdraw"])
def test_others_are_refused(client, cast, pair, name):
    client.force_login(cast.practitioner)
    client.post(*chosen(pair))
    row = pair[1] if name == "choose" else Comparison.objects.get()
    path = reverse(f"comparison_{name}", args=[row.pk])
    client.logout()
    send, wrong = (
        (client.get, client.put) if name in ("choose", "page") else (client.post, client.get)
    )
    assert "/login/" in send(path).url
    client.force_login(cast.stranger)
    assert send(path).status_code == 404
    client.force_login(cast.researcher)
    assert send(path).status_code in (403, 404)
    client.force_login(cast.practitioner)
    assert wrong(path).status_code == 405


def test_a_page_without_an_earlier_picture_says_what_to_do(client, practitioner, pair):
    client.force_login(practitioner)
    page = client.get(reverse("comparison_choose", args=[pair[0].pk])).content.decode()
    assert "There is no earlier picture" in page
