"""Checks of the mixture: pH, number of products, dilution, excipients, vials."""

from collections.abc import Iterator, Mapping
from math import isclose

from openmeso.science.formulary.check_context import CheckContext
from openmeso.science.formulary.check_rule import (
    UNKNOWN_PARAMS,
    Kind,
    could_not_run,
    found,
    joined,
    number,
    text,
    texts,
)
from openmeso.terms.check import CheckRule, Finding
from openmeso.terms.product import Product


def ph_outside(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That the pH envelope lies wholly outside ``low`` to ``high``."""
    below, above = context.ph.low, context.ph.high
    if below is None or above is None:
        return
    if above < number(rule, "low") or below > number(rule, "high"):
        yield found(rule, "", _ph_places(below, above), _ph_facts(context))


def ph_partly_outside(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That the pH envelope reaches beyond ``low`` or ``high``, but not wholly."""
    below, above = context.ph.low, context.ph.high
    if below is None or above is None:
        return
    low, high = number(rule, "low"), number(rule, "high")
    wholly = above < low or below > high
    if not wholly and (below < low or above > high):
        yield found(rule, "", _ph_places(below, above), _ph_facts(context))


def ph_unknown(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That products without a label pH are in the mixture."""
    if context.ph.unknown:
        names = joined(context.products[product].name for product in context.ph.unknown)
        yield could_not_run(rule, "", {"products": names})


def _ph_places(low: float, high: float) -> dict[str, object]:
    return {"low": f"{low:g}", "high": f"{high:g}"}


def _ph_facts(context: CheckContext) -> tuple[str, ...]:
    return tuple(fact for product in context.mixed if product.ph for fact in product.ph.facts)


def too_many_products(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That more than ``max_products`` are mixed, ``not_counted`` ingredients aside."""
    counted = [product for product in context.mixed if _counts(rule, product)]
    if len(counted) > number(rule, "max_products"):
        places = {"count": len(counted), "products": joined(each.name for each in counted)}
        yield found(rule, "", places)


def _counts(rule: CheckRule, product: Product) -> bool:
    free = texts(rule, "not_counted")
    return not product.strengths or any(each.ingredient not in free for each in product.strengths)


def mixture(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That two or more products are mixed."""
    if len(context.mixed) > 1:
        yield found(rule, "", {"count": len(context.mixed)})


def mixed_outside_pharmacy(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That products are mixed in a country where only a pharmacy may do so."""
    if len(context.mixed) < 2:
        return
    country = context.request.setting.country
    if country in texts(rule, "countries"):
        yield found(rule, "", {"count": len(context.mixed)})
    elif not country and "unknown_reason" in rule.params:
        yield could_not_run(rule, "", {"count": len(context.mixed)})


def undiluted(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """Each product of an ingredient (and form) that makes up the whole syringe."""
    for product in _products_with(context, rule):
        if isclose(context.shares[product.id], 1.0):
            yield found(rule, product.id, {"product": product.name}, product.facts)


def diluted(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """Each product of an ingredient (and form) that stands in a mixture."""
    for product in _products_with(context, rule):
        share = context.shares[product.id]
        if not isclose(share, 1.0):
            places = {"product": product.name, "percent": f"{100 * share:.0f}"}
            yield found(rule, product.id, places, product.facts)


def _products_with(context: CheckContext, rule: CheckRule) -> list[Product]:
    ingredients, form = texts(rule, "ingredients"), text(rule, "form")
    return [
        product
        for product in context.mixed
        if any(
            each.ingredient in ingredients and (not form or each.form == form)
            for each in product.strengths
        )
    ]


def excipient_present(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """Each product that holds one of ``excipients`` (any part of its name)."""
    for product in context.mixed:
        for excipient in product.excipients:
            if any(each in excipient.lower() for each in texts(rule, "excipients")):
                places = {"product": product.name, "excipient": excipient}
                yield found(rule, product.id, places, product.facts)
                break


def multi_dose_vial(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """Each product that comes in a vial for several patients."""
    for product in context.mixed:
        if not product.single_dose:
            yield found(rule, product.id, {"product": product.name}, product.facts)


def assumed_product(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """One finding that names the products whose strength or size no source gives."""
    assumed = [product for product in context.mixed if product.assumption]
    if assumed:
        yield found(rule, "", {"products": joined(product.name for product in assumed)})


MIXTURE_KINDS: Mapping[str, Kind] = {
    "ph_outside": Kind(ph_outside, ("low", "high")),
    "ph_partly_outside": Kind(ph_partly_outside, ("low", "high")),
    "ph_unknown": Kind(ph_unknown, (), UNKNOWN_PARAMS),
    "too_many_products": Kind(too_many_products, ("max_products",), ("not_counted",)),
    "mixture": Kind(mixture),
    "mixed_outside_pharmacy": Kind(mixed_outside_pharmacy, ("countries",), UNKNOWN_PARAMS),
    "undiluted": Kind(undiluted, ("ingredients",), ("form",)),
    "diluted": Kind(diluted, ("ingredients",), ("form",)),
    "excipient_present": Kind(excipient_present, ("excipients",)),
    "multi_dose_vial": Kind(multi_dose_vial),
    "assumed_product": Kind(assumed_product),
}
