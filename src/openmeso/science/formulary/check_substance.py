"""Checks of what is in the formula: substances, countries, indications."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from openmeso.science.formulary.check_context import CheckContext
from openmeso.science.formulary.check_rule import (
    SELECTORS,
    UNKNOWN_PARAMS,
    Kind,
    called,
    could_not_run,
    found,
    grounds,
    joined,
    named,
    selected,
    sentence,
    text,
    texts,
)
from openmeso.terms.check import CheckRule, Finding
from openmeso.terms.ingredient import CountryStatus, FormularyCode, Ingredient
from openmeso.terms.product import Route

# How many sentences on the evidence a finding shows; the indication's page has them all.
_SHOWN = 3


def formulary_code(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """Each ingredient with one of the ``codes``.

    ``protocol`` narrows it: ``with`` to ingredients that the chosen protocol names, and
    ``without`` to those that stand in no protocol.
    """
    narrowed = text(rule, "protocol")
    by_protocol = _ingredients_of_protocol(context)
    for each in selected(context, rule):
        if narrowed and (each.id in by_protocol) != (narrowed == "with"):
            continue
        places = {"ingredient": called(each.name), "why": sentence(each.formulary_text)}
        yield found(rule, each.id, places, grounds(each))


def _ingredients_of_protocol(context: CheckContext) -> frozenset[str]:
    own = {protocol.id: protocol for protocol in context.request.setting.protocols}
    known = context.knowledge.protocols
    protocol = own.get(context.choice.protocol) or known.get(context.choice.protocol)
    if protocol is None:
        return frozenset()
    return frozenset(
        strength.ingredient
        for component in protocol.components
        if component.product in context.products
        for strength in context.products[component.product].strengths
    )


def unknown_ingredient(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """Each ingredient that the knowledge has never heard of, and each product without any."""
    for each in context.ingredient_ids:
        if each not in context.knowledge.ingredients:
            yield found(rule, each, {"ingredient": each})
    for product in context.mixed:
        if not product.strengths:
            yield found(rule, product.id, {"ingredient": product.name})


def country_status(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """Each ingredient in one of the ``positions`` in the clinic's country, for the purpose."""
    positions = texts(rule, "positions")
    country = context.request.setting.country
    for each in selected(context, rule):
        statuses = [
            status
            for status in each.statuses
            if status.position in positions and _purpose_meant(context, status)
        ]
        here = [status for status in statuses if _covers(rule, status, country)]
        places = {"ingredient": called(each.name), "country": country}
        if here:
            facts = (fact for status in here for fact in status.facts)
            why = " ".join(status.text for status in here)
            yield found(rule, each.id, {**places, "why": why}, facts)
        elif statuses and not country and each.formulary_code is not FormularyCode.BLOCKED:
            countries = joined(dict.fromkeys(status.country for status in statuses))
            facts = (fact for status in statuses for fact in status.facts)
            yield could_not_run(rule, each.id, {**places, "countries": countries}, facts)


def country_other_purpose(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """Each ingredient in one of the ``positions`` here, but for another purpose."""
    country = context.request.setting.country
    for each in selected(context, rule):
        other = [
            status
            for status in each.statuses
            if status.position in texts(rule, "positions")
            and not _purpose_meant(context, status)
            and _covers(rule, status, country)
        ]
        if other and context.indication is not None:
            places = {
                "ingredient": called(each.name),
                "country": country,
                "why": " ".join(status.text for status in other),
                "purpose": context.indication.purpose,
            }
            yield found(rule, each.id, places, (f for status in other for f in status.facts))


def _purpose_meant(context: CheckContext, status: CountryStatus) -> bool:
    unknown = not status.purpose or context.indication is None
    return unknown or status.purpose == getattr(context.indication, "purpose", "")


def _covers(rule: CheckRule, status: CountryStatus, country: str) -> bool:
    unions = rule.params.get("unions", {})
    members = unions.get(status.country, ()) if isinstance(unions, Mapping) else ()
    return status.country == "*" or (bool(country) and country in (status.country, *members))


def topical_product(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """Each product that is made for the skin's surface only."""
    for product in context.mixed:
        if product.route is Route.TOPICAL:
            yield found(rule, product.id, {"product": product.name}, product.facts)


def ingredient_present(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That any of the chosen ingredients is in the formula; one finding names them all.

    ``form`` narrows it to one form of them, ``sexes`` to patients.
    """
    sexes = texts(rule, "sexes")
    if sexes and context.assessment.sex not in sexes:
        return
    present = selected(context, rule)
    form = text(rule, "form")
    if form:
        forms = {
            strength.ingredient
            for product in context.mixed
            for strength in product.strengths
            if strength.form == form
        }
        present = tuple(each for each in present if each.id in forms)
    if present:
        yield found(rule, "", {"ingredients": named(present)})


def ingredients_together(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That ingredients of ``ingredients`` meet ingredients or families of ``with_*``."""
    ours = tuple(e for e in context.ingredients if e.id in texts(rule, "ingredients"))
    others = tuple(
        each
        for each in context.ingredients
        if each.id in texts(rule, "with_ingredients")
        or each.ingredient_class in texts(rule, "with_classes")
    )
    others = tuple(each for each in others if each not in ours)
    if ours and others:
        yield found(rule, "", {"ingredients": named(ours), "others": named(others)})


def two_of_class(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That two or more ingredients of one family are mixed."""
    same = selected(context, rule)
    if any(pairwise(same)):
        yield found(rule, "", {"ingredients": named(same)})


def class_not_mixed(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """Each chosen ingredient that stands with anything but the families of ``besides``."""
    besides = texts(rule, "besides")
    for each in selected(context, rule):
        others = _others(context, each, besides)
        if others:
            yield found(rule, each.id, {"ingredient": called(each.name), "others": named(others)})


def _others(context: CheckContext, this: Ingredient, besides: Iterable[str]) -> list[Ingredient]:
    return [e for e in context.ingredients if e is not this and e.ingredient_class not in besides]


def only_for_indications(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """Each chosen ingredient that is used for something else than ``indications``."""
    if context.assessment.indication in texts(rule, "indications"):
        return
    for each in selected(context, rule):
        places = {"ingredient": called(each.name), "indication": _indication_name(context)}
        yield found(rule, each.id, places, grounds(each))


def not_for_indications(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """Each chosen ingredient that is used for one of ``indications``."""
    if context.assessment.indication not in texts(rule, "indications"):
        return
    for each in selected(context, rule):
        places = {"ingredient": called(each.name), "indication": _indication_name(context)}
        yield found(rule, each.id, places)


def evidence_against(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """Each ingredient whose evidence grade is one of ``grades``."""
    for each in selected(context, rule):
        if each.evidence_grade.split(" ")[0] in texts(rule, "grades"):
            places = {
                "ingredient": called(each.name),
                "grade": each.evidence_grade,
                "why": each.evidence_reason,
            }
            yield found(rule, each.id, places, each.evidence)


def off_label(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That ingredients are used off label; one finding names them all.

    Their ``off_label`` text then begins with one of ``meant``.
    """
    unlabelled = [
        each
        for each in context.ingredients
        if each.off_label.lower().startswith(texts(rule, "meant"))
    ]
    if unlabelled:
        yield found(rule, "", {"ingredients": named(unlabelled)})


def indication_excluded(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That the course is for one of ``indications``, which are not for injecting."""
    if context.assessment.indication in texts(rule, "indications"):
        yield found(
            rule,
            context.assessment.indication,
            {"indication": _indication_name(context)},
            _indication_facts(context),
        )


def indication_verdict(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That the evidence in the indication amounts to one of ``verdicts``.

    ``besides`` names indications that another rule speaks of.
    """
    indication = context.indication
    if indication is None or indication.id in texts(rule, "besides"):
        return
    if indication.verdict in texts(rule, "verdicts"):
        places = {
            "indication": called(indication.name),
            "verdict": indication.verdict.value.replace("_", " "),
            "why": " ".join(statement.text for statement in indication.evidence[:_SHOWN]),
        }
        yield found(rule, indication.id, places, _indication_facts(context))


def unusual_ingredient(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """Ingredients not in use for the indication, families of ``not_counted`` aside."""
    indication = context.indication
    if indication is None:
        return
    unusual = [
        each
        for each in context.ingredients
        if each.id not in indication.ingredients
        and each.ingredient_class not in texts(rule, "not_counted")
        and each.formulary_code is not FormularyCode.BLOCKED
    ]
    if unusual:
        yield found(
            rule, "", {"ingredients": named(unusual), "indication": called(indication.name)}
        )


def indication_sex(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That the indication is not one of the patient's sex."""
    indication = context.indication
    if indication is not None and context.assessment.sex not in indication.sexes:
        yield found(
            rule, "", {"indication": called(indication.name), "sex": context.assessment.sex.value}
        )


def _indication_name(context: CheckContext) -> str:
    indication = context.indication
    return called(indication.name) if indication else context.assessment.indication


def _indication_facts(context: CheckContext) -> tuple[str, ...]:
    evidence = context.indication.evidence if context.indication else ()
    return tuple(fact for statement in evidence for fact in statement.facts)


SUBSTANCE_KINDS: Mapping[str, Kind] = {
    "formulary_code": Kind(formulary_code, ("codes",), ("protocol",)),
    "unknown_ingredient": Kind(unknown_ingredient),
    "country_status": Kind(country_status, ("positions",), ("unions", *SELECTORS, *UNKNOWN_PARAMS)),
    "country_other_purpose": Kind(country_other_purpose, ("positions",), ("unions", *SELECTORS)),
    "topical_product": Kind(topical_product),
    "ingredient_present": Kind(ingredient_present, (), (*SELECTORS, "form", "sexes")),
    "ingredients_together": Kind(
        ingredients_together, ("ingredients",), ("with_ingredients", "with_classes")
    ),
    "two_of_class": Kind(two_of_class, ("classes",)),
    "class_not_mixed": Kind(class_not_mixed, ("besides",), SELECTORS),
    "only_for_indications": Kind(only_for_indications, ("indications",), SELECTORS),
    "not_for_indications": Kind(not_for_indications, ("indications",), SELECTORS),
    "evidence_against": Kind(evidence_against, ("grades",), SELECTORS),
    "off_label": Kind(off_label, ("meant",)),
    "indication_excluded": Kind(indication_excluded, ("indications",)),
    "indication_verdict": Kind(indication_verdict, ("verdicts",), ("besides",)),
    "unusual_ingredient": Kind(unusual_ingredient, ("not_counted",)),
    "indication_sex": Kind(indication_sex),
}
