"""What the demo says was read in its pictures is what is read in them."""

from openmeso.gateways.demo_picture import (
    read_demo_comparison,
    read_demo_phototrichogram,
    read_demo_picture,
)
from openmeso.gateways.trichoscopy import read_field
from openmeso.terms.comparison import Fate
from openmeso.terms.phototrichogram import Growth
from openmeso.terms.trichoscopy import MeasureSetting


def test_the_stored_reading_is_what_is_read():
    """Only nearly, where the reading has been improved since: scripts/demo-pictures reads anew."""
    shown, stored = read_demo_picture("before")
    fresh = read_field(shown, scale=stored.scale, setting=MeasureSetting())
    assert not fresh.refused
    low, high = stored.summary.density_cm2.low, stored.summary.density_cm2.high
    assert low <= fresh.summary.density_cm2.value <= high
    assert abs(fresh.summary.mean_width_um.value - stored.summary.mean_width_um.value) < 4


def test_the_comparison_is_of_these_two_pictures():
    ids = [{hair.id for hair in read_demo_picture(name)[1].hairs} for name in ("before", "after")]
    made = read_demo_comparison()
    assert {hair.before for hair in made.hairs} - {None} <= ids[0]
    assert {hair.after for hair in made.hairs} - {None} <= ids[1]
    assert made.number(Fate.KEPT) > made.number(Fate.UNCLEAR) > 0
    assert made.density_cm2.is_beyond_error


def test_the_phototrichogram_is_of_the_shaved_spot_and_its_regrowth():
    ids = [{hair.id for hair in read_demo_picture(name)[1].hairs} for name in ("shaved", "regrown")]
    made = read_demo_phototrichogram()
    assert {hair.before for hair in made.hairs} - {None} <= ids[0]
    assert {hair.after for hair in made.hairs} - {None} <= ids[1]
    assert made.number(Growth.GROWING) > made.number(Growth.RESTING) > made.number(Growth.UNCLEAR)
    assert made.rate_mm_day is not None
