"""Protocol: a published or clinic template of formula, technique and schedule."""

from dataclasses import dataclass

from openmeso.terms.formula import Component


@dataclass(frozen=True, slots=True)
class Phase:
    """So many sessions at one interval [days].

    ``interval_days`` leads to each session of the phase from the one before it (the very
    first session of a course has none before it). ``min_interval_days`` is the least the
    schedule may shorten it to after a closing day; absent, the interval itself.
    """

    sessions: int
    interval_days: int
    min_interval_days: int | None = None

    def __post_init__(self) -> None:
        if self.sessions < 1 or self.interval_days < 1:
            raise ValueError("a phase needs at least one session and an interval of a day")
        if self.min_interval_days is not None and not (
            1 <= self.min_interval_days <= self.interval_days
        ):
            raise ValueError("the least interval lies between 1 day and the interval")

    @property
    def least_days(self) -> int:
        """The fewest days allowed before each session of the phase."""
        return self.interval_days if self.min_interval_days is None else self.min_interval_days


@dataclass(frozen=True, slots=True)
class Protocol:
    """A course as published (``facts``), or as saved by a clinic (``assumption``).

    ``depth_mm``, ``volume_per_point_ml`` and ``spacing_mm`` are the course's own where it states
    them; absent, the technique's defaults are offered.
    """

    id: str
    name: str
    indications: tuple[str, ...]
    phases: tuple[Phase, ...]
    technique: str
    components: tuple[Component, ...] = ()
    session_volume_ml: float | None = None
    assessment_weeks: tuple[int, ...] = ()
    summary: str = ""
    facts: tuple[str, ...] = ()
    assumption: str = ""
    depth_mm: float | None = None
    volume_per_point_ml: float | None = None
    spacing_mm: float | None = None

    @property
    def sessions(self) -> int:
        """Sessions in the whole course."""
        return sum(phase.sessions for phase in self.phases)
