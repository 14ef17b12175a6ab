r"""Diffusion and clearance of a solute in viable dermis from its chemistry (Dancik et al. 2013).

A neutral or ionised solute binds to albumin in the extravascular space and partitions into lipid;
only the free part diffuses quickly and is taken up by capillaries. The total concentration then
obeys :math:`\partial C/\partial t = D\nabla^2 C - kC` with the two constants computed here.

References
----------
Dancik Y, Miller MA, Jaworska J, Kasting GB. Design and performance of a spreadsheet-based model
for estimating bioavailability of chemicals from dermal exposure. Adv Drug Deliv Rev
2013;65:221-236. Equations as implemented in the Open Systems Pharmacology skin model, whose
constants are kept here; the code is our own.

Notes
-----
The logarithm of the diffusivity carries an RMS error of 0.5-0.7 (Kretsos & Kasting), so a single
value is a middle, not a measurement: :data:`LN_D_SD` and :data:`LN_LENGTH_SD` give the doubt.
"""

import math
from dataclasses import dataclass

from openmeso.science.injection.accepted import above_zero

AQUEOUS_FRACTION = 0.6
ALBUMIN_FRACTION = 0.32
LIPID_FRACTION = 0.001
BOUND_DIFFUSIVITY_CM2_S = 1e-7
CAPILLARY_SURFACE_PER_CM = 100.0
BLOOD_FLOW_PER_S = 0.0022

LN_D_SD = 1.2
LN_LENGTH_SD = 0.6

_S_PER_H = 3600.0
_MM2_PER_CM2 = 100.0


@dataclass(frozen=True, slots=True)
class Solute:
    """What the model needs of a substance.

    ``molecular_weight_g_mol`` [g/mol], ``log_kow`` octanol-water, ``unbound`` fraction not bound
    to albumin (0-1] and ``unionised`` fraction at skin pH (0-1].
    """

    molecular_weight_g_mol: float
    log_kow: float
    unbound: float = 1.0
    unionised: float = 1.0

    def __post_init__(self) -> None:
        above_zero(molecular_weight_g_mol=self.molecular_weight_g_mol)
        if not math.isfinite(self.log_kow):
            raise ValueError(f"log_kow must be a finite number, not {self.log_kow}")
        for name in ("unbound", "unionised"):
            if not 0 < getattr(self, name) <= 1:
                value = getattr(self, name)
                raise ValueError(f"{name} must be a fraction above 0, at most 1, not {value}")


@dataclass(frozen=True, slots=True)
class DermalTransport:
    """Total diffusivity [mm²/h], clearance [1/h], binding factor and dermis:water partition."""

    d_mm2_h: float
    k_per_h: float
    binding_factor: float
    partition: float

    @property
    def decay_length_mm(self) -> float:
        """Distance over which exposure falls by a factor e [mm]."""
        return math.sqrt(self.d_mm2_h / self.k_per_h)

    @property
    def half_life_h(self) -> float:
        """Time in which half of a dose has left the dermis [h]."""
        return math.log(2.0) / self.k_per_h


def dermal_transport(solute: Solute, blood_flow_per_s: float = BLOOD_FLOW_PER_S) -> DermalTransport:
    """Constants of one solute in viable dermis.

    ``blood_flow_per_s`` is the dermal perfusion [mL of blood per mL of tissue per s].

    References
    ----------
    Dancik et al. 2013; symbols there: D_free, BF, D_de, k_free, k_de, K_de/w, P_cap, S, Q.
    """
    above_zero(blood_flow_per_s=blood_flow_per_s)
    binding = (
        (1.0 - ALBUMIN_FRACTION)
        + ALBUMIN_FRACTION / solute.unbound
        + LIPID_FRACTION * solute.unionised * 10.0**solute.log_kow
    )
    free = _free_cm2_s(solute)
    carried = ALBUMIN_FRACTION * BOUND_DIFFUSIVITY_CM2_S * (1.0 - solute.unbound) / solute.unbound
    return DermalTransport(
        d_mm2_h=(free + carried) / binding * _MM2_PER_CM2 * _S_PER_H,
        k_per_h=uptake_per_h(solute, blood_flow_per_s) / binding,
        binding_factor=binding,
        partition=AQUEOUS_FRACTION / solute.unionised * binding,
    )


def free_diffusivity_mm2_h(solute: Solute) -> float:
    """Diffusivity [mm²/h] of free solute in the water of the tissue.

    References
    ----------
    Dancik et al. 2013; D_free there.
    """
    return _free_cm2_s(solute) * _MM2_PER_CM2 * _S_PER_H


def uptake_per_h(solute: Solute, blood_flow_per_s: float) -> float:
    """Uptake [1/h] of free solute by capillaries: through their wall, and away with the blood.

    References
    ----------
    Dancik et al. 2013; k_free, P_cap, S and Q there.
    """
    above_zero(blood_flow_per_s=blood_flow_per_s)
    wall_cm_h = 10.0 ** (
        2.0 - 2.7437 + 0.71 * solute.log_kow - 0.0061 * solute.molecular_weight_g_mol
    )
    through_wall_per_h = wall_cm_h * CAPILLARY_SURFACE_PER_CM
    return float(1.0 / (1.0 / through_wall_per_h + 1.0 / (blood_flow_per_s * _S_PER_H)))


def _free_cm2_s(solute: Solute) -> float:
    return float(10.0 ** (-4.15 - 0.6555 * math.log10(solute.molecular_weight_g_mol)))
