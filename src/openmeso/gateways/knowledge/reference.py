"""Reference: every id that one noun names of another exists."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from openmeso.gateways.conversion import Path, or_nearest
from openmeso.gateways.knowledge.fault import Fault
from openmeso.gateways.knowledge.read import Entry
from openmeso.gateways.knowledge.term import GROUPS, Placed
from openmeso.terms.adverse_event import ReactionWindow, RedFlag
from openmeso.terms.check import CheckRule
from openmeso.terms.consent import ConsentForm, ConsentTranslation
from openmeso.terms.formula import Component, EquivalentRule
from openmeso.terms.indication import Indication
from openmeso.terms.ingredient import IngredientClass
from openmeso.terms.patient_report import PatientSign
from openmeso.terms.product import Strength
from openmeso.terms.protocol import Protocol
from openmeso.terms.scale import Grade
from openmeso.terms.substance import Substance
from openmeso.terms.technique import LayerDepth, Technique
from openmeso.terms.zone import MapView, Zone

REGIONS = (
    "scalp",
    "face",
    "neck_decolletage",
    "hands",
    "abdomen",
    "thigh_buttock",
    "back_spine",
    "shoulder_arm",
    "knee_leg",
)
WHOLE_BODY = "body"  # a view may show more than one region

# term -> its fields that hold ids, and the noun these belong to
_FIELDS: Mapping[type, Mapping[str, str]] = {
    Strength: {"ingredient": "ingredients"},
    Substance: {"ingredient": "ingredients"},
    EquivalentRule: {"ingredient": "ingredients"},
    Component: {"product": "products"},
    Protocol: {"technique": "techniques", "indications": "indications"},
    Indication: {"regions": "regions", "scales": "scales", "ingredients": "ingredients"},
    Grade: {"preset": "presets"},
    Zone: {"view": "views", "region": "regions"},
    MapView: {"region": "view_regions"},
    Technique: {"regions": "regions"},
    LayerDepth: {"region": "regions"},
    ConsentForm: {"sections": "consent", "groups": "groups"},
    ConsentTranslation: {"section": "consent"},
    RedFlag: {"terms": "adverse_events"},
    ReactionWindow: {"terms": "adverse_events"},
    PatientSign: {"terms": "adverse_events", "red_flag": "red_flags"},
}
# keys in a check's params that hold ids, singular or plural
_PARAMS = {
    "ingredient": "ingredients",
    "product": "products",
    "technique": "techniques",
    "indication": "indications",
    "scale": "scales",
    "contraindication": "contraindications",
    "region": "regions",
    "with_ingredient": "ingredients",
    "class": "ingredient_classes",
    "with_class": "ingredient_classes",
}


def known_ids(entries: Iterable[Entry]) -> Mapping[str, frozenset[str]]:
    """The ids of every noun, those of faulty entries too: one fault is not to cause others."""
    ids: dict[str, set[str]] = {
        "regions": set(REGIONS),
        "view_regions": {*REGIONS, WHOLE_BODY},
        "groups": set(GROUPS),
        "ingredient_classes": {str(one) for one in IngredientClass},
    }
    for entry in entries:
        name = entry.data.get("id") if isinstance(entry.data, Mapping) else None
        ids.setdefault(entry.noun, set()).add(str(name))
    return {noun: frozenset(names) for noun, names in ids.items()}


def reference_faults(
    placed: Iterable[Placed], ids: Mapping[str, frozenset[str]]
) -> Iterator[Fault]:
    """Every id that is named somewhere and stands nowhere."""
    for one in placed:
        for path, part in one.parts:
            for inner, noun, name in _named(part):
                known = ids.get(noun)  # None: the whole file is missing, which is said once
                if known is not None and name not in known:
                    said = f"no {_singular(noun)} {name!r}{or_nearest(name, sorted(known))}"
                    yield one.fault((*path, *inner), said)


def _named(part: Any) -> Iterator[tuple[Path, str, str]]:
    """Each id that ``part`` names: its path, noun and the id itself; empty ones name nothing."""
    if isinstance(part, CheckRule):
        for key, value in part.params.items():
            singular = (key, key.removesuffix("s"), key.removesuffix("es"))
            for noun in {_PARAMS[word] for word in singular if word in _PARAMS}:
                yield from _names(("params", key), noun, value)
    for field, noun in _FIELDS.get(type(part), {}).items():
        yield from _names((field,), noun, getattr(part, field))


def _names(path: Path, noun: str, value: object) -> Iterator[tuple[Path, str, str]]:
    if isinstance(value, str) and value:
        yield path, noun, value
    elif isinstance(value, list | tuple):
        for index, name in enumerate(value):
            yield (*path, index), noun, str(name)


def _singular(noun: str) -> str:
    return noun.replace("_", " ").removesuffix("es" if noun.endswith("ses") else "s")
