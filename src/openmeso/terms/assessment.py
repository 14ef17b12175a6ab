"""Assessment: what is known of the patient when the course is planned."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openmeso.terms.contraindication import Answer


class Sex(StrEnum):
    """Sex as the checks need it: whether a pregnancy is possible is asked separately."""

    FEMALE = "female"
    MALE = "male"


@dataclass(frozen=True, slots=True)
class ChecklistAnswer:
    """Reply to one contraindication question; ``on`` dates the event where that matters."""

    contraindication: str
    answer: Answer
    on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ScaleScore:
    """A grade (``III vertex``) or a number (``42``) on a scale."""

    scale: str
    value: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """History, grading and contraindications on one date.

    ``can_become_pregnant`` and ``reliable_contraception`` matter to 5α-reductase inhibitors.
    ``nerve_block_lidocaine_mg`` is counted with the formula's lidocaine.
    ``allergies`` are ingredient ids; other allergies stand in ``notes``.
    """

    assessed_on: date
    indication: str
    sex: Sex
    birth_date: date | None = None
    weight_kg: float | None = None
    head_circumference_mm: float | None = None
    can_become_pregnant: bool | None = None
    reliable_contraception: bool | None = None
    scores: tuple[ScaleScore, ...] = ()
    checklist: tuple[ChecklistAnswer, ...] = ()
    allergies: tuple[str, ...] = ()
    nerve_block_lidocaine_mg: float = 0.0
    systolic_mmhg: float | None = None
    diastolic_mmhg: float | None = None
    duration_months: int | None = None
    fitzpatrick: int | None = None
    notes: str = ""
