"""Mixture: what to draw from which ampoule, and what pH to expect."""

from collections.abc import Mapping
from math import ceil, floor, isclose

from openmeso.science.formulary.dose import volume_shares
from openmeso.terms.formula import DrawUp, Formula, PhEstimate
from openmeso.terms.product import Product

# Far below what a syringe can measure, far above what floating point loses.
_SAME_VOLUME_ML = 1e-9


def ampoules_needed(volume_ml: float, ampoule_ml: float) -> int:
    """Whole ampoules to open for a volume [mL].

    Three tenths of a millilitre out of 0.1 mL ampoules are three ampoules, although
    ``0.1 + 0.2`` is a little more than ``0.3`` to a computer.

    Raises
    ------
    ValueError
        When the ampoule holds nothing or the volume is negative.

    >>> ampoules_needed(0.1 + 0.2, 0.1)
    3
    """
    if not ampoule_ml > 0 or volume_ml < 0:
        raise ValueError("an ampoule holds more than nothing, and a volume is not negative")
    whole = floor(volume_ml / ampoule_ml + 0.5)
    if isclose(whole * ampoule_ml, volume_ml, rel_tol=1e-12, abs_tol=_SAME_VOLUME_ML):
        return whole
    return ceil(volume_ml / ampoule_ml)


def draw_up(
    formula: Formula, products: Mapping[str, Product], prepared_volume_ml: float
) -> tuple[DrawUp, ...]:
    """Volume to draw from each product, ampoules to open and what is left over [mL].

    ``prepared_volume_ml`` is the whole mixture for one session, dead space included. The
    volumes add up to it.

    Raises
    ------
    ValueError
        When the volume is negative.
    KeyError
        When the formula names a product that ``products`` lacks.
    """
    if prepared_volume_ml < 0:
        raise ValueError("a volume is not negative")
    return tuple(
        _draw(products[product], share * prepared_volume_ml)
        for product, share in volume_shares(formula).items()
    )


def _draw(product: Product, volume_ml: float) -> DrawUp:
    ampoules = ampoules_needed(volume_ml, product.ampoule_ml)
    return DrawUp(
        product=product.id,
        product_name=product.name,
        volume_ml=volume_ml,
        ampoule_ml=product.ampoule_ml,
        ampoules=ampoules,
        waste_ml=max(0.0, ampoules * product.ampoule_ml - volume_ml),
    )


def ph_estimate(formula: Formula, products: Mapping[str, Product]) -> PhEstimate:
    """Envelope of the mixture's pH: from the lowest to the highest label value.

    Volumes and buffers are left out on purpose: without the buffers' capacities a mean would
    only look exact. Products without a label pH are listed, and the envelope is then that of
    the others.
    """
    mixed = tuple(products[product] for product in volume_shares(formula))
    known = tuple(product.ph for product in mixed if product.ph is not None)
    return PhEstimate(
        low=min((ph.lower for ph in known), default=None),
        high=max((ph.upper for ph in known), default=None),
        unknown=tuple(product.id for product in mixed if product.ph is None),
    )
