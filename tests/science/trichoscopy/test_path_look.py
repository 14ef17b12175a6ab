"""What the judge of a path is told: the same from either end and in a mirror; colour; company."""

import numpy as np
import pytest

from openmeso.science.kernels.ribbon_company import COLUMNS
from openmeso.science.trichoscopy.absorption import hue
from openmeso.science.trichoscopy.path_look import Paths, look_along

UM = 5.5
SIDE = 160


def lines(*ends, likely=0.8):
    """Straight paths between ends, 12 pixels wide, an edge on either side."""
    points = [
        np.column_stack([np.linspace(one, other, 50), np.ones((50, 2))]) for one, other in ends
    ]
    spans = np.array([[50 * k, 50 * k + 50] for k in range(len(ends))])
    count = len(ends)
    return Paths(
        np.vstack(points).astype(np.float32), spans, np.full(count, 12.0), np.full(count, likely)
    )


def looked(a, colour, paths):
    found, around = look_along(a, colour, paths, 0.6, UM, np.ones(len(paths.spans)))
    return found, around.company(paths.likely)


@pytest.fixture
def skin():
    draw = np.random.default_rng(5)
    return draw.random((SIDE, SIDE)).astype(np.float32), draw.normal(
        0, 0.1, (2, SIDE, SIDE)
    ).astype(np.float32)


def test_a_path_looks_the_same_from_its_other_end(skin):
    there, _ = looked(*skin, lines(((30, 40), (120, 90))))
    back, _ = looked(*skin, lines(((120, 90), (30, 40))))
    assert there == pytest.approx(back, abs=2e-3)


def test_a_path_looks_the_same_in_a_mirror(skin):
    a, colour = skin
    here, _ = looked(a, colour, lines(((30, 40), (120, 90))))
    mirrored = lines(((SIDE - 1 - 30, 40), (SIDE - 1 - 120, 90)))
    there, _ = looked(a[:, ::-1].copy(), colour[:, :, ::-1].copy(), mirrored)
    assert here == pytest.approx(there, abs=2e-3)


def test_a_vessel_is_red_and_a_hair_is_not():
    picture = np.full((SIDE, SIDE, 3), (200, 160, 140), np.uint8)
    picture[60:72] = (180, 90, 90)  # blood takes green and leaves red
    picture[100:112] = (60, 48, 42)
    paths = lines(((20, 65.5), (140, 65.5)), ((20, 105.5), (140, 105.5)))
    found, _ = looked(np.zeros((SIDE, SIDE), np.float32), hue(picture, (SIDE, SIDE)), paths)
    red = found[:, 0]
    assert red[0] < -0.5
    assert abs(red[1]) < 0.2


def test_company_tells_parallel_neighbours_from_a_path_across_them():
    parallel = [((20, y), (140, y)) for y in (20, 50, 110, 140)]
    _, company = looked(
        np.zeros((SIDE, SIDE), np.float32),
        np.zeros((2, SIDE, SIDE), np.float32),
        lines(*parallel, ((80, 60), (80, 100))),
    )
    alike = company[:, 8]
    assert company.shape == (5, COLUMNS)
    assert alike[:4].min() > 0.3
    assert alike[4] < -0.5


def test_a_path_alone_has_no_company():
    _, company = looked(
        np.zeros((SIDE, SIDE), np.float32),
        np.zeros((2, SIDE, SIDE), np.float32),
        lines(((20, 30), (140, 90))),
    )
    assert np.all(np.isfinite(company))
    assert company[0, [0, 1, 3, 4, 8, 9, 10, 11, 16, 17]] == pytest.approx(0.0)


def test_paths_one_upon_the_other_know_of_each_other():
    _, company = looked(
        np.zeros((SIDE, SIDE), np.float32),
        np.zeros((2, SIDE, SIDE), np.float32),
        lines(((20, 60), (140, 60)), ((20, 62), (140, 62)), ((20, 120), (140, 120))),
    )
    assert company[:2, 1] == pytest.approx(0.8)
    assert company[2, 1] == 0.0
