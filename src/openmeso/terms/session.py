"""Session: what is typed at the chair, and what it comes to once it is signed."""

from dataclasses import dataclass
from enum import StrEnum

from openmeso.terms.assessment import ChecklistAnswer
from openmeso.terms.check import Finding, Override
from openmeso.terms.contraindication import Answer

PAIN_HIGHEST = 10  # numerical rating scale, 0 none to 10 worst


class PointState(StrEnum):
    """What became of a planned point."""

    GIVEN = "given"
    SKIPPED = "skipped"
    MOVED = "moved"


class Signature(StrEnum):
    """How whoever signs proves, once more, to be who is signed in."""

    NONE = "none"
    PASSWORD = "password"  # noqa: S105 (a word, not a secret)
    SECOND_FACTOR = "second_factor"


@dataclass(frozen=True, slots=True)
class PointException:
    """A point given otherwise than its zone [mm, mL]; None means as everywhere.

    ``number`` counts the plan's points from 1, zone after zone, in injecting order.
    """

    number: int
    state: PointState = PointState.GIVEN
    x_mm: float | None = None
    y_mm: float | None = None
    volume_ml: float | None = None
    depth_mm: float | None = None


@dataclass(frozen=True, slots=True)
class ZoneGiven:
    """A zone of the plan (by its number, from 1) that was injected, and from which syringe."""

    zone: int
    syringe: int = 1


@dataclass(frozen=True, slots=True)
class LotUsed:
    """A product drawn up from one lot [mL]; without a ``syringe`` it went into all of them.

    ``lot`` is the id of the clinic's lot. ``despite`` says why it was given although the lot had
    been recalled or had expired, which nobody knew when it was drawn.
    """

    product: str
    lot: str
    drawn_ml: float = 0.0
    syringe: int | None = None
    despite: str = ""


@dataclass(frozen=True, slots=True)
class Reaction:
    """What was seen at once: the id of an adverse-event term and its CTCAE grade."""

    term: str
    grade: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True)
class LateAnswer:
    """Whether a late reaction (the id of a ReactionWindow) was seen since the last sessions."""

    window: str
    answer: Answer = Answer.NOT_ASKED


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """Everything typed at the chair; whatever is empty has not been said.

    ``anything_new`` answers *has anything changed since last time: an illness, a medicine, a
    treatment?* ``depth_mm`` and ``volume_per_point_ml`` are the actual ones, None as planned.
    ``began_ms`` and ``ended_ms`` are the timer's, in milliseconds of the tablet's own clock;
    ``minutes`` is the injecting time it showed, or that was typed. ``wasted_ml`` is what was
    thrown away of the mixture, None where nobody said.
    """

    checklist: tuple[ChecklistAnswer, ...] = ()
    anything_new: Answer = Answer.NOT_ASKED
    anything_new_note: str = ""
    late_reactions: tuple[LateAnswer, ...] = ()
    systolic_mmhg: float | None = None
    diastolic_mmhg: float | None = None
    overrides: tuple[Override, ...] = ()
    lots: tuple[LotUsed, ...] = ()
    zones: tuple[ZoneGiven, ...] = ()
    exceptions: tuple[PointException, ...] = ()
    device: str = ""
    depth_mm: float | None = None
    volume_per_point_ml: float | None = None
    began_ms: int | None = None
    ended_ms: int | None = None
    minutes: float | None = None
    pain: int | None = None
    reactions_seen: Answer = Answer.NOT_ASKED
    reactions: tuple[Reaction, ...] = ()
    wasted_ml: float | None = None
    aftercare_given: bool = False
    notes: str = ""


@dataclass(frozen=True, slots=True)
class InjectedPoint:
    """One planned point and what became of it, in mm on the patient's own head or body."""

    number: int
    zone: str
    x_mm: float
    y_mm: float
    state: PointState
    volume_ml: float
    depth_mm: float
    syringe: int


@dataclass(frozen=True, slots=True)
class VialBalance:
    """What became of one lot [mL]: drawn is given and wasted together."""

    product: str
    lot: str
    syringe: int | None
    drawn_ml: float
    given_ml: float
    wasted_ml: float


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the session left the plan: ``about`` what, and both values in words."""

    about: str
    planned: str
    given: str


@dataclass(frozen=True, slots=True)
class SessionResult:
    """What the typing comes to: points, vials, differences, today's findings.

    ``missing`` are the codes of what still stands before the signature.
    """

    points: tuple[InjectedPoint, ...] = ()
    vials: tuple[VialBalance, ...] = ()
    differences: tuple[Difference, ...] = ()
    findings: tuple[Finding, ...] = ()
    new_findings: tuple[str, ...] = ()  # not in the approved plan
    open_overrides: tuple[str, ...] = ()
    blocked: bool = False
    missing: tuple[str, ...] = ()
    given: int = 0
    skipped: int = 0
    moved: int = 0
    volume_ml: float = 0.0
    drawn_ml: float = 0.0
    wasted_ml: float = 0.0
    doses: tuple[tuple[str, float, str], ...] = ()  # ingredient, amount, unit

    @property
    def can_be_signed(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.missing
