"""Product: what stands on the shelf, with strength and ampoule size."""

from dataclasses import dataclass
from enum import StrEnum

from openmeso.terms.provenance import Quantity
from openmeso.terms.units import DoseUnit


class Route(StrEnum):
    """What the product is authorised or made for."""

    INJECTION = "injection"
    TOPICAL = "topical"


@dataclass(frozen=True, slots=True)
class Strength:
    """Amount of one ingredient in a millilitre of product [``unit``/mL]."""

    ingredient: str
    per_ml: float
    unit: DoseUnit = DoseUnit.MG
    form: str = ""  # e.g. "with_epinephrine": which dose cap counts


@dataclass(frozen=True, slots=True)
class Product:
    """A marketed or pharmacy-compounded product.

    ``ph`` is the label's range, or None where unknown (the pH check then says that it could
    not run). ``source`` and ``assumption`` say where strength and ampoule size come from.
    """

    id: str
    name: str
    strengths: tuple[Strength, ...]
    ampoule_ml: float
    route: Route = Route.INJECTION
    ph: Quantity | None = None
    excipients: tuple[str, ...] = ()
    single_dose: bool = True
    manufacturer: str = ""
    gtin: str = ""
    facts: tuple[str, ...] = ()
    assumption: str = ""
    note: str = ""
