"""The fat below the dermis as a layer of its own: a computed guess, for no constants are known.

Assumptions, all of them: fat holds 80 % lipid, which takes drug up as octanol does, and 15 % water,
through which alone it spreads; capillaries take it up as in the dermis, at the blood flow of the
fat of a balding scalp. A fatty drug is then held in the fat far longer, at a far lower level.

References
----------
Blood flow: :mod:`openmeso.science.injection.klemp_1989`. Uptake by capillaries as in
:mod:`openmeso.science.injection.dancik_2013`.
"""

from openmeso.science.injection.dancik_2013 import (
    AQUEOUS_FRACTION,
    DermalTransport,
    Solute,
    free_diffusivity_mm2_h,
    uptake_per_h,
)
from openmeso.science.injection.klemp_1989 import BALDING_ML_100G_MIN
from openmeso.science.injection.layered import Layer

LIPID_SHARE = 0.8
WATER_SHARE = 0.15
DENSITY_G_ML = 0.9
DEEP_MM = 1e3

ASSUMPTION = (
    "Fat below the dermis. No constants of it are known: 80 % lipid that takes drug up as octanol"
    " does, spreading through its 15 % water, and the blood flow of a balding scalp's fat are"
    " assumed."
)

_S_PER_MIN = 60.0
_PER_100 = 100.0


def dermis_on_fat(
    solute: Solute, dermis: DermalTransport, bottom_mm: float, length_mm: float
) -> tuple[Layer, Layer]:
    """Dermis down to ``bottom_mm`` and fat below, with the dermis' D as the unit of time.

    ``length_mm`` is the dermis' decay length in the case at hand; the fat's follows it. All rates
    are over the dermis' diffusivity, so that times are in mm².
    """
    flow_per_s = BALDING_ML_100G_MIN * DENSITY_G_ML / _PER_100 / _S_PER_MIN
    partition = WATER_SHARE + LIPID_SHARE * solute.unionised * 10.0**solute.log_kow
    spread = WATER_SHARE * free_diffusivity_mm2_h(solute) / partition
    cleared = AQUEOUS_FRACTION * uptake_per_h(solute, flow_per_s) / partition
    # doubt of the decay length moves the clearance of both layers alike
    case = (dermis.decay_length_mm / length_mm) ** 2
    return (
        Layer(bottom_mm, 1.0, 1.0 / length_mm**2, dermis.partition),
        Layer(DEEP_MM, spread / dermis.d_mm2_h, cleared / dermis.d_mm2_h * case, partition),
    )
