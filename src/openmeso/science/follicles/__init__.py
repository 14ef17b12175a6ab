"""Hair follicles as a population: how many stand in which phase and size, and how drugs move them."""

from openmeso.science.follicles.chain import after_years, healthy, stationary
from openmeso.science.follicles.course import Epoch, Stratum, course, course_in_strata
from openmeso.science.follicles.cycle import HairCycle, PhaseCounts
from openmeso.science.follicles.effect import NO_EFFECT, DrugEffect
from openmeso.science.follicles.measure import HairMeasures

__all__ = [
    "NO_EFFECT",
    "DrugEffect",
    "Epoch",
    "HairCycle",
    "HairMeasures",
    "PhaseCounts",
    "Stratum",
    "after_years",
    "course",
    "course_in_strata",
    "healthy",
    "stationary",
]
