"""ICSR: a reaction as an individual case safety report, ICH E2B(R3), XML.

References
----------
ICH E2B(R3) Implementation Guide for Electronic Transmission of Individual Case Safety Reports:
Data Elements and Message Specification. Element numbers stand beside what they are written to.
"""

from datetime import date
from uuid import NAMESPACE_OID, UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from openmeso.gateways.icsr_drug import add_causality, add_drugs
from openmeso.gateways.icsr_parts import OBSERVATION, OID, boolean, coded, flag, part, stamp, words
from openmeso.terms.adverse_event import AdverseEventCase, Outcome, Reporter, Seriousness
from openmeso.terms.regulator_report import ReportHeader

SEXES = {"male": "1", "female": "2"}
# E.i.3.2: the code of each criterion
CRITERIA = {
    Seriousness.DEATH: "34",
    Seriousness.LIFE_THREATENING: "21",
    Seriousness.HOSPITALISATION: "33",
    Seriousness.DISABILITY: "35",
    Seriousness.CONGENITAL_ANOMALY: "12",
    Seriousness.MEDICALLY_IMPORTANT: "26",
}
HEALTH_PROFESSIONAL = "3"  # C.3.1
SPONTANEOUS = "1"  # C.1.3
OTHER_SENDER = "2"  # C.1.8.2


def case_number(case: AdverseEventCase, organisation: str) -> str:
    """C.1.1: country, organisation and case, the same whenever the case is told again."""
    plain = "".join(each for each in organisation if each.isalnum()).upper()[:40] or "CLINIC"
    return f"{case.country}-{plain}-{UUID(case.case_code).hex[:12].upper()}"


def icsr_xml(case: AdverseEventCase, header: ReportHeader) -> bytes:
    """The report as one message in one batch, UTF-8. The patient is masked (nullFlavor MSK)."""
    number, made_at = case_number(case, header.organisation), stamp(header.made_at)
    root = Element(
        "MCCI_IN200100UV01",
        {
            "xmlns": "urn:hl7-org:v3",
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "ITSVersion": "XML_1.0",
        },
    )
    part(root, "id", extension=f"{number}-{made_at[:14]}", root=f"{OID}.3.22")  # N.1.2
    part(root, "creationTime", value=made_at)  # N.1.5
    part(root, "responseModeCode", code="D")
    part(root, "interactionId", extension="MCCI_IN200100UV01", root="2.16.840.1.113883.1.6")
    part(root, "name", code="1", codeSystem=f"{OID}.1.1")  # N.1.1
    _message(root, case, header, number)
    _party(root, "receiver", header.receiver, "14")  # N.1.4
    _party(root, "sender", header.organisation[:60], "13")  # N.1.3
    indent(root)
    content: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return content


def _message(root: Element, case: AdverseEventCase, header: ReportHeader, number: str) -> None:
    message = SubElement(root, "PORR_IN049016UV")
    part(message, "id", extension=number, root=f"{OID}.3.1")  # N.2.r.1
    part(message, "creationTime", value=stamp(header.made_at))  # N.2.r.4
    part(message, "interactionId", extension="PORR_IN049016UV", root="2.16.840.1.113883.1.6")
    part(message, "processingCode", code="P")
    part(message, "processingModeCode", code="T")
    part(message, "acceptAckCode", code="AL")
    _party(message, "receiver", header.receiver, "12")  # N.2.r.3
    _party(message, "sender", header.organisation[:60], "11")  # N.2.r.2
    act = part(message, "controlActProcess", classCode="CACT", moodCode="EVN")
    part(act, "code", code="PORR_TE049016UV", codeSystem="2.16.840.1.113883.1.18")
    part(act, "effectiveTime", value=stamp(header.made_at))  # C.1.2
    subject = part(act, "subject", typeCode="SUBJ")
    event = part(subject, "investigationEvent", classCode="INVSTG", moodCode="EVN")
    part(event, "id", extension=number, root=f"{OID}.3.1")  # C.1.1
    part(event, "id", extension=number, root=f"{OID}.3.2")  # C.1.8.1
    part(event, "code", code="PAT_ADV_EVNT", codeSystem="2.16.840.1.113883.5.4")
    words(part(event, "text"), header.narrative, 100_000)  # H.1
    part(event, "statusCode", code="active")
    part(part(event, "effectiveTime"), "low", value=_day(case.first_known_on))  # C.1.4
    part(event, "availabilityTime", value=_day(case.latest_on))  # C.1.5
    _assessment(event, case, header)
    _flags(event, header)
    _sources(event, case, header)
    _characteristics(event)


def _assessment(event: Element, case: AdverseEventCase, header: ReportHeader) -> None:
    component = part(event, "component", typeCode="COMP")
    assessment = part(component, "adverseEventAssessment", classCode="INVSTG", moodCode="EVN")
    role = part(part(assessment, "subject1", typeCode="SBJ"), "primaryRole", classCode="INVSBJ")
    player = part(role, "player1", classCode="PSN", determinerCode="INSTANCE")
    part(player, "name", nullFlavor="MSK")  # D.1
    sex = SEXES.get(case.sex)
    if sex:
        part(player, "administrativeGenderCode", code=sex, codeSystem="1.0.5218")  # D.5
    if case.age_years is not None:  # D.2.2
        age = coded(role, "subjectOf2", "3", typeCode="SBJ")
        part(age, "value", {"xsi:type": "PQ"}, value=str(case.age_years), unit="a")
    reaction = _reaction(role, case, header)
    drugs = add_drugs(role, case)
    add_causality(assessment, case, drugs, reaction)


def _reaction(role: Element, case: AdverseEventCase, header: ReportHeader) -> str:
    state, key = case.state, str(uuid5(NAMESPACE_OID, f"{case.case_code}/reaction"))
    holder = part(role, "subjectOf2", typeCode="SBJ")
    reaction = part(holder, "observation", classCode="OBS", moodCode="EVN")
    part(reaction, "id", root=key)
    part(reaction, "code", code="29", codeSystem=OBSERVATION)
    time = part(reaction, "effectiveTime", {"xsi:type": "IVL_TS"})
    part(time, "low", value=_day(state.onset_on))  # E.i.4
    if state.ended_on:
        part(time, "high", value=_day(state.ended_on))  # E.i.5
    value = part(
        reaction,
        "value",
        {"xsi:type": "CE"},
        code=header.meddra_code,  # E.i.2.1b
        codeSystem="2.16.840.1.113883.6.163",
        codeSystemVersion=header.meddra_version,  # E.i.2.1a
    )
    words(part(value, "originalText", language="eng"), case.term.term, 250)  # E.i.1.1
    located = part(part(reaction, "location", typeCode="LOC"), "locatedEntity", classCode="LOCE")
    place = part(located, "locatedPlace", classCode="COUNTRY", determinerCode="INSTANCE")
    part(place, "code", code=case.country, codeSystem="1.0.3166.1.2.2")  # E.i.9
    for criterion, code in CRITERIA.items():  # E.i.3.2
        is_met = criterion in state.seriousness
        flag(coded(reaction, "outboundRelationship2", code, typeCode="PERT"), is_met=is_met)
    outcome = coded(reaction, "outboundRelationship2", "27", typeCode="PERT")  # E.i.7
    part(
        outcome,
        "value",
        {"xsi:type": "CE"},
        code=Outcome(state.outcome).code,
        codeSystem=f"{OID}.1.11",
    )
    confirmed = coded(reaction, "outboundRelationship2", "24", typeCode="PERT")  # E.i.8
    boolean(confirmed, is_so=case.reporter is Reporter.PRACTITIONER or bool(state.causality))
    return key


def _flags(event: Element, header: ReportHeader) -> None:
    for code, is_so in (("1", False), ("23", header.is_expedited)):  # C.1.6.1, C.1.7
        component = part(event, "component", typeCode="COMP")
        said = part(component, "observationEvent", classCode="OBS", moodCode="EVN")
        part(said, "code", code=code, codeSystem=OBSERVATION)
        boolean(said, is_so=is_so)


def _sources(event: Element, case: AdverseEventCase, header: ReportHeader) -> None:
    first = _author(_related(event, "1"))
    part(first, "code", code=OTHER_SENDER, codeSystem=f"{OID}.1.3")  # C.1.8.2
    entity = _author(_related(event, "2", primary=True))
    person = part(entity, "assignedPerson", classCode="PSN", determinerCode="INSTANCE")
    _name(person, header)  # C.2.r.1
    qualified = part(person, "asQualifiedEntity", classCode="QUAL")
    part(qualified, "code", code=header.qualification.code, codeSystem=f"{OID}.1.6")  # C.2.r.4
    _country(person, case.country)  # C.2.r.3
    sender = part(event, "subjectOf1", typeCode="SUBJ")
    entity = _author(sender)
    part(entity, "code", code=HEALTH_PROFESSIONAL, codeSystem=f"{OID}.1.7")  # C.3.1
    person = part(entity, "assignedPerson", classCode="PSN", determinerCode="INSTANCE")
    _name(person, header)  # C.3.3
    _country(person, header.country)  # C.3.4.5
    department = part(entity, "representedOrganization", classCode="ORG", determinerCode="INSTANCE")
    inner = part(department, "assignedEntity", classCode="ASSIGNED")
    organisation = part(
        inner, "representedOrganization", classCode="ORG", determinerCode="INSTANCE"
    )
    words(part(organisation, "name"), header.organisation, 100)  # C.3.2


def _related(event: Element, code: str, *, primary: bool = False) -> Element:
    relation = part(event, "outboundRelationship", typeCode="SPRT")
    if primary:
        part(relation, "priorityNumber", value="1")  # C.2.r.5
    related = part(relation, "relatedInvestigation", classCode="INVSTG", moodCode="EVN")
    part(related, "code", code=code, codeSystem=f"{OID}.1.22")
    return part(related, "subjectOf2", typeCode="SUBJ")


def _author(holder: Element) -> Element:
    act = part(holder, "controlActEvent", classCode="CACT", moodCode="EVN")
    return part(part(act, "author", typeCode="AUT"), "assignedEntity", classCode="ASSIGNED")


def _name(person: Element, header: ReportHeader) -> None:
    name = part(person, "name")
    words(part(name, "given"), header.reporter_given_name, 60)
    words(part(name, "family"), header.reporter_family_name, 60)


def _country(person: Element, country: str) -> None:
    located = part(person, "asLocatedEntity", classCode="LOCE")
    place = part(located, "location", classCode="COUNTRY", determinerCode="INSTANCE")
    part(place, "code", code=country, codeSystem="1.0.3166.1.2.2")


def _characteristics(event: Element) -> None:
    for code in ("1", "2"):
        subject = part(event, "subjectOf2", typeCode="SUBJ")
        said = part(subject, "investigationCharacteristic", classCode="OBS", moodCode="EVN")
        part(said, "code", code=code, codeSystem=f"{OID}.1.23")
        if code == "1":  # C.1.3
            part(said, "value", {"xsi:type": "CE"}, code=SPONTANEOUS, codeSystem=f"{OID}.1.2")
        else:  # C.1.9.1
            flag(said, is_met=False)


def _party(holder: Element, name: str, identifier: str, last: str) -> None:
    kind = {"receiver": "RCV", "sender": "SND"}[name]
    device = part(
        part(holder, name, typeCode=kind), "device", classCode="DEV", determinerCode="INSTANCE"
    )
    part(device, "id", extension=identifier, root=f"{OID}.3.{last}")


def _day(on: date) -> str:
    return f"{on:%Y%m%d}"
