"""The same spot is found again, where it truly lies; another spot is refused."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from openmeso.science.trichoscopy import warp
from openmeso.science.trichoscopy.registration import coefficients_px, inverse, register
from openmeso.terms.comparison import NoComparison
from openmeso.terms.trichoscopy import (
    Estimate,
    FieldSummary,
    Hair,
    HairField,
    HairMode,
    Scale,
)

WIDTH_PX, HEIGHT_PX, UM_PER_PX = 1600, 1200, 5.0
MIDDLE_MM = np.array([4.0, 3.0])
JITTER_MM = 0.06  # what tracing misses a root by, each way
MISSED, FALSE = 0.12, 0.08


@dataclass(frozen=True)
class Spot:
    """Roots on the skin [mm], a margin around the picture included."""

    roots_mm: np.ndarray


def spot(random: np.random.Generator, hairs_cm2: float = 150.0) -> Spot:
    """Openings at least 0.4 mm apart, with one to four hairs each."""
    low, high = np.array([-2.0, -2.0]), np.array([10.0, 8.0])
    openings: list[np.ndarray] = []
    while len(openings) < hairs_cm2 / 1.95 * 1.2:
        one = random.uniform(low, high)
        if all(np.hypot(*(one - other)) > 0.4 for other in openings):
            openings.append(one)
    sizes = random.choice([1, 2, 3, 4], size=len(openings), p=[0.35, 0.4, 0.2, 0.05])
    return Spot(np.repeat(openings, sizes, axis=0) + random.normal(0, 0.09, (sizes.sum(), 2)))


def traced(roots_mm: np.ndarray, random: np.random.Generator) -> HairField:
    """What tracing makes of them: some missed, some misplaced, some that are none."""
    seen = roots_mm[random.random(len(roots_mm)) > MISSED]
    seen = seen + random.normal(0, JITTER_MM, seen.shape)
    false = random.uniform([0, 0], [8, 6], (int(FALSE * len(seen) / 2), 2))
    px = np.vstack([seen, false]) * 1000 / UM_PER_PX
    px = px[np.all((px >= 0) & (px < [WIDTH_PX, HEIGHT_PX]), axis=1)]
    hairs = tuple(
        Hair(id=number, path_px=((x, y), (x + 60, y)), width_px=12.0, length_px=60.0)
        for number, (x, y) in enumerate(px.tolist())
    )
    summary = FieldSummary(count=Estimate(0, 0, 0), counted_hairs=len(hairs))
    return HairField(
        WIDTH_PX, HEIGHT_PX, HairMode.CLIPPED, Scale(UM_PER_PX), hairs, summary,
        (0, 0, WIDTH_PX, HEIGHT_PX),
    )  # fmt: skip


def moved(points_mm: np.ndarray, turn_deg: float, zoom: float, shift_mm: np.ndarray) -> np.ndarray:
    """Turned, zoomed and shifted, and the skin a little stretched."""
    turn = np.radians(turn_deg)
    matrix = zoom * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    x, y = (points_mm - MIDDLE_MM).T
    stretch = np.stack([0.004 * x * x + 0.003 * x * y, 0.004 * y * y - 0.002 * x * x], axis=1)
    return (points_mm - MIDDLE_MM) @ matrix.T + stretch + MIDDLE_MM + shift_mm


GRID_MM = np.stack(np.meshgrid(np.linspace(2, 6, 6), np.linspace(1.5, 4.5, 6)), -1).reshape(-1, 2)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("turn_deg", [-15.0, 4.0, 90.0])
def test_the_spot_is_found_where_it_lies(seed, turn_deg):
    random = np.random.default_rng(seed)
    roots = spot(random).roots_mm
    zoom, shift = random.uniform(0.9, 1.1), random.uniform(-0.8, 0.8, 2)
    before = traced(roots, random)
    after = traced(moved(roots, turn_deg, zoom, shift), random)

    found = register(before, after)

    there = warp.apply(coefficients_px(found), GRID_MM * 1000 / UM_PER_PX) * UM_PER_PX / 1000
    off_um = np.hypot(*(there - moved(GRID_MM, turn_deg, zoom, shift)).T) * 1000
    # a third of the distance of two openings is what tells hairs of one from another's
    assert np.median(off_um) < 130
    assert abs(found.rotation_deg - turn_deg) < 3
    assert abs(found.zoom / zoom - 1) < 0.05


@pytest.mark.parametrize("seed", range(5))
def test_another_spot_is_refused(seed):
    random = np.random.default_rng(100 + seed)
    before, after = (traced(spot(random).roots_mm, random) for _ in range(2))
    with pytest.raises(NoComparison, match="not found"):
        register(before, after)


def test_too_few_openings_are_refused_with_what_to_do():
    random = np.random.default_rng(1)
    field = traced(spot(random).roots_mm, random)
    with pytest.raises(NoComparison, match="wider field"):
        register(replace(field, hairs=field.hairs[:3]), field)


def test_a_field_is_found_in_itself_exactly():
    field = traced(spot(np.random.default_rng(2)).roots_mm, np.random.default_rng(3))
    found = register(field, field)
    assert found.overlap_share == pytest.approx(1.0, abs=1e-6)
    assert found.residual_um == pytest.approx(0.0, abs=1e-6)
    assert found.matched_share == 1.0


def test_the_way_back_leads_to_where_it_began():
    coefficients = np.array(
        [[40.0, -20.0], [0.98, 0.1], [-0.1, 0.98], [1e-5, 0], [1e-5, 2e-5], [0, 1e-5]]
    )
    points = np.random.default_rng(4).uniform(0, 1500, (50, 2))
    back = inverse(coefficients, warp.apply(coefficients, points))
    np.testing.assert_allclose(back, points, atol=1e-6)


@pytest.mark.parametrize("terms", [warp.AFFINE_TERMS, warp.QUADRATIC_TERMS])
def test_a_fit_gives_back_the_map_that_made_the_points_and_passes_over_strays(terms):
    random = np.random.default_rng(5)
    true = random.normal(0, 1e-4, (terms, 2))
    true[0], true[1:3] = (30, -12), [[1.02, 0.2], [-0.2, 1.02]]
    source = random.uniform(0, 1000, (60, 2))
    target = warp.apply(true, source)
    target[:5] += 40
    np.testing.assert_allclose(warp.fit(source, target, terms, 30.0), true, atol=1e-6)
