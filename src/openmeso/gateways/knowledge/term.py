"""Term: what a single term must keep to, beyond the types of its fields."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from openmeso.gateways.conversion import Path, or_nearest
from openmeso.gateways.knowledge.fault import Fault
from openmeso.gateways.knowledge.read import Entry
from openmeso.science.formulary.check import rule_problems
from openmeso.terms.adverse_event import AdverseEventTerm, ReactionWindow
from openmeso.terms.assessment import Sex
from openmeso.terms.check import CheckRule
from openmeso.terms.consent import ConsentText
from openmeso.terms.contraindication import Contraindication
from openmeso.terms.indication import Indication
from openmeso.terms.ingredient import Ingredient
from openmeso.terms.product import Product, Strength
from openmeso.terms.scale import Scale
from openmeso.terms.substance import Deposit, SizeClass, Substance
from openmeso.terms.technique import LayerDepth, Technique
from openmeso.terms.zone import MapView, Zone

GROUPS = ("hair", "skin", "body", "pain")
PURPOSES = ("therapeutic", "aesthetic")
VOICES = ("consent", "patient")
SEXES = tuple(sex.value for sex in Sex)
BETTER = ("lower", "higher")

Problem = tuple[Path, str]


@dataclass(frozen=True, slots=True)
class Placed:
    """A term and the entry of the file that it was made from."""

    entry: Entry
    term: Any
    parts: tuple[tuple[Path, Any], ...]  # the term and every term inside it, with their paths

    def fault(self, path: Path, reason: str) -> Fault:
        """A fault at ``path`` inside the term."""
        return self.entry.source.fault((*self.entry.path, *path), reason)


def place(entry: Entry, term: object) -> Placed:
    """The term, walked once for all the checks."""
    return Placed(entry, term, tuple(_parts(term, ())))


def _parts(term: object, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(term, tuple):
        for index, item in enumerate(term):
            yield from _parts(item, (*path, index))
    elif hasattr(term, "__dataclass_fields__"):
        yield path, term
        for name in term.__dataclass_fields__:
            value = getattr(term, name)
            if not isinstance(value, str | float | None):
                yield from _parts(value, (*path, name))


def term_faults(placed: Sequence[Placed]) -> Iterator[Fault]:
    """Every term that contradicts itself, and every id that stands twice."""
    yield from _repeated(placed)
    for one in placed:
        if isinstance(one.term, Ingredient):
            stem = PurePosixPath(one.entry.source.file).stem
            if stem != one.term.id:
                yield one.fault(("id",), f"the file is named {stem}, the ingredient {one.term.id}")
        for path, part in one.parts:
            rule = _RULES.get(type(part))
            for inner, reason in rule(part) if rule else ():
                yield one.fault((*path, *inner), reason)


def _repeated(placed: Sequence[Placed]) -> Iterator[Fault]:
    first: dict[tuple[str, object], Placed] = {}
    for one in placed:
        key = (one.entry.noun, _identity(one.term))
        if key not in first:
            first[key] = one
            continue
        source, path = first[key].entry.source, first[key].entry.path
        reason = f"{key[1]} stands already in {source.file}, line {source.line_of(path)}"
        yield one.fault(("id",), reason)


def _identity(term: Any) -> object:
    if isinstance(term, LayerDepth):
        return f"{term.layer} at {term.region}"
    if hasattr(term, "id"):
        return term.id
    return getattr(term, "ingredient", "the body reference")


def _one_of(field: str, value: object, words: tuple[str, ...]) -> Iterator[Problem]:
    if value not in words:
        said = f"expected one of {', '.join(words)}, got {value!r}{or_nearest(value, words)}"
        yield (field,), said


def _each_of(field: str, values: tuple[str, ...], words: tuple[str, ...]) -> Iterator[Problem]:
    for value in values:
        yield from _one_of(field, value, words)


def _above_zero(field: str, value: float) -> Iterator[Problem]:
    if value <= 0:
        yield (field,), f"expected more than 0, got {value}"


def _technique(term: Technique) -> Iterator[Problem]:
    for name in ("depth_mm", "volume_per_point_ml", "spacing_mm"):
        quantity, default = getattr(term, name), getattr(term, f"default_{name}")
        if not quantity.lower <= default <= quantity.upper:
            said = f"{default} lies outside {name}, {quantity.lower} to {quantity.upper}"
            yield (f"default_{name}",), said


def _layer(term: LayerDepth) -> Iterator[Problem]:
    if not 0 <= term.top_mm < term.bottom_mm:
        yield ("bottom_mm",), f"the layer ends at {term.bottom_mm} and begins at {term.top_mm}"


def _indication(term: Indication) -> Iterator[Problem]:
    yield from _one_of("group", term.group, GROUPS)
    yield from _one_of("purpose", term.purpose, PURPOSES)
    yield from _each_of("sexes", term.sexes, SEXES)
    if not term.evidence:
        yield ("evidence",), "expected at least one statement, if only that none was found"


def _contraindication(term: Contraindication) -> Iterator[Problem]:
    yield from _each_of("sexes", term.sexes, SEXES)


def _consent(term: ConsentText) -> Iterator[Problem]:
    yield from _each_of("voices", term.voices, VOICES)


def _scale(term: Scale) -> Iterator[Problem]:
    yield from _one_of("better", term.better, BETTER)
    if not term.grades and (term.low is None or term.high is None):
        yield (), "a scale needs grades, or a low and a high"
    codes = [grade.code for grade in term.grades]
    for index, code in enumerate(codes):
        if code in codes[:index]:
            yield ("grades", index, "code"), f"{code!r} stands twice on the scale"


def _adverse_event(term: AdverseEventTerm) -> Iterator[Problem]:
    if not term.worded_grades:
        yield ("grades",), "expected the wording of at least one grade"


def _reaction_window(term: ReactionWindow) -> Iterator[Problem]:
    if not 0 <= term.from_days <= term.to_days:
        yield ("to_days",), f"the window ends at {term.to_days} and begins at {term.from_days}"


def _product(term: Product) -> Iterator[Problem]:
    yield from _above_zero("ampoule_ml", term.ampoule_ml)


def _strength(term: Strength) -> Iterator[Problem]:
    yield from _above_zero("per_ml", term.per_ml)


def _view(term: MapView) -> Iterator[Problem]:
    yield from _above_zero("area_cm2", term.area_cm2)
    if len(term.outline) < 3:
        yield ("outline",), "an outline needs at least three points"


def _substance(term: Substance) -> Iterator[Problem]:
    yield from _above_zero("molecular_weight_g_mol", term.molecular_weight_g_mol.lower)
    if not 0 < term.unbound.lower <= term.unbound.upper <= 1:
        yield ("unbound",), "expected a fraction above 0, at most 1"
    if term.deposit is Deposit.DEPOT and term.solubility_g_ml is None:
        yield ("solubility_g_ml",), "a depot needs the range of its solubility"
    if (term.inactivation_per_nm_h is None) == (term.threshold_ng_ml is None):
        yield (), "give either inactivation_per_nm_h or threshold_ng_ml"
    if term.inactivation_per_nm_h is not None and term.recovery_half_life_days is None:
        yield ("recovery_half_life_days",), "an inhibitor needs the enzyme's recovery"
    if term.threshold_ng_ml is not None and term.reference_mg_per_cm2_day is None:
        yield ("reference_mg_per_cm2_day",), "a threshold needs a reference exposure"
    yield from _in_the_body(term)


def _in_the_body(term: Substance) -> Iterator[Problem]:
    """What a level in the blood needs is given as a whole or not at all."""
    leaving = (term.systemic_half_life_h, term.systemic_clearance_l_h)
    if sum(one is not None for one in leaving) != (term.systemic_volume_l is not None):
        yield (
            ("systemic_volume_l",),
            "a volume goes with either systemic_half_life_h or systemic_clearance_l_h",
        )
    for one, other in (
        ("peripheral_volume_l", "exchange_l_h"),
        ("saturable_ug_h", "saturable_half_ng_ml"),
        ("responder_share", "others_part"),
    ):
        if (getattr(term, one) is None) != (getattr(term, other) is None):
            yield (one,), f"goes with {other}"


def _size_class(term: SizeClass) -> Iterator[Problem]:
    yield from _above_zero("bulge_depth_mm", term.bulge_depth_mm.lower)
    if term.bulge_depth_mm.middle >= term.bulb_depth_mm.middle:
        yield ("bulge_depth_mm",), "the bulge lies above the bulb"


def _zone(term: Zone) -> Iterator[Problem]:
    if len(term.polygon) < 3:
        yield ("polygon",), "a zone needs at least three points"


def _check(term: CheckRule) -> Iterator[Problem]:
    """The rule as its own kind of check wants it; that facts are missing is said elsewhere."""
    for problem in rule_problems(replace(term, assumption=term.assumption or "none")):
        yield (), problem


_RULES: dict[type, Callable[[Any], Iterator[Problem]]] = {
    AdverseEventTerm: _adverse_event,
    ReactionWindow: _reaction_window,
    Technique: _technique,
    LayerDepth: _layer,
    Indication: _indication,
    Contraindication: _contraindication,
    ConsentText: _consent,
    Scale: _scale,
    Product: _product,
    Strength: _strength,
    MapView: _view,
    CheckRule: _check,
    Zone: _zone,
    Substance: _substance,
    SizeClass: _size_class,
}
