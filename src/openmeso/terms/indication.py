"""Indication: what the course is for."""

from dataclasses import dataclass
from enum import StrEnum

from openmeso.terms.provenance import Statement


class EvidenceVerdict(StrEnum):
    """What the evidence for mesotherapy in the indication amounts to."""

    SUPPORTED = "supported"
    LIMITED = "limited"
    CONFLICTING = "conflicting"
    NONE_FOUND = "none_found"
    NEGATIVE = "negative"


@dataclass(frozen=True, slots=True)
class Indication:
    """A condition that mesotherapy is used or claimed for, and plainly what is known."""

    id: str
    name: str
    group: str  # "hair", "skin", "body", "pain"
    purpose: str  # "therapeutic" or "aesthetic"
    icd10: tuple[str, ...]
    snomed: tuple[str, ...]
    regions: tuple[str, ...]
    scales: tuple[str, ...]
    ingredients: tuple[str, ...]
    verdict: EvidenceVerdict
    evidence: tuple[Statement, ...]
    first_line: Statement | None = None
    sexes: tuple[str, ...] = ("female", "male")
