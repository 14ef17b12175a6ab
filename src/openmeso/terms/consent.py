"""Consent: what a patient is told before the first needle."""

from dataclasses import dataclass

from openmeso.terms.provenance import Statement


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One heading of the consent, or of the patient's leaflet, with its statements."""

    id: str
    heading: str
    statements: tuple[Statement, ...]
    voices: tuple[str, ...] = ("consent", "patient")
