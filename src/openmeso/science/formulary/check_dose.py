"""Checks of doses: published caps, published session doses, solubility."""

from collections.abc import Iterator, Mapping

from openmeso.science.formulary.check_context import CheckContext
from openmeso.science.formulary.check_rule import (
    SELECTORS,
    UNKNOWN_PARAMS,
    Kind,
    called,
    could_not_run,
    found,
    joined,
    named,
    number,
    selected,
    text,
    texts,
)
from openmeso.science.formulary.equivalent import in_words
from openmeso.terms.check import CheckRule, Finding, Strength
from openmeso.terms.ingredient import DoseCap, Ingredient
from openmeso.terms.provenance import Quantity
from openmeso.terms.units import DoseUnit

# Doses are compared with this much room, so that a dose at the cap is not over it.
_SAME_DOSE = 1 + 1e-9


def dose_cap(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """Each ingredient dosed above its published cap in one session.

    Every source counts: all products of the formula and, for ``nerve_block``, what was given
    as a nerve block. Where several forms meet, the lowest cap holds for their sum. Without a
    weight the absolute cap still holds; a cap by weight is then judged for
    ``light_adult_kg``, and what that cannot settle wants the weight.
    """
    for each in context.knowledge.ingredients.values():
        total_mg, forms = _given(context, rule, each)
        if total_mg > 0 and each.caps:
            yield from _judge_cap(context, rule, each, total_mg, forms)


def _given(
    context: CheckContext, rule: CheckRule, ingredient: Ingredient
) -> tuple[float, frozenset[str]]:
    doses = [
        dose
        for dose in context.doses
        if dose.ingredient == ingredient.id and dose.unit == "mg" and dose.per_session > 0
    ]
    total_mg = sum(dose.per_session for dose in doses)
    forms = frozenset(dose.form for dose in doses)
    if ingredient.id == text(rule, "nerve_block"):
        total_mg += _nerve_block_mg(context)
    return total_mg, forms


def _judge_cap(
    context: CheckContext,
    rule: CheckRule,
    ingredient: Ingredient,
    total_mg: float,
    forms: frozenset[str],
) -> Iterator[Finding]:
    caps = [cap for cap in ingredient.caps if cap.form in forms] or list(ingredient.caps)
    weight_kg = _weight_kg(context)
    places: dict[str, object] = {
        "ingredient": called(ingredient.name),
        "dose": in_words(total_mg, 3),
        "block": _block_words(context, rule, ingredient),
    }
    facts = [fact for cap in caps for fact in _cap_facts(cap)]
    limit_mg, limit_words = _lowest_limit(caps, weight_kg)
    if limit_mg is not None and total_mg > limit_mg * _SAME_DOSE:
        per_kg = f" ({in_words(total_mg / weight_kg, 2)} mg/kg)" if weight_kg else ""
        places |= {"limit": in_words(limit_mg, 3), "rule": limit_words, "per_kg": per_kg}
        yield found(rule, ingredient.id, places, facts)
        return
    per_kg_caps = [cap.max_mg_per_kg.lower for cap in caps if cap.max_mg_per_kg]
    if weight_kg is None and per_kg_caps:
        enough_kg = total_mg / min(per_kg_caps)
        light = enough_kg <= number(rule, "light_adult_kg")
        places["enough_kg"] = in_words(enough_kg, 2)
        strength = Strength.ADVISE if light else None
        yield could_not_run(rule, ingredient.id, places, facts, strength)


def _nerve_block_mg(context: CheckContext) -> float:
    """Never below nothing: a negative entry must not make room under the cap."""
    return max(0.0, context.assessment.nerve_block_lidocaine_mg)


def _weight_kg(context: CheckContext) -> float | None:
    """The weight, or None where it is absent or no weight at all."""
    weight_kg = context.assessment.weight_kg
    return weight_kg if weight_kg is not None and weight_kg > 0 else None


def cap_unit(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """Each dose of a capped or chosen ingredient that is not counted in milligrams."""
    chosen = texts(rule, "ingredients")
    for each in context.ingredients:
        units = {d.unit for d in context.doses if d.ingredient == each.id} - {DoseUnit.MG}
        if units and (each.caps or each.id in chosen):
            places = {"ingredient": called(each.name), "unit": joined(sorted(units))}
            yield found(rule, each.id, places)


def _block_words(context: CheckContext, rule: CheckRule, ingredient: Ingredient) -> str:
    block_mg = _nerve_block_mg(context)
    if ingredient.id != text(rule, "nerve_block") or not block_mg:
        return ""
    return f", {in_words(block_mg, 3)} mg of it in the nerve block"


def _cap_facts(cap: DoseCap) -> tuple[str, ...]:
    quantities = (cap.max_mg_per_kg, cap.max_mg)
    return tuple(fact for quantity in quantities if quantity for fact in quantity.facts)


def _lowest_limit(caps: list[DoseCap], weight_kg: float | None) -> tuple[float | None, str]:
    limits: list[tuple[float, str]] = []
    for cap in caps:
        if cap.max_mg is not None:
            limits.append((cap.max_mg.lower, _cap_words(cap.max_mg)))
        if cap.max_mg_per_kg is not None and weight_kg:
            words = f"{_cap_words(cap.max_mg_per_kg)} at {weight_kg:g} kg"
            limits.append((cap.max_mg_per_kg.lower * weight_kg, words))
    return min(limits, default=(None, ""))


def _cap_words(quantity: Quantity) -> str:
    return f"{quantity.lower:g} {quantity.unit}"


def session_dose_above(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That a session holds more of the ingredient than any published one, ``max_mg``."""
    for each in selected(context, rule):
        dose_mg = context.dose_mg(each.id)
        if dose_mg > number(rule, "max_mg") * _SAME_DOSE:
            places = {
                "ingredient": called(each.name),
                "dose": in_words(dose_mg, 3),
                "limit": f"{number(rule, 'max_mg'):g}",
                "times": in_words(dose_mg / number(rule, "max_mg"), 2),
            }
            yield found(rule, each.id, places)


def concentration_above(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """That the mixture holds more of the ingredient than ``max_mg_per_ml``."""
    limit = number(rule, "max_mg_per_ml")
    for each in selected(context, rule):
        per_ml = sum(d.per_ml for d in context.doses if d.ingredient == each.id and d.unit == "mg")
        if per_ml > limit * _SAME_DOSE:
            places = {
                "ingredient": called(each.name),
                "concentration": in_words(per_ml, 2),
                "limit": f"{limit:g}",
            }
            yield found(rule, each.id, places)


def no_published_maximum(context: CheckContext, rule: CheckRule) -> Iterator[Finding]:
    """One finding that names the ingredients for which no maximum was found."""
    without = [
        each
        for each in context.ingredients
        if not each.caps and each.ingredient_class not in texts(rule, "not_counted")
    ]
    if without:
        yield found(rule, "", {"ingredients": named(without)})


DOSE_KINDS: Mapping[str, Kind] = {
    "cap_unit": Kind(cap_unit, ("ingredients",)),
    "dose_cap": Kind(dose_cap, ("light_adult_kg",), ("nerve_block", *UNKNOWN_PARAMS)),
    "session_dose_above": Kind(session_dose_above, ("max_mg",), SELECTORS),
    "concentration_above": Kind(concentration_above, ("max_mg_per_ml",), SELECTORS),
    "no_published_maximum": Kind(no_published_maximum, ("not_counted",)),
}
