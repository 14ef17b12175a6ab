"""Doses: how much of each ingredient a formula brings, from the millilitre to the course."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openmeso.terms.formula import Formula, IngredientDose
from openmeso.terms.product import Product
from openmeso.terms.units import DoseUnit


@dataclass(frozen=True, slots=True)
class Concentration:
    """Amount of one ingredient in a millilitre of the mixture [``unit``/mL]."""

    ingredient: str
    form: str
    unit: DoseUnit
    per_ml: float


def volume_shares(formula: Formula) -> dict[str, float]:
    """Share of each product in the mixture [mL per mL of mixture], in formula order.

    A product named twice counts once, with its parts added. The shares add up to one.

    Raises
    ------
    ValueError
        When there is no component, or a component has no positive part.
    """
    parts: dict[str, float] = {}
    for component in formula.components:
        if not component.parts > 0:
            raise ValueError(f"{component.product} needs a part above zero")
        parts[component.product] = parts.get(component.product, 0.0) + component.parts
    if not parts:
        raise ValueError("a formula needs at least one product")
    total = sum(parts.values())
    return {product: part / total for product, part in parts.items()}


def concentrations(formula: Formula, products: Mapping[str, Product]) -> tuple[Concentration, ...]:
    """Concentration of every ingredient in the mixture [``unit``/mL], in formula order.

    The same ingredient in the same form from two products is added up; the forms of one
    ingredient (plain, with epinephrine) stay apart, because their dose caps differ.

    Raises
    ------
    KeyError
        When the formula names a product that ``products`` lacks.
    """
    found: dict[tuple[str, str, DoseUnit], float] = {}
    for product, share in volume_shares(formula).items():
        for strength in products[product].strengths:
            key = (strength.ingredient, strength.form, strength.unit)
            found[key] = found.get(key, 0.0) + share * strength.per_ml
    return tuple(Concentration(*key, per_ml) for key, per_ml in found.items())


def ingredient_doses(
    formula: Formula,
    products: Mapping[str, Product],
    points_by_zone: Sequence[tuple[str, int]],
    volume_per_point_ml: float,
    sessions: int,
) -> tuple[IngredientDose, ...]:
    """Amount of every ingredient [its unit] per mL, point, zone, session and course.

    Dose per session = points x volume per point [mL] x concentration [unit/mL]: what reaches
    the skin. What stays in needle and syringe is drawn up but not counted here.

    Raises
    ------
    ValueError
        When a number is negative, or the formula is not one.
    """
    if volume_per_point_ml < 0 or sessions < 0 or any(n < 0 for _, n in points_by_zone):
        raise ValueError("points, volume per point and sessions cannot be negative")
    points = sum(n for _, n in points_by_zone)
    return tuple(
        IngredientDose(
            ingredient=each.ingredient,
            form=each.form,
            unit=each.unit,
            per_ml=each.per_ml,
            per_point=volume_per_point_ml * each.per_ml,
            per_zone=tuple(
                (zone, n * volume_per_point_ml * each.per_ml) for zone, n in points_by_zone
            ),
            per_session=points * volume_per_point_ml * each.per_ml,
            per_course=sessions * points * volume_per_point_ml * each.per_ml,
        )
        for each in concentrations(formula, products)
    )
