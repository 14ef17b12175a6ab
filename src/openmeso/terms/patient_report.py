"""PatientReport: what a patient tells from home through a private link, in plain words."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openmeso.terms.adverse_event import Urgency


class HowBad(StrEnum):
    """How bad it is, as the patient would say it; ``grade`` is what it suggests, not what it is."""

    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"

    @property
    def grade(self) -> int:
        """The CTCAE grade to begin from: grades 1 to 3 ask for the same, daily life."""
        return list(HowBad).index(self) + 1


@dataclass(frozen=True, slots=True)
class PatientSign:
    """A sign in the patient's words.

    ``terms`` are those it may be recorded as, the likeliest first. With an ``urgency`` the patient
    is told at once to seek help; ``advice`` says how. Wording and advice are OpenMeso's own.
    """

    id: str
    words: str
    terms: tuple[str, ...] = ()
    urgency: Urgency | None = None
    advice: str = ""
    red_flag: str = ""
    facts: tuple[str, ...] = ()
    assumption: str = ""


@dataclass(frozen=True, slots=True)
class PatientAccount:
    """What the patient said; ``signs`` are ids of PatientSign."""

    signs: tuple[str, ...]
    how_bad: HowBad
    began_on: date | None = None
    text: str = ""
    may_phone: bool = False
