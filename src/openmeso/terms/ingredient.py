"""Ingredient: a substance that may be, or must not be, in a formula."""

from dataclasses import dataclass
from enum import StrEnum

from openmeso.terms.provenance import Quantity, Statement
from openmeso.terms.units import DoseUnit


class FormularyCode(StrEnum):
    """How freely an ingredient may be chosen."""

    ALLOWED = "allowed"
    RESTRICTED = "restricted"
    ADJUNCT_ONLY = "adjunct_only"
    NOT_RECOMMENDED = "not_recommended"
    BLOCKED = "blocked"


class IngredientClass(StrEnum):
    """Pharmacological family, as the checks need it."""

    FIVE_ALPHA_REDUCTASE_INHIBITOR = "five_alpha_reductase_inhibitor"
    VASODILATOR = "vasodilator"
    VITAMIN = "vitamin"
    TRACE_ELEMENT = "trace_element"
    PEPTIDE = "peptide"
    AMINO_ACID = "amino_acid"
    ANTIOXIDANT = "antioxidant"
    SILANOL = "silanol"
    POLYSACCHARIDE = "polysaccharide"
    BLOOD_PRODUCT = "blood_product"
    BIOLOGICAL = "biological"
    POLYNUCLEOTIDE = "polynucleotide"
    MIXTURE = "mixture"
    LOCAL_ANAESTHETIC = "local_anaesthetic"
    DILUENT = "diluent"
    NEUROMUSCULAR_BLOCKER = "neuromuscular_blocker"
    CORTICOSTEROID = "corticosteroid"
    ENZYME = "enzyme"
    LIPOLYTIC = "lipolytic"
    XANTHINE = "xanthine"
    NSAID = "nsaid"
    MUSCLE_RELAXANT = "muscle_relaxant"
    HORMONE = "hormone"
    HEPARINOID = "heparinoid"
    HOMEOPATHIC = "homeopathic"
    ANTISEPTIC = "antiseptic"


class RegulatoryPosition(StrEnum):
    """What a country's regulator says of injecting the ingredient."""

    LICENSED = "licensed"
    OFF_LABEL = "off_label"
    UNLICENSED = "unlicensed"
    RESTRICTED = "restricted"
    PROHIBITED = "prohibited"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class CountryStatus:
    """Regulatory position in one country or union (``EU``, ``FR``, ``US``, ``*`` for all)."""

    country: str
    position: RegulatoryPosition
    text: str
    facts: tuple[str, ...]
    purpose: str = ""  # "aesthetic" where only that purpose is meant


@dataclass(frozen=True, slots=True)
class DoseCap:
    """A published upper limit per session.

    ``form`` tells the variants of one ingredient apart (``plain``, ``with_epinephrine``).
    """

    form: str
    max_mg_per_kg: Quantity | None = None
    max_mg: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One named published number about an ingredient, for the Knowledge page."""

    name: str
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Ingredient:
    """A substance with all that is known about injecting it.

    The topic tuples (``mechanism`` … ``adverse_events``) hold fact ids, in order of strength.
    ``caps`` empty means that no maximum was found: screens then say "no published maximum".
    """

    id: str
    name: str
    ingredient_class: IngredientClass
    class_text: str
    formulary_code: FormularyCode
    formulary_text: str
    evidence_grade: str
    evidence_reason: str
    off_label: str
    dose_unit: DoseUnit = DoseUnit.MG
    synonyms: tuple[str, ...] = ()
    molecular_weight_g_mol: Quantity | None = None
    ph: Quantity | None = None
    caps: tuple[DoseCap, ...] = ()
    figures: tuple[Figure, ...] = ()
    statuses: tuple[CountryStatus, ...] = ()
    hard_stops: tuple[Statement, ...] = ()
    contraindications: tuple[Statement, ...] = ()
    mechanism: tuple[str, ...] = ()
    chemistry: tuple[str, ...] = ()
    concentrations: tuple[str, ...] = ()
    session_doses: tuple[str, ...] = ()
    maximum_doses: tuple[str, ...] = ()
    other_route_doses: tuple[str, ...] = ()
    interactions: tuple[str, ...] = ()
    regulation: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    adverse_events: tuple[str, ...] = ()
    incompatibilities: tuple[str, ...] = ()
    monitoring: tuple[str, ...] = ()
    marketed: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()  # plain sentences: what was looked for and not found
