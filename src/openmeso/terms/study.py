"""Published studies: one row of a study arm, its design apart from its outcome.

A forecast may see the design only; the outcome is what it is scored against.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ArmDesign:
    """What is known of a study arm and its measurement before any result.

    Weeks count from the first treatment; None or an empty text where the source does not say.
    ``columns`` of the same names are described in the reference of the trials file.
    """

    row_id: str
    study_key: str
    design: str
    population_sex: str
    n_arm: int | None
    arm_id: str
    arm_label: str
    intervention_class: str
    intervention: str
    concentration_mg_ml: float | None
    n_sessions: str
    followup_week: float | None
    outcome_name: str
    outcome_unit: str
    outcome_family: str
    measurement_area: str


@dataclass(frozen=True, slots=True)
class ArmOutcome:
    """What was found, in the unit of the design; ``change_pct`` in % of baseline."""

    baseline_mean: float | None = None
    followup_mean: float | None = None
    change_mean: float | None = None
    change_sd: float | None = None
    change_pct: float | None = None
    dispersion_type: str = ""


@dataclass(frozen=True, slots=True)
class TrialRow:
    """A row of a trials file, the line on which it starts, and its citation."""

    design: ArmDesign
    outcome: ArmOutcome
    line: int
    citation: str
    source_url: str


@dataclass(frozen=True, slots=True)
class FollicleTarget:
    """A published mean that the hair-cycle model is calibrated on, as a part of baseline.

    ``drug`` none, finasteride or minoxidil; ``against`` the arm that is subtracted, if any.
    ``derivation`` says how ``value`` follows from the rows, ``sd_basis`` where the doubt is from.
    """

    name: str
    study_key: str
    rows: tuple[str, ...]
    drug: str
    against: str
    measure: str
    week: float
    value: float
    sd: float
    derivation: str
    sd_basis: str
