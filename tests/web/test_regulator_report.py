"""A reaction told to an authority: prefilled from the record, taken away, noted, and refused."""

import pytest
from django.urls import reverse
from lxml import etree

from openmeso.gateways import clock
from openmeso.records.models import AuditEvent
from openmeso.services import adverse_event as events
from openmeso.services import regulator_report as reports
from openmeso.terms.adverse_event import AdverseEventState, Seriousness

NS = {"h": "urn:hl7-org:v3"}


@pytest.fixture
def event(signed, trained):
    state = AdverseEventState(
        "bruising",
        2,
        clock.today(),
        seriousness=(Seriousness.MEDICALLY_IMPORTANT,),
        description="Both temples, after the <third> row & the fourth.",
    )
    return events.record(by=trained, patient=signed.patient, state=state, session=signed)


def typed(event, by, **changes):
    case = reports.case_of(by=by, event=event)
    return {
        "receiver": "TUFAM",
        "qualification": "physician",
        "meddra_code": case.term.meddra_code,
        "meddra_version": "28.0",
        "narrative": reports.narrative_of(case),
        "as": "xml",
        **changes,
    }


def test_it_is_prefilled_from_the_record(client, event, trained, signed):
    client.force_login(trained)
    page = client.get(reverse("adverse_event_report", args=[event.pk])).content.decode()
    assert 'value="10006504"' in page  # CTCAE's own code of bruising
    assert "checked" in page.split('name="is_expedited"')[1][:80]
    for lot in signed.lots.all():
        assert f"lot {lot.number}" in page
    narrative = page.split("<textarea")[1]
    assert signed.patient.family_name not in narrative


def test_the_xml_is_taken_away_and_noted(client, event, trained, signed):
    client.force_login(trained)
    url = reverse("adverse_event_report", args=[event.pk])
    sent = typed(event, trained)
    before = AuditEvent.objects.filter(action="read_case").count()
    answer = client.post(url, sent)
    assert answer["Content-Type"] == "application/xml"
    assert AuditEvent.objects.filter(action="read_case").count() == before + 1
    assert str(event.pk) not in answer["Content-Disposition"]
    root = etree.fromstring(answer.content, etree.XMLParser(resolve_entities=False))
    lots = [one.text for one in root.iterfind(".//h:lotNumberText", NS)]
    assert sorted(lots) == sorted(one.number for one in signed.lots.all())
    assert signed.patient.family_name not in answer.content.decode()
    assert "<third> row & the fourth" in root.find(".//h:investigationEvent/h:text", NS).text
    noted = AuditEvent.objects.filter(action="export", noun="adverse_event").last()
    assert noted is not None
    assert noted.purpose == "report"


def test_the_pdf_is_taken_away(client, event, trained):
    client.force_login(trained)
    url = reverse("adverse_event_report", args=[event.pk])
    answer = client.post(url, typed(event, trained, **{"as": "pdf"}))
    assert answer.content.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("receiver", ""),
        ("meddra_code", "123456789"),
        ("meddra_code", ""),
        ("meddra_version", "twenty"),
        ("meddra_version", ""),
        ("narrative", ""),
        ("qualification", "healer"),
    ],
)
def test_what_is_missing_is_told_and_nothing_is_lost(client, event, trained, field, value):
    client.force_login(trained)
    url = reverse("adverse_event_report", args=[event.pk])
    told = typed(event, trained, **{field: value})
    answer = client.post(url, told)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'id="id_{field}_error"' in page
    kept = "narrative" if field != "narrative" else "receiver"
    assert told[kept].split("\n")[0][:20] in page
    assert not AuditEvent.objects.filter(action="export", noun="adverse_event").exists()


def test_a_term_without_a_code_wants_one_for_the_xml_alone(client, signed, trained):
    state = AdverseEventState("sensitivity", 1, clock.today())
    event = events.record(by=trained, patient=signed.patient, state=state)
    client.force_login(trained)
    page = client.get(reverse("adverse_event_report", args=[event.pk])).content.decode()
    assert 'name="meddra_code"' in page
    assert 'name="meddra_code" value' not in page
    uncoded = {"meddra_code": "", "meddra_version": ""}
    url = reverse("adverse_event_report", args=[event.pk])
    refused = client.post(url, typed(event, trained, **uncoded)).content.decode()
    assert "the electronic report needs it" in refused
    on_paper = client.post(url, typed(event, trained, **uncoded, **{"as": "pdf"}))
    assert on_paper.content.startswith(b"%PDF-")
