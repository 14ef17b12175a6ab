"""ICSR, section G: what was injected, from which lots, and how it is judged."""

from uuid import NAMESPACE_OID, uuid5
from xml.etree.ElementTree import Element

from openmeso.gateways.icsr_parts import OBSERVATION, OID, part, words
from openmeso.terms.adverse_event import AdverseEventCase, SuspectLot

SUSPECT = "1"  # G.k.1
UNKNOWN_ACTION = "0"  # G.k.8
METHOD = "WHO-UMC"
SOURCE = "PRIMARY SOURCE REPORTER"
MEDDRA = "2.16.840.1.113883.6.163"
LONGEST_NAME, LONGEST_TEXT, LONGEST_LOT, LONGEST_ROUTE = 250, 2000, 35, 60


def add_drugs(role: Element, case: AdverseEventCase) -> list[str]:
    """A drug for every suspect product, each of its lots and days a dose; their ids in order."""
    holder = part(role, "subjectOf2", typeCode="SBJ")
    organizer = part(holder, "organizer", classCode="CATEGORY", moodCode="EVN")
    part(organizer, "code", code="4", codeSystem=f"{OID}.1.20")
    return [_drug(organizer, case, lots) for lots in by_product(case)]


def by_product(case: AdverseEventCase) -> list[list[SuspectLot]]:
    """The suspect lots of each product, in the order in which products were first given."""
    found: dict[str, list[SuspectLot]] = {}
    for one in case.suspects:
        found.setdefault(one.product, []).append(one)
    return list(found.values())


def _drug(organizer: Element, case: AdverseEventCase, lots: list[SuspectLot]) -> str:
    first, key = lots[0], str(uuid5(NAMESPACE_OID, f"{case.case_code}/{lots[0].product}"))
    component = part(organizer, "component", typeCode="COMP")
    drug = part(component, "substanceAdministration", classCode="SBADM", moodCode="EVN")
    part(drug, "id", root=key)
    instance = part(part(drug, "consumable", typeCode="CSM"), "instanceOfKind", classCode="INST")
    product = part(instance, "kindOfProduct", classCode="MMAT", determinerCode="KIND")
    words(part(product, "name"), first.product_name, LONGEST_NAME)  # G.k.2.2
    for ingredient, _amount, _unit in first.doses:  # G.k.2.3.r
        active = part(product, "ingredient", classCode="ACTI")
        substance = part(active, "ingredientSubstance", classCode="MMAT", determinerCode="KIND")
        words(part(substance, "name"), ingredient.replace("_", " "), LONGEST_NAME)
    for lot in lots:
        _dose(drug, lot)
    if case.indication:
        _indication(drug, case.indication)
    action = part(
        part(drug, "inboundRelationship", typeCode="CAUS"), "act", classCode="ACT", moodCode="EVN"
    )
    part(action, "code", code=UNKNOWN_ACTION, codeSystem=f"{OID}.1.15")  # G.k.8
    return key


def _dose(drug: Element, lot: SuspectLot) -> None:
    relation = part(drug, "outboundRelationship2", typeCode="COMP")
    dose = part(relation, "substanceAdministration", classCode="SBADM", moodCode="EVN")
    words(part(dose, "text"), dosage_text(lot), LONGEST_TEXT)  # G.k.4.r.8
    time = part(dose, "effectiveTime", {"xsi:type": "IVL_TS"})
    part(time, "low", value=f"{lot.given_on:%Y%m%d}")  # G.k.4.r.4
    part(time, "high", value=f"{lot.given_on:%Y%m%d}")  # G.k.4.r.5
    if lot.route:
        route = part(dose, "routeCode", codeSystem=f"{OID}.1.14")
        words(part(route, "originalText"), lot.route, LONGEST_ROUTE)  # G.k.4.r.10.1
    part(dose, "doseQuantity", value=f"{lot.given_ml:.4g}", unit="mL")  # G.k.4.r.1
    instance = part(part(dose, "consumable", typeCode="CSM"), "instanceOfKind", classCode="INST")
    batch = part(instance, "productInstanceInstance", classCode="MMAT", determinerCode="INSTANCE")
    words(part(batch, "lotNumberText"), lot.lot, LONGEST_LOT)  # G.k.4.r.7


def dosage_text(lot: SuspectLot) -> str:
    """One session's dose in words: volume, what it held, how and how deep."""
    held = ", ".join(
        f"{name.replace('_', ' ')} {amount:.4g} {unit}" for name, amount, unit in lot.doses
    )
    depth = f", {lot.depth_mm:g} mm deep" if lot.depth_mm is not None else ""
    technique = lot.technique.replace("_", " ")
    said = f"Session {lot.session_number}: {lot.given_ml:.4g} mL by {technique}{depth}"
    return f"{said} ({held})" if held else said


def _indication(drug: Element, indication: str) -> None:
    reason = part(drug, "inboundRelationship", typeCode="RSON")
    said = part(reason, "observation", classCode="OBS", moodCode="EVN")
    part(said, "code", code="19", codeSystem=OBSERVATION)
    value = part(said, "value", {"xsi:type": "CE"}, codeSystem=MEDDRA)
    words(part(value, "originalText"), indication.replace("_", " "), LONGEST_NAME)  # G.k.7.r.1
    entity = part(part(said, "performer", typeCode="PRF"), "assignedEntity", classCode="ASSIGNED")
    part(entity, "code", code="3", codeSystem=f"{OID}.1.21")


def add_causality(
    assessment: Element, case: AdverseEventCase, drugs: list[str], reaction: str
) -> None:
    """The role of every drug, and how likely it caused the reaction where that was judged."""
    for drug in drugs:
        role = _judged(assessment, "20")
        part(role, "value", {"xsi:type": "CE"}, code=SUSPECT, codeSystem=f"{OID}.1.13")  # G.k.1
        _of(role, "subject2", "productUseReference", "SBADM", drug)
    if case.state.causality is None:
        return
    for drug in drugs:  # G.k.9.i.2
        judged = _judged(assessment, "39")
        part(judged, "value", {"xsi:type": "ST"}).text = case.state.causality.value.capitalize()
        part(part(judged, "methodCode"), "originalText").text = METHOD
        entity = part(
            part(judged, "author", typeCode="AUT"), "assignedEntity", classCode="ASSIGNED"
        )
        part(part(entity, "code"), "originalText").text = SOURCE
        _of(judged, "subject1", "adverseEffectReference", "OBS", reaction)
        _of(judged, "subject2", "productUseReference", "SBADM", drug)


def _judged(assessment: Element, code: str) -> Element:
    component = part(assessment, "component", typeCode="COMP")
    judged = part(component, "causalityAssessment", classCode="OBS", moodCode="EVN")
    part(judged, "code", code=code, codeSystem=OBSERVATION)
    return judged


def _of(judged: Element, relation: str, name: str, kind: str, key: str) -> None:
    reference = part(part(judged, relation, typeCode="SUBJ"), name, classCode=kind, moodCode="EVN")
    part(reference, "id", root=key)
