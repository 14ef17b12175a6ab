r"""Irreversible inhibition of an enzyme from exposure, with turnover between sessions.

The active share :math:`E` follows :math:`\dot E = k_d(1-E) - k_2 C E`. A pulse much shorter than
:math:`1/k_d` multiplies it by :math:`e^{-k_2 AUC}`: only exposure counts, not concentration. A
constant concentration draws it to :math:`k_d/(k_d + k_2 C)`. Both, repeated every interval, have
the closed forms used here. Exposures are of free drug.

References
----------
Bull HG et al. J Am Chem Soc 1996;118:2359-2365 (the mechanism and its rate constant). The
periodic solution is elementary.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openmeso.science.injection.accepted import above_zero, not_negative

Floats = NDArray[np.float64]

NM_PER_NG_ML = 1e3  # nM in one ng/mL, times molecular weight [g/mol]


def nm_from_ng_ml(ng_ml: float, molecular_weight_g_mol: float) -> float:
    """Concentration [nM] of ``ng_ml``, or exposure in nM h of ng h/mL.

    >>> round(nm_from_ng_ml(372.55, 372.55), 6)
    1000.0
    """
    above_zero(molecular_weight_g_mol=molecular_weight_g_mol)
    return ng_ml * NM_PER_NG_ML / molecular_weight_g_mol


def exposure_for(inhibition: float, k2: float) -> float:
    """Free exposure that inactivates the share ``inhibition`` of the enzyme, as 1/``k2``.

    >>> round(exposure_for(0.5, 3.6), 2)
    0.19
    """
    if not 0 < inhibition < 1:
        raise ValueError(f"inhibition must lie between 0 and 1, not {inhibition}")
    above_zero(k2=k2)
    return -math.log1p(-inhibition) / k2


def after_session(
    auc: ArrayLike, k2: float, recovery_per_h: float, lasting_h: float = 0.0
) -> Floats:
    """Share of the enzyme still active when the drug of a first session is spent.

    ``auc`` is the free exposure, delivered evenly over ``lasting_h`` (0: at once).
    """
    above_zero(k2=k2, recovery_per_h=recovery_per_h)
    not_negative(auc=auc, lasting_h=lasting_h)
    dose = k2 * np.asarray(auc, float)
    rate = recovery_per_h * lasting_h + dose
    level = _level(recovery_per_h * lasting_h, rate)
    return np.asarray(level + (1.0 - level) * np.exp(-rate))


def mean_inhibition(
    auc: ArrayLike, k2: float, recovery_per_h: float, interval_h: float, lasting_h: float = 0.0
) -> Floats:
    """Mean inhibition over an interval, once sessions every ``interval_h`` have settled.

    ``auc`` is the free exposure of one session, delivered evenly over ``lasting_h`` (0: at
    once; an interval or longer: always). Raises ``ValueError`` for times that are not positive.
    """
    above_zero(k2=k2, recovery_per_h=recovery_per_h, interval_h=interval_h)
    not_negative(auc=auc, lasting_h=lasting_h)
    dose = k2 * np.asarray(auc, float)
    on = min(lasting_h, interval_h)
    off = interval_h - on
    back = math.exp(-recovery_per_h * off)
    kept = np.exp(-recovery_per_h * on - dose)
    rate = recovery_per_h * on + dose  # exponent of the approach to `level` while on
    # while on, E tends to `level`; a pulse has level 0 unless nothing was given
    level = _level(recovery_per_h * on, rate)
    # E at the end of the session from E at its start: kept * E + (1 - kept) * level
    end = (kept * (1.0 - back) + (1.0 - kept) * level) / (1.0 - kept * back)
    start = 1.0 - (1.0 - end) * back
    mean_shape = np.divide(-np.expm1(-rate), rate, out=np.ones_like(dose), where=rate > 0)
    during = on * (level + (start - level) * mean_shape)
    after = off - (1.0 - end) * -math.expm1(-recovery_per_h * off) / recovery_per_h
    return np.asarray(np.clip(1.0 - (during + after) / interval_h, 0.0, 1.0))


def _level(recovered: float, rate: Floats) -> Floats:
    """Active share that a constant concentration draws to; 1 where nothing acts."""
    return np.asarray(np.divide(recovered, rate, out=np.ones_like(rate), where=rate > 0))
