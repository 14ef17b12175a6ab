"""The choice with every default filled in."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from openmeso.science.planning.site import choose_zones
from openmeso.terms.formula import Formula
from openmeso.terms.grid import GridSpec
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.plan import PlanChoice, PlanInputError, PlanRequest
from openmeso.terms.product import Product
from openmeso.terms.protocol import Phase, Protocol
from openmeso.terms.technique import Technique

_BEYOND_REASON = 1000.0  # mm or mL; keeps slips out, the checks judge what is too much


def resolve_choice(request: PlanRequest, knowledge: Knowledge) -> PlanChoice:
    """What was chosen, and for what was not: the protocol's, preset's and technique's values.

    Raises :class:`PlanInputError` for what is unknown, missing or out of the question.
    """
    choice = request.choice
    if request.assessment.indication not in knowledge.indications:
        raise unknown("assessment.indication", request.assessment.indication, knowledge.indications)
    protocol = protocol_of(request, knowledge)
    technique = technique_of(choice, protocol, knowledge)
    resolved = replace(
        choice,
        zones=choose_zones(request, knowledge),
        formula=_formula(choice, protocol, technique),
        technique=technique.id,
        grid=choice.grid or GridSpec(technique.default_spacing_mm),
        volume_per_point_ml=_volume_per_point(choice, technique),
        depth_mm=technique.default_depth_mm if choice.depth_mm is None else choice.depth_mm,
        phases=_phases(choice, protocol),
    )
    _check_numbers(resolved)
    if resolved.formula is not None:
        _check_formula(resolved.formula, products_of(request, knowledge))
    return resolved


def products_of(request: PlanRequest, knowledge: Knowledge) -> dict[str, Product]:
    """The published products and the clinic's own, which come first where ids agree."""
    return {**knowledge.products, **{one.id: one for one in request.setting.products}}


def protocol_of(request: PlanRequest, knowledge: Knowledge) -> Protocol | None:
    """The chosen protocol, the clinic's own before the published; None where none is chosen."""
    if not request.choice.protocol:
        return None
    known = {**knowledge.protocols, **{one.id: one for one in request.setting.protocols}}
    if request.choice.protocol not in known:
        raise unknown("choice.protocol", request.choice.protocol, known)
    return known[request.choice.protocol]


def technique_of(choice: PlanChoice, protocol: Protocol | None, knowledge: Knowledge) -> Technique:
    """The chosen technique, else the protocol's."""
    chosen = choice.technique or (protocol.technique if protocol else "")
    if chosen not in knowledge.techniques:
        raise unknown("choice.technique", chosen, knowledge.techniques)
    return knowledge.techniques[chosen]


def unknown(path: str, given: str, known: Mapping[str, object]) -> PlanInputError:
    """The error for an id that ``known`` lacks; an empty one was left out."""
    message = f"There is no {given!r}." if given else "is missing."
    return PlanInputError(path, message, f"Choose one of {', '.join(known)}.")


def _formula(choice: PlanChoice, protocol: Protocol | None, technique: Technique) -> Formula | None:
    if choice.formula is not None:
        return choice.formula
    if protocol is not None and protocol.components:
        return Formula(protocol.name, protocol.components)
    if not technique.injects:
        return None
    why = "The protocol prints no formula." if protocol else "No formula is chosen."
    raise PlanInputError("choice.formula", why, "Name the products and their parts.")


def _phases(choice: PlanChoice, protocol: Protocol | None) -> tuple[Phase, ...]:
    phases = choice.phases or (protocol.phases if protocol else ())
    if not phases:
        raise PlanInputError(
            "choice.phases",
            "There is neither a protocol nor a phase.",
            "Give sessions and interval_days, or choose a protocol.",
        )
    return phases


def _volume_per_point(choice: PlanChoice, technique: Technique) -> float:
    chosen = choice.volume_per_point_ml
    if chosen is None:
        return technique.default_volume_per_point_ml
    if technique.injects and not chosen > 0:
        raise PlanInputError(
            "choice.volume_per_point_ml", f"is {chosen:g}.", "Expected more than 0 mL."
        )
    if not technique.injects and chosen != 0:
        raise PlanInputError(
            "choice.volume_per_point_ml",
            f"{technique.name} injects nothing, but {chosen:g} mL per point is asked for.",
            "Leave the volume out, or choose another technique.",
        )
    return chosen


def _check_numbers(choice: PlanChoice) -> None:
    numbers = {
        "volume_per_point_ml": (choice.volume_per_point_ml, "mL"),
        "depth_mm": (choice.depth_mm, "mm"),
        "dead_space_ml": (choice.dead_space_ml, "mL"),
    }
    for name, (value, unit) in numbers.items():
        if value is not None and not 0 <= value <= _BEYOND_REASON:
            raise PlanInputError(
                f"choice.{name}", f"is {value:g}.", f"Expected 0 to {_BEYOND_REASON:g} {unit}."
            )


def _check_formula(formula: Formula, products: Mapping[str, Product]) -> None:
    for path, message, remedy in _formula_problems(formula, products):
        raise PlanInputError(path, message, remedy)


def _formula_problems(formula: Formula, products: Mapping[str, Product]) -> Iterator[Sequence[str]]:
    if not formula.components:
        yield "choice.formula.components", "The formula is empty.", "Name at least one product."
    for index, component in enumerate(formula.components):
        path = f"choice.formula.components[{index}]"
        if not (math.isfinite(component.parts) and component.parts > 0):
            yield f"{path}.parts", f"is {component.parts:g}.", "Expected a part above 0."
        product = products.get(component.product)
        if product is None:
            yield (
                f"{path}.product",
                f"There is no {component.product!r}.",
                "Choose a product of the shelf, or add it to setting.products.",
            )
        elif not product.ampoule_ml > 0 or any(one.per_ml < 0 for one in product.strengths):
            yield (
                f"{path}.product",
                f"{product.name} has no ampoule size, or a strength below 0.",
                "Correct the product.",
            )
