"""The follicular automaton of Halloy et al. in its deterministic form.

Anagen, telogen and latency follow each other with exponential waiting times. It is kept as the
published limit that :mod:`openmeso.science.follicles.chain` must reproduce.

References
----------
Halloy J, Bernard BA, Loussouarn G, Goldbeter A. Modeling the dynamics of human hair cycles by a
follicular automaton. PNAS 2000;97:8328. Equations and constants: BioModels MODEL1006230014 (CC0).

Notes
-----
The file also carries a flow into miniaturised follicles (its epsilon). With epsilon above 0 the
published equations create follicles: the outflow is missing from the phases it leaves. Only
epsilon 0 is taken over; loss is modelled in :mod:`openmeso.science.follicles.cycle`, where it
conserves. The constants reproduce one alopecic pattern and are no population values.
"""

from openmeso.science.follicles.cycle import HairCycle, PhaseCounts

ANAGEN_MONTHS = 3.6
TELOGEN_MONTHS = 2.4
LATENCY_MONTHS = 2.0
START = {"anagen": 0.34, "telogen": 0.33, "kenogen": 0.33}
DAYS_PER_MONTH = 30.4375


def halloy_cycle() -> HairCycle:
    """One size class, exponential phases, catagen counted with anagen as in the paper."""
    return HairCycle(
        sizes_um=(60.0,),
        anagen_days=ANAGEN_MONTHS * DAYS_PER_MONTH,
        catagen_days=0.0,
        telogen_days=TELOGEN_MONTHS * DAYS_PER_MONTH,
        kenogen_days=LATENCY_MONTHS * DAYS_PER_MONTH,
        anagen_exponent=0.0,
        kenogen_exponent=0.0,
        p_down=0.0,
        p_up=0.0,
        p_loss=0.0,
        phases=PhaseCounts(1, 0, 1, 1),
    )
