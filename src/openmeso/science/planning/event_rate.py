"""Event rate: how often, out of how many, with the exact interval of a proportion.

References
----------
Clopper CJ, Pearson ES. The use of confidence or fiducial limits illustrated in the case of the
binomial. Biometrika 1934;26:404-413.
"""

from scipy.stats import binomtest

from openmeso.terms.adverse_event import Proportion

LEVEL = 0.95


def proportion(events: int, of: int) -> Proportion:
    """``events`` out of ``of``, with its exact (Clopper-Pearson) 95 % interval.

    Of nothing, nothing is known: the interval is 0 to 1. ValueError where there are more events
    than there were occasions, or fewer than none.
    """
    if not 0 <= events <= of:
        raise ValueError(f"expected 0 to {of} events; got {events}")
    if of == 0:
        return Proportion(0, 0, 0.0, 1.0)
    interval = binomtest(events, of).proportion_ci(LEVEL, method="exact")
    return Proportion(events, of, float(interval.low), float(interval.high))
