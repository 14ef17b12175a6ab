"""The audit trail, for the lead and the auditor."""

import pytest
from django.db import connection
from django.urls import reverse

from openmeso.records import triggers
from openmeso.records.models import AuditEvent


def test_lead_and_auditor_read_the_trail(client, lead, auditor, practitioner, patient):
    client.force_login(practitioner)
    client.get(reverse("patient_page", args=[patient.pk]))
    for user in (lead, auditor):
        client.force_login(user)
        page = client.get(reverse("audit_list")).content.decode()
        assert "read patient" in page
        assert "Practitioner Test" in page
        assert "Kaya" not in page


@pytest.mark.parametrize("who", ["practitioner", "assistant", "researcher", "outsider"])
def test_nobody_else_does(client, cast, who):
    client.force_login(getattr(cast, who))
    assert client.get(reverse("audit_list")).status_code == 403


def test_trail_is_only_read(client, lead):
    client.force_login(lead)
    assert client.post(reverse("audit_list")).status_code == 405


def test_the_whole_chain_is_checked_when_asked(client, lead):
    client.force_login(lead)
    assert (
        "The chain is whole" in client.get(reverse("audit_list"), {"verify": "1"}).content.decode()
    )
    triggers.remove(connection)
    AuditEvent.objects.filter(seq=1).update(action="nothing")
    triggers.install(connection)
    assert (
        "The chain is broken" in client.get(reverse("audit_list"), {"verify": "1"}).content.decode()
    )
