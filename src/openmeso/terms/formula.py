"""Formula: what is in one syringe."""

from dataclasses import dataclass

from openmeso.terms.units import DoseUnit


@dataclass(frozen=True, slots=True)
class Component:
    """A product in a formula, by its share of the final volume [mL per mL of mixture]."""

    product: str
    parts: float


@dataclass(frozen=True, slots=True)
class Formula:
    """Products and the parts in which they are mixed; parts need not add up to one."""

    name: str
    components: tuple[Component, ...]


@dataclass(frozen=True, slots=True)
class IngredientDose:
    """What one ingredient of the formula amounts to [``unit``], at every scale."""

    ingredient: str
    form: str
    unit: DoseUnit
    per_ml: float
    per_point: float
    per_zone: tuple[tuple[str, float], ...]
    per_session: float
    per_course: float


@dataclass(frozen=True, slots=True)
class DrawUp:
    """What to draw from which ampoule for one session [mL]."""

    product: str
    product_name: str
    volume_ml: float
    ampoule_ml: float
    ampoules: int
    waste_ml: float


@dataclass(frozen=True, slots=True)
class PhEstimate:
    """Envelope of the mixture's pH from the labels of its products.

    A mixture of unknown buffers cannot be computed; the true pH lies between the lowest and
    the highest label value. ``unknown`` lists the products without a label pH.
    """

    low: float | None
    high: float | None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SystemicEquivalent:
    """A session's dose in everyday terms: as much as so many ``reference_unit`` of a product."""

    ingredient: str
    dose_mg: float
    equivalent: float
    reference_unit: str
    sentence: str
    facts: tuple[str, ...]
    assumption: str = ""


@dataclass(frozen=True, slots=True)
class EquivalentRule:
    """How a dose reads in everyday terms.

    ``systemic_mg_per_unit`` is what one ``reference_unit`` brings into the body [mg].
    ``sentence`` has the places ``{dose}``, ``{equivalent}``.
    """

    ingredient: str
    reference_unit: str
    systemic_mg_per_unit: float
    sentence: str
    facts: tuple[str, ...]
    assumption: str = ""
