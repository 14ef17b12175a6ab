"""How the camera looks at the skin: shift, turn, zoom, tilt, and the skin stretched beneath it."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openmeso.science.trichoscopy.render_setting import RenderSetting

Floats = NDArray[np.float64]

DISTANCE_MM = 30.0  # from the skin to the lens, for the perspective of a tilt: an assumption


@dataclass(frozen=True, slots=True)
class Pose:
    """``stretch`` is (along, across, direction [degrees]): 1.02 is 2 % longer along that direction.

    ``wobble_um`` moves roots against each other by slow waves: no plane map undoes it.
    """

    shift_mm: tuple[float, float] = (0.0, 0.0)
    rotation_deg: float = 0.0
    zoom: float = 1.0
    tilt_deg: tuple[float, float] = (0.0, 0.0)
    stretch: tuple[float, float, float] = (1.0, 1.0, 0.0)
    wobble_um: float = 0.0


STRAIGHT = Pose()


def camera(setting: RenderSetting, pose: Pose) -> Floats:
    """(3, 3) from micrometres on the stretched skin to pixels of the picture."""
    turn, zoom = math.radians(pose.rotation_deg), pose.zoom
    across, down = (math.radians(angle) for angle in pose.tilt_deg)
    look = np.array(
        [
            [zoom * math.cos(turn), -zoom * math.sin(turn), 1e3 * pose.shift_mm[0]],
            [zoom * math.sin(turn), zoom * math.cos(turn), 1e3 * pose.shift_mm[1]],
            [0.0, 0.0, 1.0],
        ]
    )
    away = 1e-3 / DISTANCE_MM
    tilted = np.array(
        [
            [math.cos(across), 0.0, 0.0],
            [0.0, math.cos(down), 0.0],
            [away * math.sin(across), away * math.sin(down), 1.0],
        ]
    )
    to_px = np.array(
        [
            [1.0 / setting.um_per_px, 0.0, 0.5 * (setting.width_px - 1)],
            [0.0, 1.0 / setting.um_per_px, 0.5 * (setting.height_px - 1)],
            [0.0, 0.0, 1.0],
        ]
    )
    return np.asarray(to_px @ tilted @ look)


def stretch(pose: Pose) -> Floats:
    """(3, 3) from micrometres on the skin at rest to the stretched skin."""
    along, across, direction = pose.stretch
    c, s = math.cos(math.radians(direction)), math.sin(math.radians(direction))
    turn = np.array([[c, -s], [s, c]])
    full = np.eye(3)
    full[:2, :2] = turn @ np.diag([along, across]) @ turn.T
    return full


def wobble(pose: Pose, points_um: Floats) -> Floats:
    """Where points (n, 2) of the skin have moved to by slow waves of 3 and 4 mm [µm]."""
    if not pose.wobble_um:
        return points_um
    x, y = points_um[:, 0] / 1e3, points_um[:, 1] / 1e3
    waves = np.stack(
        [np.sin(2 * np.pi * y / 3.0 + 0.7 * x), np.sin(2 * np.pi * x / 4.0 - 0.9 * y)], axis=-1
    )
    return points_um + pose.wobble_um * waves


def through(plane: Floats, points: Floats) -> Floats:
    """Points (n, 2) through the plane map (3, 3)."""
    mapped = np.concatenate([points, np.ones((len(points), 1))], axis=1) @ plane.T
    return np.asarray(mapped[:, :2] / mapped[:, 2:])


def across_scale(plane: Floats, points: Floats) -> Floats:
    """(n,) by how much the map widens a strip that runs along ``points`` (n, 2)."""
    mapped = np.concatenate([points, np.ones((len(points), 1))], axis=1) @ plane.T
    w = mapped[:, 2]
    seen = mapped[:, :2] / w[:, None]
    jacobian = (plane[None, :2, :2] - seen[:, :, None] * plane[None, 2:, :2]) / w[:, None, None]
    way = np.gradient(points, axis=0)
    way /= np.linalg.norm(way, axis=1, keepdims=True) + 1e-12
    along = np.linalg.norm(np.einsum("nij,nj->ni", jacobian, way), axis=1)
    return np.asarray(np.abs(np.linalg.det(jacobian)) / along)
