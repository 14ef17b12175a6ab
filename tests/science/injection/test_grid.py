"""The grid never leaves the zone, never comes closer than its spacing, and counts right."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree
from shapely.geometry import Point, Polygon

from openmeso.science.injection.grid import count_points, lay_grid
from openmeso.science.injection.zone import treated_zones
from openmeso.terms.grid import GridSpec, Lattice
from openmeso.terms.plan import PlanInputError
from openmeso.terms.zone import Exclusion, Zone


def rectangle(x: float, y: float, width: float, height: float) -> tuple[tuple[float, float], ...]:
    return ((x, y), (x + width, y), (x + width, y + height), (x, y + height))


@st.composite
def star(draw: st.DrawFn) -> tuple[tuple[float, float], ...]:
    """A simple polygon, often hollow: radii drawn around a centre."""
    corners = draw(st.integers(3, 14))
    radii = draw(st.lists(st.floats(15, 70), min_size=corners, max_size=corners))
    cx, cy = draw(st.floats(-60, 60)), draw(st.floats(-60, 60))
    angles = [math.tau * k / corners for k in range(corners)]
    return tuple(
        (cx + r * math.cos(a), cy + r * math.sin(a)) for r, a in zip(radii, angles, strict=True)
    )


SPECS = st.builds(
    GridSpec,
    spacing_mm=st.floats(4, 20),
    lattice=st.sampled_from(Lattice),
    margin_mm=st.floats(0, 5),
    angle_degrees=st.floats(-90, 90),
)
SPOTS = st.lists(
    st.builds(
        Exclusion,
        centre=st.tuples(st.floats(-60, 60), st.floats(-60, 60)),
        radius_mm=st.floats(1, 12),
    ),
    max_size=3,
).map(tuple)
SCALES = st.floats(0.8, 1.2)


@settings(max_examples=150, deadline=None)
@given(st.lists(star(), min_size=1, max_size=3), SPOTS, SPECS, SCALES)
def test_points_keep_to_zone_margin_exclusions_and_spacing(polygons, spots, spec, scale) -> None:
    zones = [Zone(str(i), "v", polygon, spots) for i, polygon in enumerate(polygons)]
    try:
        grid = lay_grid(zones, spec, scale)
    except PlanInputError:
        assume(False)
    for zone, laid in zip(zones, grid.zones, strict=True):
        drawn = Polygon(np.array(zone.polygon) * scale)
        for xy in laid.points_mm:
            point = Point(xy)
            assert drawn.distance(point) <= 1e-9
            assert drawn.exterior.distance(point) >= spec.margin_mm - 1e-9
            for spot in spots:
                centre = [scale * value for value in spot.centre]
                assert math.dist(xy, centre) >= spot.radius_mm * scale + spec.margin_mm - 1e-9
    points = [xy for laid in grid.zones for xy in laid.points_mm]
    assert len(points) == grid.points
    if len(points) > 1:
        nearest = cKDTree(points).query(points, k=2)[0][:, 1]
        assert nearest.min() >= spec.spacing_mm - 1e-9


@given(SPECS)
@settings(max_examples=30, deadline=None)
def test_count_follows_area_over_the_cell_of_the_lattice(spec: GridSpec) -> None:
    width, height = 400.0, 300.0
    grid = lay_grid([Zone("z", "v", rectangle(-200, -150, width, height))], spec)
    inner = (width - 2 * spec.margin_mm) * (height - 2 * spec.margin_mm)
    cell = spec.spacing_mm**2 * (math.sqrt(0.75) if spec.lattice is Lattice.HEXAGONAL else 1.0)
    edge_cells = 2 * (width + height) * spec.spacing_mm / cell / 2
    assert abs(grid.points - inner / cell) <= edge_cells + 4


def test_scale_and_spacing_together_leave_the_count_alone() -> None:
    zone = Zone("z", "v", rectangle(-47.3, -33.1, 91.7, 71.3))
    plain = lay_grid([zone], GridSpec(7.0, margin_mm=2.0, angle_degrees=12.0))
    grown = lay_grid([zone], GridSpec(7.7, margin_mm=2.2, angle_degrees=12.0), 1.1)
    assert grown.points == plain.points
    assert grown.area_cm2 == pytest.approx(plain.area_cm2 * 1.21, rel=1e-12)
    assert grown.perforations_per_cm2 == pytest.approx(plain.perforations_per_cm2 / 1.21)
    assert np.allclose(np.array(grown.zones[0].points_mm), 1.1 * np.array(plain.zones[0].points_mm))


def test_hand_counted_square_grid() -> None:
    # inner square from -8 to 28 in both directions: lattice lines at 0, 10, 20
    grid = lay_grid([Zone("z", "v", rectangle(-10, -10, 40, 40))], GridSpec(10.0))
    assert grid.points == 9
    assert grid.area_cm2 == pytest.approx(16.0)
    assert grid.perforations_per_cm2 == pytest.approx(9 / 16)
    assert grid.zones[0].points_mm == pytest.approx(
        np.array(
            [(0, 0), (10, 0), (20, 0), (20, 10), (10, 10), (0, 10), (0, 20), (10, 20), (20, 20)]
        )
    )


def test_hand_counted_hexagonal_grid() -> None:
    spec = GridSpec(10.0, Lattice.HEXAGONAL, margin_mm=0.0)
    grid = lay_grid([Zone("z", "v", rectangle(-1, -1, 22, 10))], spec)
    row = 5 * math.sqrt(3)
    assert np.array(grid.zones[0].points_mm) == pytest.approx(
        np.array([(0, 0), (10, 0), (20, 0), (15, row), (5, row)])
    )


def test_375_square_centimetres_at_one_point_each_are_375_points() -> None:
    # published arithmetic: 375 points of 0.02-0.05 mL make 7.5-18.75 mL (F0194, F0169, F0467)
    zone = Zone("z", "v", rectangle(-5, -5, 250, 150))
    grid = lay_grid([zone], GridSpec(10.0, margin_mm=0.0))
    assert grid.area_cm2 == pytest.approx(375.0)
    assert grid.points == 375
    assert grid.points * 0.02 == pytest.approx(7.5, abs=1e-12)
    assert grid.points * 0.05 == pytest.approx(18.75, abs=1e-12)


def test_an_overlap_is_injected_once_and_neighbours_keep_their_spacing() -> None:
    one = Zone("a", "v", rectangle(-5, -5, 100, 100))
    two = Zone("b", "v", rectangle(45, -5, 100, 100))
    both = lay_grid([one, two], GridSpec(10.0, margin_mm=0.0))
    assert [len(zone.points_mm) for zone in both.zones] == [100, 50]
    assert both.area_cm2 == pytest.approx(150.0)


def test_every_view_has_its_own_lattice_and_scale() -> None:
    square = rectangle(-7.5, -7.5, 50, 50)
    zones = [Zone("a", "v", square), Zone("b", "w", square)]
    grid = lay_grid(zones, GridSpec(10.0, margin_mm=0.0), {"v": 2.0, "w": 1.0})
    assert [len(zone.points_mm) for zone in grid.zones] == [100, 25]
    assert grid.scale == 2.0


def test_counting_agrees_with_laying() -> None:
    zones = [Zone("a", "v", rectangle(-5, -5, 97, 83)), Zone("b", "v", rectangle(60, 10, 80, 60))]
    spec = GridSpec(6.5, Lattice.HEXAGONAL, 1.5, 33.0)
    assert count_points(treated_zones(zones, 1.0), spec) == lay_grid(zones, spec).points


def test_points_run_to_and_fro() -> None:
    spec = GridSpec(5.0, angle_degrees=20.0)
    points = np.array(lay_grid([Zone("z", "v", rectangle(0, 0, 60, 60))], spec).zones[0].points_mm)
    steps = np.hypot(*np.diff(points, axis=0).T)
    assert np.median(steps) == pytest.approx(5.0)
    assert steps.max() < 25.0


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        (GridSpec(0.0), "choice.grid.spacing_mm"),
        (GridSpec(-1.0), "choice.grid.spacing_mm"),
        (GridSpec(math.nan), "choice.grid.spacing_mm"),
        (GridSpec(0.001), "choice.grid.spacing_mm"),
        (GridSpec(10.0, margin_mm=-1.0), "choice.grid.margin_mm"),
        (GridSpec(10.0, angle_degrees=math.inf), "choice.grid.angle_degrees"),
        (GridSpec(10.0, margin_mm=60.0), "choice.grid"),
    ],
)
def test_grids_that_cannot_be_laid_name_the_field(spec: GridSpec, path: str) -> None:
    with pytest.raises(PlanInputError) as caught:
        lay_grid([Zone("z", "v", rectangle(0, 0, 100, 100))], spec)
    assert caught.value.path == path
    assert caught.value.remedy


def test_the_margin_is_exact_at_hollow_corners() -> None:
    # an inward buffer of few segments would let points nearer than the margin through
    hollow = ((0.0, 0.0), (60.0, 0.0), (60.0, 60.0), (30.0, 20.0), (0.0, 60.0))
    grid = lay_grid([Zone("z", "v", hollow)], GridSpec(0.7, margin_mm=6.0))
    edge = Polygon(hollow).exterior
    away = shapely.distance(edge, shapely.points(np.array(grid.zones[0].points_mm)))
    assert away.min() >= 6.0 - 1e-9
