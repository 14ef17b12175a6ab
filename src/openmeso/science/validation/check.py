"""The registry of checks: one function each, with what it measures, its tolerance and its source.

A tolerance is set by what the check can tell, before it is run, and is not moved to make it pass.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from openmeso.science.validation import follicles, forecast, transport
from openmeso.science.validation.material import Material
from openmeso.terms.validation import Finding, Validation


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the science; ``measure`` says what the tolerance is for."""

    name: str
    title: str
    measure: str
    tolerance: float
    source: str
    run: Callable[[Material], Finding]


CRANK = "Crank 1975, §3.3.1; numerical quadrature of the heat kernel"
CHAIN = "Renewal theory: long-run share is mean duration over mean cycle"

CHECKS: tuple[Check, ...] = (
    Check(
        "ball",
        "A ball's field is the heat kernel's",
        "largest error, share of the start",
        1e-7,
        CRANK,
        transport.ball_against_quadrature,
    ),
    Check(
        "gaussian",
        "A Gaussian's field is the heat kernel's",
        "largest error, share of the start",
        1e-7,
        CRANK,
        transport.gaussian_against_quadrature,
    ),
    Check(
        "images",
        "Mirror images close the skin surface",
        "largest error, share of the highest",
        1e-10,
        "Cosine transform of a closed box (SciPy)",
        transport.images_against_cosine_transform,
    ),
    Check(
        "mass",
        "The dose is what lies in the skin and what was absorbed",
        "largest relative error",
        1e-9,
        "Conservation of mass; Gauss-Legendre quadrature",
        transport.dose_is_site_and_body,
    ),
    Check(
        "exposure",
        "Exposure is the integral of concentration",
        "largest relative error",
        1e-7,
        "Numerical quadrature in time",
        transport.exposure_is_the_integral,
    ),
    Check(
        "differences",
        "Finite differences come towards our field at second order",
        "largest distance of the observed order from 2",
        0.05,
        "Centred differences with a matrix exponential (SciPy)",
        transport.differences_come_towards_us,
    ),
    Check(
        "body",
        "The body's level solves its equations",
        "largest error, share of the dose",
        1e-8,
        "DOP853 (SciPy)",
        transport.body_against_a_solver,
    ),
    Check(
        "phases",
        "Long-run phases are duration over cycle",
        "largest error, share of follicles",
        1e-12,
        CHAIN,
        follicles.stationary_phases,
    ),
    Check(
        "automaton",
        "Exponential durations are the published automaton",
        "largest error, share of follicles",
        1e-9,
        "Halloy 2000; BioModels MODEL1006230014, solved by DOP853",
        follicles.published_automaton,
    ),
    Check(
        "conservation",
        "Follicles do not multiply",
        "largest error, follicles of one",
        1e-10,
        "Conservation; the published file fails it with ε > 0",
        follicles.follicles_do_not_multiply,
    ),
    Check(
        "sampler",
        "Follicles followed one by one agree with the expectation",
        "largest distance, standard deviations",
        4.0,
        "Binomial sampling",
        follicles.sampler_against_expectation,
    ),
    Check(
        "offset",
        "What minoxidil gave is lost within 24 weeks",
        "gain left, share of the gain",
        0.25,
        "Price 1999: back to placebo 24 weeks after stopping (abstract)",
        follicles.minoxidil_fades,
    ),
    Check(
        "plateau",
        "Finasteride's dose curve is the published one",
        "root mean square error, percentage points",
        5.0,
        "Drake 1999 (abstract)",
        forecast.finasteride_plateau,
    ),
    Check(
        "routes",
        "Lotion and tablet of finasteride inhibit alike",
        "difference in inhibition",
        0.05,
        "Caserini 2014 (abstract; citation recalled)",
        forecast.topical_is_as_good_as_oral,
    ),
    Check(
        "ranks",
        "A patient's update is calibrated",
        "chi-square of the ranks, 9 degrees of freedom",
        27.88,  # its 99.9th percentile
        "Talts 2018, simulation-based calibration",
        forecast.simulation_based_calibration,
    ),
    Check(
        "left-out error",
        "Studies left out: smaller error than both naive forecasts",
        "mean error over the better naive forecast's",
        1.0,
        "Published trials, leave-one-study-out",
        forecast.left_out_error,
    ),
    Check(
        "left-out cover",
        "Studies left out: 90 % bands cover 80 to 97 %",
        "distance from that range",
        0.0,
        "Published trials, leave-one-study-out",
        forecast.left_out_coverage,
    ),
    Check(
        "left-out score",
        "Studies left out: better CRPS than the class mean",
        "CRPS over the class mean's",
        1.0,
        "Published trials, leave-one-study-out",
        forecast.left_out_score,
    ),
)


def validate(material: Material, checks: Sequence[Check] = CHECKS) -> Iterator[Validation]:
    """Run the checks one after the other; the same material always gives the same."""
    for one in checks:
        yield Validation(
            one.name, one.title, one.measure, one.tolerance, one.source, one.run(material)
        )
