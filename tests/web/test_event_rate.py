"""The page of rates: a denominator beside every share, and a reason where there is nothing."""

import re

from django.urls import reverse

from openmeso.gateways import clock
from openmeso.services import adverse_event as events
from openmeso.terms.adverse_event import AdverseEventState

URL = "adverse_event_rates"


def test_every_share_stands_beside_its_denominator(client, signed, trained):
    state = AdverseEventState("bruising", 1, clock.today())
    events.record(by=trained, patient=signed.patient, state=state, session=signed)
    client.force_login(trained)
    page = client.get(reverse(URL)).content.decode()
    assert "1/1" in page
    assert "100 % (2.5–100)" in page
    shares = re.findall(r"\d+(?:\.\d)? % \(", page.split("published-head")[0])
    assert len(shares) == len(re.findall(r">\d+/\d+<", page))


def test_nothing_given_is_said_and_bad_dates_are_told(client, practitioner):
    client.force_login(practitioner)
    assert "No signed session lies in this period" in client.get(reverse(URL)).content.decode()
    answer = client.get(reverse(URL), {"first_on": "2026-05-02", "last_on": "2026-05-01"})
    assert answer.status_code == 422
    assert "lies before the first" in answer.content.decode()
    assert client.get(reverse(URL), {"first_on": "soon"}).status_code == 422
    assert client.get(reverse(URL), {"product": "unknown"}).status_code == 422
