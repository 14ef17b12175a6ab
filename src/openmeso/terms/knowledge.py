"""Knowledge: all the sourced data, loaded once and passed in."""

from collections.abc import Mapping
from dataclasses import dataclass

from openmeso.terms.adverse_event import AdverseEventTerm, EventRate, ReactionWindow, RedFlag
from openmeso.terms.check import CheckRule
from openmeso.terms.consent import ConsentForm, ConsentText, ConsentTranslation
from openmeso.terms.contraindication import Contraindication
from openmeso.terms.formula import EquivalentRule
from openmeso.terms.indication import Indication
from openmeso.terms.ingredient import Ingredient
from openmeso.terms.patient_report import PatientSign
from openmeso.terms.photo import PhotoView
from openmeso.terms.product import Product
from openmeso.terms.protocol import Protocol
from openmeso.terms.provenance import Fact
from openmeso.terms.scale import Scale
from openmeso.terms.substance import SizeClass, Substance
from openmeso.terms.technique import LayerDepth, Technique
from openmeso.terms.zone import BodyReference, MapPreset, MapView


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Every noun by its id, in file order. ``version`` is a hash of the files read."""

    version: str
    facts: Mapping[str, Fact]
    ingredients: Mapping[str, Ingredient]
    products: Mapping[str, Product]
    techniques: Mapping[str, Technique]
    layers: tuple[LayerDepth, ...]
    indications: Mapping[str, Indication]
    scales: Mapping[str, Scale]
    contraindications: Mapping[str, Contraindication]
    protocols: Mapping[str, Protocol]
    consent: Mapping[str, ConsentText]
    consent_forms: Mapping[str, ConsentForm]
    consent_translations: Mapping[str, ConsentTranslation]  # by language/section
    photo_views: Mapping[str, PhotoView]
    adverse_events: Mapping[str, AdverseEventTerm]
    event_rates: Mapping[str, EventRate]
    red_flags: Mapping[str, RedFlag]
    reaction_windows: Mapping[str, ReactionWindow]
    patient_signs: Mapping[str, PatientSign]
    checks: Mapping[str, CheckRule]
    equivalents: tuple[EquivalentRule, ...]
    substances: Mapping[str, Substance]  # by ingredient
    size_classes: Mapping[str, SizeClass]
    views: Mapping[str, MapView]
    presets: Mapping[str, MapPreset]
    body: BodyReference
