"""Systemic equivalents: a session's dose in terms everybody can picture."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from openmeso.terms.formula import EquivalentRule, IngredientDose, SystemicEquivalent
from openmeso.terms.units import DoseUnit


def in_words(value: float, figures: int = 2) -> str:
    """A number as one says it: so many figures, no exponent, commas in thousands.

    Halves are rounded up, as people do.

    >>> in_words(11.7647), in_words(0.0999), in_words(1234.0), in_words(1.25)
    ('12', '0.1', '1,200', '1.3')
    """
    exact = Decimal(repr(float(value)))
    if exact == 0:
        return "0"
    step = Decimal(1).scaleb(exact.adjusted() - figures + 1)
    rounded = exact.quantize(step, ROUND_HALF_UP)
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def systemic_equivalents(
    doses: Sequence[IngredientDose], rules: Sequence[EquivalentRule]
) -> tuple[SystemicEquivalent, ...]:
    """What one session brings into the body, against a product everybody knows.

    The whole injected dose is counted as reaching the body: nothing holds a solution in the
    skin for good. Ingredients without a rule, or not counted in milligrams, are left out.
    Equivalents stand in the order of the rules.
    """
    injected_mg: dict[str, float] = {}
    for dose in doses:
        if dose.unit is DoseUnit.MG:
            injected_mg[dose.ingredient] = injected_mg.get(dose.ingredient, 0.0) + dose.per_session
    return tuple(
        _equivalent(rule, injected_mg[rule.ingredient])
        for rule in rules
        if injected_mg.get(rule.ingredient, 0.0) > 0
    )


def _equivalent(rule: EquivalentRule, dose_mg: float) -> SystemicEquivalent:
    equivalent = dose_mg / rule.systemic_mg_per_unit
    return SystemicEquivalent(
        ingredient=rule.ingredient,
        dose_mg=dose_mg,
        equivalent=equivalent,
        reference_unit=rule.reference_unit,
        sentence=rule.sentence.format(dose=in_words(dose_mg, 3), equivalent=in_words(equivalent)),
        facts=rule.facts,
        assumption=rule.assumption,
    )
