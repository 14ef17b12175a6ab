"""Load: knowledge files, checked as a whole, as one frozen Knowledge."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Any

from openmeso.gateways.conversion import ConversionError, structure
from openmeso.gateways.knowledge.consent import consent_faults
from openmeso.gateways.knowledge.fault import Fault, KnowledgeError
from openmeso.gateways.knowledge.provenance import provenance_faults
from openmeso.gateways.knowledge.read import read_folder
from openmeso.gateways.knowledge.reference import known_ids, reference_faults
from openmeso.gateways.knowledge.term import Placed, place, term_faults
from openmeso.terms.adverse_event import AdverseEventTerm, EventRate, ReactionWindow, RedFlag
from openmeso.terms.check import CheckRule
from openmeso.terms.consent import ConsentForm, ConsentText, ConsentTranslation
from openmeso.terms.contraindication import Contraindication
from openmeso.terms.formula import EquivalentRule
from openmeso.terms.indication import Indication
from openmeso.terms.ingredient import Ingredient
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.patient_report import PatientSign
from openmeso.terms.photo import PhotoView
from openmeso.terms.product import Product
from openmeso.terms.protocol import Protocol
from openmeso.terms.provenance import Fact
from openmeso.terms.scale import Scale
from openmeso.terms.substance import SizeClass, Substance
from openmeso.terms.technique import LayerDepth, Technique
from openmeso.terms.zone import BodyReference, MapPreset, MapView

FOLDER = FilePath(__file__).parents[2] / "knowledge"

KINDS: Mapping[str, type] = {
    "facts": Fact,
    "ingredients": Ingredient,
    "products": Product,
    "techniques": Technique,
    "layers": LayerDepth,
    "indications": Indication,
    "scales": Scale,
    "contraindications": Contraindication,
    "protocols": Protocol,
    "consent": ConsentText,
    "consent_forms": ConsentForm,
    "consent_translations": ConsentTranslation,
    "photo_views": PhotoView,
    "adverse_events": AdverseEventTerm,
    "event_rates": EventRate,
    "red_flags": RedFlag,
    "reaction_windows": ReactionWindow,
    "patient_signs": PatientSign,
    "checks": CheckRule,
    "equivalents": EquivalentRule,
    "substances": Substance,
    "size_classes": SizeClass,
    "views": MapView,
    "presets": MapPreset,
    "body": BodyReference,
}
_LISTS = ("layers", "equivalents")  # nouns without an id


@dataclass(frozen=True, slots=True)
class Survey:
    """What a folder holds and all that is wrong with it.

    ``knowledge`` is built from the entries that can be read, for looking at while the files
    are being written; None where there is no body reference. Only a survey without faults may
    be planned with.
    """

    knowledge: Knowledge | None
    faults: tuple[Fault, ...]


def load_knowledge(folder: FilePath | None = None) -> Knowledge:
    """The knowledge in ``folder`` (OpenMeso's own by default).

    Raises :class:`KnowledgeError` with every fault of every file.
    """
    found = survey(folder)
    if found.faults or found.knowledge is None:
        raise KnowledgeError(found.faults)
    return found.knowledge


def survey(folder: FilePath | None = None) -> Survey:
    """Everything in ``folder``, with every fault rather than the first."""
    reading = read_folder(folder or FOLDER)
    placed: list[Placed] = []
    faults = list(reading.faults)
    for entry in reading.entries:
        try:
            placed.append(place(entry, structure(entry.data, KINDS[entry.noun])))
        except ConversionError as error:
            faults += [
                entry.source.fault((*entry.path, *one.path), one.reason) for one in error.faults
            ]
    ids = known_ids(reading.entries)
    faults += [*term_faults(placed), *provenance_faults(placed), *reference_faults(placed, ids)]
    faults += consent_faults(placed)
    return Survey(_knowledge(placed, reading.version), tuple(sorted(set(faults))))


def _knowledge(placed: list[Placed], version: str) -> Knowledge | None:
    nouns: dict[str, Any] = {}
    for noun in KINDS:
        terms = [one.term for one in placed if one.entry.noun == noun]
        if noun == "body":
            nouns[noun] = terms[0] if terms else None
        elif noun in _LISTS:
            nouns[noun] = tuple(terms)
        else:
            nouns[noun] = MappingProxyType({_key(term): term for term in terms})
    return Knowledge(version=version, **nouns) if nouns["body"] else None


def _key(term: Any) -> str:
    """What a noun is found by: its id, or for a substance the ingredient it describes."""
    return str(term.ingredient if isinstance(term, Substance) else term.id)
