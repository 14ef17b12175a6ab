"""AdverseEvent: the terms reactions are recorded in, and what is known of one at a time.

Enumerations follow ICH E2B(R3) (outcome: data element E.i.7; seriousness: E.i.3.2) and the
WHO-UMC system for standardised case causality assessment; each says its code in the standard.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

GRADES = (1, 2, 3, 4, 5)
FATAL_GRADE = 5
SEVERE_GRADE = 3


@dataclass(frozen=True, slots=True)
class AdverseEventTerm:
    """A term with the wording of its grades; absent grades are empty strings.

    The wording is that of CTCAE v5, or OpenMeso's own where ``assumption`` says so: CTCAE has no
    such term then.
    """

    id: str
    term: str
    meddra_code: str  # only as printed in CTCAE
    grades: tuple[str, str, str, str, str]
    facts: tuple[str, ...] = ()
    expected: bool = False  # the mild, passing ones of the field
    assumption: str = ""

    @property
    def is_ctcae(self) -> bool:
        """Whether term and grades are worded as in CTCAE v5."""
        return not self.assumption

    @property
    def worded_grades(self) -> tuple[int, ...]:
        """The grades that this term has, mildest first; no other can be given."""
        return tuple(grade for grade in GRADES if self.grades[grade - 1])

    @property
    def mildest(self) -> int:
        """The lowest grade that has a wording."""
        return self.worded_grades[0]

    def wording(self, grade: int) -> str:
        """What a grade means for this term; empty where the term has no such grade."""
        return self.grades[grade - 1] if grade in GRADES else ""


@dataclass(frozen=True, slots=True)
class EventRate:
    """How often an event was seen, with its denominator; never a bare percentage."""

    id: str
    event: str
    rate: str
    time_course: str
    facts: tuple[str, ...]
    patient_wording: str = ""


@dataclass(frozen=True, slots=True)
class Proportion:
    """Events out of occasions, with the ends of an exact 95 % interval (0 to 1)."""

    events: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float | None:
        """Events per occasion; None where there was no occasion."""
        return self.events / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class TermRate:
    """How often a term was recorded: of the sessions given, and of the patients they were given to.

    ``severe`` and ``serious`` count reactions, not sessions: grade 3 or more, and those that meet
    a criterion of ICH.
    """

    term: AdverseEventTerm
    sessions: Proportion
    patients: Proportion
    severe: int
    serious: int


class Urgency(StrEnum):
    """How soon a patient with a sign must be seen."""

    EMERGENCY = "emergency"
    SAME_DAY = "same_day"
    SOON = "soon"


@dataclass(frozen=True, slots=True)
class RedFlag:
    """A sign that stops the course at once.

    ``terms`` are the adverse-event terms that raise it from ``least_grade`` on, where the onset
    lies ``from_days`` or more after a session (0: at any time). That a term raises a flag is
    OpenMeso's reading, as ``link_assumption`` says; the sign and its sources are not.
    """

    id: str
    sign: str
    think_of: str
    action: str
    facts: tuple[str, ...]
    terms: tuple[str, ...] = ()
    least_grade: int = 1
    from_days: int = 0
    link_assumption: str = ""


@dataclass(frozen=True, slots=True)
class ReactionWindow:
    """How long after a session a reaction may still come of it [days], both ends included.

    ``terms`` are those it holds for; without any it holds for every term no other window names.
    A window with a ``question`` is looked for: it is asked at every session from ``ask_from_days``
    after an earlier one until the window closes.
    """

    id: str
    name: str
    from_days: int
    to_days: int
    terms: tuple[str, ...] = ()
    question: str = ""
    ask_from_days: int = 0
    facts: tuple[str, ...] = ()
    assumption: str = ""


class Outcome(StrEnum):
    """ICH E2B(R3) E.i.7, outcome of the reaction at the last observation."""

    RESOLVED = "resolved"
    RESOLVING = "resolving"
    NOT_RESOLVED = "not_resolved"
    RESOLVED_WITH_SEQUELAE = "resolved_with_sequelae"
    FATAL = "fatal"
    UNKNOWN = "unknown"

    @property
    def code(self) -> str:
        """The code of E.i.7."""
        return {"resolved": "1", "resolving": "2", "not_resolved": "3",
                "resolved_with_sequelae": "4", "fatal": "5", "unknown": "0"}[self.value]  # fmt: skip

    @property
    def is_over(self) -> bool:
        """Whether the reaction has ended, one way or another."""
        return self in {Outcome.RESOLVED, Outcome.RESOLVED_WITH_SEQUELAE, Outcome.FATAL}


class Causality(StrEnum):
    """WHO-UMC category of the link with what was injected."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"
    CONDITIONAL = "conditional"  # conditional / unclassified: more data are awaited
    UNASSESSABLE = "unassessable"  # unassessable / unclassifiable


class Seriousness(StrEnum):
    """ICH E2A / E2B(R3) E.i.3.2: what makes a reaction serious, whatever its grade."""

    DEATH = "death"
    LIFE_THREATENING = "life_threatening"
    HOSPITALISATION = "hospitalisation"
    DISABILITY = "disability"
    CONGENITAL_ANOMALY = "congenital_anomaly"
    MEDICALLY_IMPORTANT = "medically_important"

    @property
    def element(self) -> str:
        """The data element of E2B(R3)."""
        return f"E.i.3.2{'abcdef'[list(Seriousness).index(self)]}"


class Trend(StrEnum):
    """How it goes since it was last looked at."""

    IMPROVING = "improving"
    UNCHANGED = "unchanged"
    WORSENING = "worsening"


class Reporter(StrEnum):
    """Whose account it is."""

    PRACTITIONER = "practitioner"
    PATIENT = "patient"


class NoteKind(StrEnum):
    """What a note on a reaction does; the first records it."""

    RECORDED = "recorded"
    FOLLOWED_UP = "followed_up"
    CORRECTED = "corrected"
    CLOSED = "closed"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"  # recorded in error: it counts nowhere, and stays

    @property
    def ends(self) -> bool:
        """Whether nothing is to be followed up after it."""
        return self in {NoteKind.CLOSED, NoteKind.WITHDRAWN}


@dataclass(frozen=True, slots=True)
class AdverseEventState:
    """All that is known of a reaction at one time; each note holds one, whole.

    ``causality`` and ``trend`` are None where nobody has judged. ``description`` is in free words.
    """

    term: str
    grade: int
    onset_on: date
    outcome: Outcome = Outcome.NOT_RESOLVED
    trend: Trend | None = None
    ended_on: date | None = None
    treatment: str = ""
    causality: Causality | None = None
    seriousness: tuple[Seriousness, ...] = ()
    description: str = ""

    @property
    def is_serious(self) -> bool:
        """Whether one of the criteria of ICH holds."""
        return bool(self.seriousness)


@dataclass(frozen=True, slots=True)
class SuspectLot:
    """What was injected within the plausible window: one lot in one session.

    ``given_ml`` is of the product, ``doses`` of each of its ingredients (id, amount, unit);
    ``technique``, ``depth_mm`` and the ``route`` that the depth makes of it are the session's;
    the route is empty where the layer reached is not known.
    """

    product: str
    product_name: str
    manufacturer: str
    lot: str
    expires_on: date
    given_on: date
    session_number: int
    given_ml: float
    doses: tuple[tuple[str, float, str], ...]
    technique: str
    depth_mm: float | None
    route: str = ""


@dataclass(frozen=True, slots=True)
class AdverseEventCase:
    """One reaction as it is told to others: nobody is named.

    ``patient_code`` and ``case_code`` are random identifiers; ``age_years`` is the age at onset.
    ``first_known_on`` is the day the clinic learnt of it, ``latest_on`` that of the last note.
    """

    case_code: str
    patient_code: str
    sex: str
    age_years: int | None
    country: str
    term: AdverseEventTerm
    state: AdverseEventState
    suspects: tuple[SuspectLot, ...]
    reporter: Reporter
    first_known_on: date
    latest_on: date
    indication: str = ""
    history: tuple[tuple[date, NoteKind, AdverseEventState], ...] = ()
