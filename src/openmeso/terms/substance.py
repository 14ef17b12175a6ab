"""Substance: what the transport model needs to know of an injected ingredient."""

from dataclasses import dataclass
from enum import StrEnum

from openmeso.terms.provenance import Quantity, Statement


class Deposit(StrEnum):
    """What lies in the skin after the injection: a solution, or solid that slowly dissolves."""

    SOLUTION = "solution"
    DEPOT = "depot"


@dataclass(frozen=True, slots=True)
class Substance:
    """Chemistry and local effect of one ingredient; ingredients without one are not modelled.

    ``unbound`` is the fraction not bound to albumin. An irreversible inhibitor has
    ``inactivation_per_nm_h``, the second-order rate constant [1/(nM h)] by which free drug
    inactivates its enzyme, and ``recovery_half_life_days``; a reversible drug has
    ``threshold_ng_ml``, the free concentration held to act, and ``reference_mg_per_cm2_day``,
    the flux into the skin of its usual topical use, against which exposure is measured.
    ``solubility_g_ml`` is a range over which a depot's solubility is log-uniform.

    The level in the blood needs ``systemic_volume_l`` and either ``systemic_half_life_h`` (one
    compartment) or ``systemic_clearance_l_h``, with a peripheral compartment and a path that
    saturates where they are known. ``swallowed_share`` is given where these were published per
    amount swallowed: the share of it that reaches the blood. ``responder_share`` of people are
    held to get the full effect, the others ``others_part`` of it.
    """

    ingredient: str
    molecular_weight_g_mol: Quantity
    log_kow: Quantity
    unbound: Quantity
    deposit: Deposit = Deposit.SOLUTION
    solubility_g_ml: Quantity | None = None
    inactivation_per_nm_h: Quantity | None = None
    recovery_half_life_days: Quantity | None = None
    threshold_ng_ml: Quantity | None = None
    reference_mg_per_cm2_day: Quantity | None = None
    systemic_half_life_h: Quantity | None = None
    systemic_volume_l: Quantity | None = None
    systemic_clearance_l_h: Quantity | None = None
    peripheral_volume_l: Quantity | None = None
    exchange_l_h: Quantity | None = None
    saturable_ug_h: Quantity | None = None
    saturable_half_ng_ml: Quantity | None = None
    swallowed_share: Quantity | None = None
    responder_share: Quantity | None = None
    others_part: Quantity | None = None
    cautions: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class SizeClass:
    """Follicles of one size: how deep their bulb and bulge lie [mm below the surface]."""

    id: str
    name: str
    bulb_depth_mm: Quantity
    bulge_depth_mm: Quantity
