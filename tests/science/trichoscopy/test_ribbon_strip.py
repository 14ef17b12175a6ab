"""The picture along a path laid straight, and how paths cover each other."""

import numpy as np
import pytest

from openmeso.science.kernels.ribbon_strip import ACROSS, ALONG, PAST, crowd, straighten


def bent(points=60):
    """A quarter of a circle of 80 pixels around (20, 20)."""
    angle = np.linspace(0.1, 1.4, points)
    at = 20 + 80 * np.column_stack([np.cos(angle), np.sin(angle)])
    return np.column_stack([at, np.ones((points, 2))]).astype(np.float32)


def test_a_bent_shaft_is_laid_straight():
    y, x = np.mgrid[:140, :140]
    ring = (np.abs(np.hypot(x - 20, y - 20) - 80) < 4).astype(np.float32)
    path = bent()
    seen = straighten(ring[None], path, np.array([[0, len(path)]]), 2.0, 5.0)[0, 0]
    body = seen[PAST : PAST + ALONG]
    assert seen.shape == (ALONG + 2 * PAST, ACROSS)
    assert body[:, ACROSS // 2].min() == 1.0
    assert body[:, :4].max() == 0.0
    assert body[:, -4:].max() == 0.0


def test_rows_go_on_straight_beyond_the_ends():
    across = np.tile(np.arange(200, dtype=np.float32), (50, 1))
    line = np.column_stack([np.linspace(60, 120, 31), np.full(31, 25), np.ones((31, 2))])
    spans = np.array([[0, 31]])
    seen = straighten(across[None], line.astype(np.float32), spans, 1.0, 5.0)[0, 0]
    middle = seen[:, ACROSS // 2]
    assert middle[:PAST] == pytest.approx([40, 45, 50, 55], abs=0.01)
    assert middle[-PAST:] == pytest.approx([125, 130, 135, 140], abs=0.01)
    assert np.all(np.diff(middle) > 0)


def test_a_short_path_inside_a_long_one_is_covered_and_covers_little():
    long = np.column_stack([np.linspace(20, 120, 51), np.full(51, 40), np.ones((51, 2))])
    short, away = long[20:31], long + np.array([0, 50, 0, 0])
    points = np.vstack([long, short, away]).astype(np.float32)
    spans = np.array([[0, 51], [51, 62], [62, 113]])
    total, share = crowd((120, 140), points, spans, np.full(3, 8.0), np.array([0.9, 0.5, 0.2]))
    assert share[1, 0] == 1.0
    assert 0.2 < share[0, 1] < 0.35
    assert share[2].max() == share[:, 2].max() == 0.0
    assert np.diag(share).max() == 0.0
    assert total[40, 70] == pytest.approx(1.4)
    assert total[90, 70] == pytest.approx(0.2)
    assert total[60].max() == 0.0
