"""The ICSR against what ICH E2B(R3) publishes: every required element at its XPath, in its length,
in the schema's order; and back out of the XML what was put into it.

``data/icsr_elements.csv``: numbers, names, conformance, lengths and XPaths of data elements, as
printed in the ICH E2B(R3) implementation guide's list of data elements.
"""

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from openmeso.gateways.icsr import case_number, icsr_xml
from openmeso.terms.adverse_event import Causality, Outcome, Seriousness
from openmeso.terms.regulator_report import ReportInputError
from tests.gateways.example_case import case, header, lot

NAMES = {"h": "urn:hl7-org:v3", "xsi": "http://www.w3.org/2001/XMLSchema-instance"}
DATA = Path(__file__).parent / "data" / "icsr_elements.csv"
ELEMENTS = list(csv.DictReader(DATA.read_text().splitlines()))
STEP = re.compile(r"(?<![@\w:'.=-])([A-Za-z_]\w*)(?=[\[\]/]|$)")

# the schema's sequence, of the elements that are written here
ORDER = {
    "MCCI_IN200100UV01": "id creationTime responseModeCode interactionId name PORR_IN049016UV "
    "receiver sender",
    "PORR_IN049016UV": "id creationTime interactionId processingCode processingModeCode "
    "acceptAckCode receiver sender controlActProcess",
    "controlActProcess": "code effectiveTime subject",
    "investigationEvent": "id code text statusCode effectiveTime availabilityTime component "
    "outboundRelationship subjectOf1 subjectOf2",
    "adverseEventAssessment": "subject1 component component1",
    "primaryRole": "player1 subjectOf1 subjectOf2",
    "player1": "name administrativeGenderCode birthTime",
    "observation": "id code effectiveTime value performer location outboundRelationship2",
    "substanceAdministration": "id text effectiveTime routeCode doseQuantity consumable performer "
    "outboundRelationship1 outboundRelationship2 inboundRelationship",
    "kindOfProduct": "code name asManufacturedProduct ingredient",
    "causalityAssessment": "code value methodCode author subject1 subject2",
    "outboundRelationship": "priorityNumber relatedInvestigation",
    "relatedInvestigation": "code subjectOf2",
    "assignedEntity": "code addr telecom assignedPerson representedOrganization",
    "assignedPerson": "name asQualifiedEntity asLocatedEntity",
}


def parsed(content: bytes) -> etree._Element:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False))


def found(root: etree._Element, path: str) -> list[str]:
    wanted = STEP.sub(r"h:\1", path).replace("ITSVersion", "@ITSVersion")
    return [str(one) for one in root.xpath(wanted, namespaces=NAMES)]


@pytest.fixture(scope="module")
def root() -> etree._Element:
    return parsed(icsr_xml(case(), header()))


@pytest.mark.parametrize("element", ELEMENTS, ids=lambda one: one["element"])
def test_every_element_stands_where_the_guide_puts_it(root, element):
    said = found(root, element["xpath"])
    if not said and element["xpath_null"]:
        said = found(root, element["xpath_null"])
    assert said, f"{element['element']} {element['name']} is missing"
    assert all(one.strip() for one in said)
    if element["most"]:
        assert all(len(one) <= int(element["most"]) for one in said)


def test_siblings_stand_in_the_order_of_the_schema(root):
    seen = set()
    for parent in root.iter():
        name = etree.QName(parent).localname
        if name not in ORDER:
            continue
        seen.add(name)
        sequence = ORDER[name].split()
        places = [sequence.index(etree.QName(child).localname) for child in parent]
        assert places == sorted(places), f"{name}: {places}"
    assert seen == set(ORDER)


def value(root, element: str) -> list[str]:
    (row,) = [one for one in ELEMENTS if one["element"] == element]
    return found(root, row["xpath"])


def test_what_was_put_in_comes_out(root):
    assert value(root, "E.i.2.1b") == ["10048961"]
    assert value(root, "E.i.4") == ["20261103"]
    assert value(root, "E.i.5") == ["20261109"]
    assert value(root, "E.i.7") == ["1"]
    assert value(root, "D.2.2a") == ["38"]
    assert value(root, "C.1.2") == ["20261110093000+0000"]
    assert value(root, "E.i.3.2c") == ["true"]
    assert value(root, "E.i.3.2a") == []
    assert value(root, "G.k.2.2") == ["Dutasteride 0 05", "Biotin"]
    assert value(root, "G.k.4.r.7") == ["DT2604", "DT2511", "BT8841"]
    assert "3.07 mL by nappage, 2 mm deep (dutasteride 1.535 mg)" in value(root, "G.k.4.r.8")[0]


def test_the_patient_is_masked(root):
    content = etree.tostring(root).decode()
    assert 'name nullFlavor="MSK"' in content
    assert "birthTime" not in content


def test_each_drug_is_judged_against_the_reaction(root):
    judged = root.xpath("//h:causalityAssessment[h:code/@code='39']", namespaces=NAMES)
    assert [one.xpath("string(h:value)", namespaces=NAMES) for one in judged] == ["Probable"] * 2
    ids = set(root.xpath("//h:substanceAdministration/h:id/@root", namespaces=NAMES))
    referred = root.xpath("//h:productUseReference/h:id/@root", namespaces=NAMES)
    assert set(referred) == ids


def test_an_unjudged_case_claims_no_causality():
    unjudged = case(state=replace(case().state, causality=None))
    content = icsr_xml(unjudged, header()).decode()
    assert "WHO-UMC" not in content


def test_the_case_keeps_its_number():
    later = header(narrative="It has resolved.")
    assert case_number(case(), "Moda Hair & Skin Clinic") == "TR-MODAHAIRSKINCLINIC-3F0C1D526C0E"
    first, second = (value(parsed(icsr_xml(case(), one)), "C.1.1") for one in (header(), later))
    assert first == second


@given(
    text=st.text(min_size=1, max_size=60).filter(lambda one: one.strip()),
    outcome=st.sampled_from([one for one in Outcome if one is not Outcome.FATAL]),
    causality=st.sampled_from([None, *Causality]),
    serious=st.sets(st.sampled_from(list(Seriousness))),
    lots=st.integers(0, 4),
)
def test_whatever_was_typed_is_well_formed(text, outcome, causality, serious, lots):
    state = replace(
        case().state,
        outcome=outcome,
        ended_on=None,
        causality=causality,
        seriousness=tuple(sorted(serious)),
    )
    suspects = tuple(lot(f"p{one}", text) for one in range(lots))
    root = parsed(icsr_xml(case(state=state, suspects=suspects), header(narrative=text)))
    assert value(root, "E.i.7") == [outcome.code]
    assert len(value(root, "G.k.2.2")) == lots


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"receiver": " "}, "receiver"),
        ({"receiver": "x" * 61}, "receiver"),
        ({"narrative": ""}, "narrative"),
        ({"meddra_code": "1004896"}, "meddra_code"),
        ({"meddra_version": "v28"}, "meddra_version"),
        ({"country": "Turkey"}, "country"),
        ({"made_at": header().made_at.replace(tzinfo=None)}, "made_at"),
    ],
)
def test_what_cannot_stand_in_a_report_is_told(changes, field):
    with pytest.raises(ReportInputError, match="expected") as told:
        header(**changes)
    assert told.value.field == field
