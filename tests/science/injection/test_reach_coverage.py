"""Coverage of an endless square grid against the examples worked out beforehand.

Bulbs at 4 mm, boluses at 2 mm. An endless grid is one cell with neighbours enough around it.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from openmeso.gateways.knowledge import load_knowledge
from openmeso.science.injection import reach_level as level
from openmeso.science.injection.bolus import ball_radius_mm
from openmeso.science.injection.exposure import neighbours
from openmeso.science.injection.reach_field import clearance_per_h, release_of, spreading
from openmeso.science.injection.reach_level import NOMINAL, Fields
from openmeso.science.injection.reach_site import Site, spread_within

KNOWLEDGE = load_knowledge()
WEEK_H = 168.0


def endless(
    ingredient: str, mg_per_ml: float, volume_ml: float, spacing_mm: float, bulb_mm: float = 4.0
) -> Fields:
    around = np.arange(-6, 7) * spacing_mm
    points = np.stack(np.meshgrid(around, around), axis=-1).reshape(-1, 2)
    half = spacing_mm / 2
    follicles = spread_within(box(-half, -half, half, half), 1000)
    site = Site(2.0, ball_radius_mm(volume_ml), volume_ml, points, follicles, (), follicles[:1])
    near = neighbours(follicles, points, site.radius_mm + 13.0)
    release = release_of(KNOWLEDGE.substances[ingredient], mg_per_ml, site)
    depths = [bulb_mm]
    return level.fields_at(release, near, depths, WEEK_H, spreading(site, near, depths))


@pytest.mark.parametrize(
    ("volume_ml", "spacing_mm", "expected"),
    [(0.05, 5, 1.00), (0.05, 10, 0.96), (0.05, 15, 0.50), (0.02, 10, 0.85), (0.02, 15, 0.38)],
)
def test_finasteride_half_a_milligram_per_ml(
    volume_ml: float, spacing_mm: float, expected: float
) -> None:
    fields = endless("finasteride", 0.5, volume_ml, spacing_mm)
    assert level.reached(fields, NOMINAL).mean() == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize(
    ("spacing_mm", "hour", "expected"),
    [(10, 0.25, 0.45), (10, 1, 0.67), (10, 2, 0.04), (15, 0.25, 0.20), (15, 1, 0.29), (15, 2, 0.02)],
)  # fmt: skip
def test_minoxidil_above_a_microgram_per_ml_at_an_hour(
    spacing_mm: float, hour: float, expected: float
) -> None:
    fields = endless("minoxidil", 5.0, 0.05, spacing_mm)
    hours, course = level.node_course(fields, NOMINAL)
    at = np.array([np.exp(np.interp(hour, hours, np.log(one + 1e-300))) for one in course[0]])
    assert (at > 1000.0).mean() == pytest.approx(expected, abs=0.03)


@given(st.floats(6, 18), st.floats(1.05, 1.5), st.floats(0.01, 0.1))
@settings(max_examples=12, deadline=None)
def test_wider_spacing_or_less_volume_never_reaches_more(
    spacing_mm: float, factor: float, volume_ml: float
) -> None:
    here = level.reached(endless("finasteride", 0.5, volume_ml, spacing_mm), NOMINAL).mean()
    wider = level.reached(
        endless("finasteride", 0.5, volume_ml, spacing_mm * factor), NOMINAL
    ).mean()
    less = level.reached(
        endless("finasteride", 0.5, volume_ml / factor, spacing_mm), NOMINAL
    ).mean()
    assert wider <= here + 0.01  # 1,000 follicles: a point of sampling
    assert less <= here + 0.01


@pytest.mark.parametrize("ingredient", ["minoxidil", "finasteride"])
def test_exposure_is_the_integral_of_the_course(ingredient: str) -> None:
    """The course is tabled at 61 times: a trapezium is good to some parts in a hundred."""
    fields = endless(ingredient, 1.0, 0.05, 8.0)
    hours, course = level.node_course(fields, NOMINAL)
    auc = level.node_auc(fields, NOMINAL)
    whole = np.trapezoid(course, hours)
    well = auc > 1e-3 * auc.max()
    assert np.abs(whole[well] / auc[well] - 1).max() <= 0.03


def test_mean_exposure_over_an_endless_grid_is_dose_over_clearance() -> None:
    """Whatever depth it reaches, the drug above one cell of the grid is one bolus."""
    release = endless("minoxidil", 5.0, 0.05, 8.0).release
    depths = np.linspace(0.0, 14.0, 141)
    auc = np.array(
        [
            level.node_auc(endless("minoxidil", 5.0, 0.05, 8.0, z), NOMINAL).mean()
            for z in depths[::10]
        ]
    )
    k = clearance_per_h(release, release.length_mm)
    total_ng = np.trapezoid(auc, depths[::10]) * 8.0**2 / 1000 * release.transport.partition * k
    assert total_ng == pytest.approx(0.25e6, rel=0.05)  # 0.05 mL of 5 mg/mL


def test_hours_above_by_hand() -> None:
    hours = np.array([0.0, 1.0, 2.0, 4.0])
    course = np.array([[0.0, 2.0, 2.0, 0.0], [0.0, 0.5, 0.5, 0.0], [3.0, 3.0, 3.0, 3.0]])
    # rises through 1 half way, stays, falls through 1 half way of two hours
    assert level.hours_above(hours, course, 1.0).tolist() == [0.5 + 1.0 + 1.0, 0.0, 4.0]


def test_exposure_and_concentration_readings_disagree_as_they_must() -> None:
    """Saturation at every moment never gives more than saturation of the average."""
    found = level.levels(endless("minoxidil", 5.0, 0.05, 8.0), NOMINAL)
    assert (found["concentration"] <= found["exposure"] * 1.05 + 1e-12).all()
    assert found["exposure"].max() > 20 * found["concentration"].max()
