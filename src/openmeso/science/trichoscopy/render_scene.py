"""Where the hairs of a rendered field stand and how they run, on the skin, in micrometres.

Spacing within a follicular unit (median 134 µm, 5 to 95 %: 53 to 237) and the angle between its
hairs (median 8.5 degrees) are those read from annotated phototrichograms; roots of different units
keep 400 µm apart wherever there is room. The rest is assumption.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openmeso.science.trichoscopy.render_setting import HairColour, HairStyle, RenderSetting

Floats = NDArray[np.float64]

SPACING_UM = (53.0, 134.0, 237.0)  # 5 %, median, 95 %
HAIR_ANGLE_SD_DEG = 8.5 / (0.6745 * math.sqrt(2.0))  # of one hair, from the pair's median
APART_UM = 400.0
EVENNESS = 0.55  # of the mean spacing of units that roots of two units keep apart
STEP_UM = 40.0  # between nodes of a centre line
VELLUS_BELOW_UM = 30.0
TERMINAL_FROM_UM = 40.0
_TRIES = 32  # places tried for a unit before the roomiest is taken
_SIGMAS_95 = 1.6449


@dataclass(frozen=True, slots=True, eq=False)
class SceneHair:
    """One hair on the skin; its centre line follows from these numbers.

    ``root_um`` x, y from the middle of the field; ``heading`` [rad] at the root, ``bend`` [rad/mm],
    ``wave`` amplitude [rad], length [mm] and phase of a curl; ``taper`` width at the tip over that
    at the root; ``buried_um`` how far it shows below the skin; ``growing`` whether it grows.
    """

    id: int
    unit: int
    root_um: tuple[float, float]
    heading: float
    bend: float
    wave: tuple[float, float, float]
    length_mm: float
    diameter_um: float
    taper: float
    colour: HairColour
    pigment: float
    buried_um: float
    growing: bool = True

    @property
    def vellus(self) -> bool:
        """Whether the hair is thinner than 30 µm."""
        return self.diameter_um < VELLUS_BELOW_UM


def draw_scene(
    setting: RenderSetting, margin_mm: float, rng: np.random.Generator
) -> list[SceneHair]:
    """The hairs of the field and of ``margin_mm`` around it, numbered from 0."""
    half = (
        0.5 * setting.um_per_px * np.array([setting.width_px, setting.height_px]) + margin_mm * 1e3
    )
    wanted = round(setting.density_cm2 * 4.0 * half[0] * half[1] * 1e-8)
    flow = _flow(setting, rng)
    weights = np.asarray(setting.unit_weights) / sum(setting.unit_weights)
    units_um2 = setting.density_cm2 * 1e-8 / float(weights @ [1, 2, 3, 4])
    apart = max(APART_UM, EVENNESS / math.sqrt(units_um2)) if wanted else APART_UM
    roots = np.empty((wanted + 4, 2))
    hairs: list[SceneHair] = []
    unit = 0
    while len(hairs) < wanted:
        size = int(rng.choice(4, p=weights)) + 1
        size = min(size, wanted - len(hairs))
        diameters = np.array([_diameter(setting, rng) for _ in range(size)])
        offsets = _offsets(diameters, rng)
        centre = _place(offsets, roots[: len(hairs)], (half, apart), rng)
        heading = flow(centre) + np.radians(rng.normal(0.0, 6.0))
        turn = np.array(
            [[math.cos(heading), -math.sin(heading)], [math.sin(heading), math.cos(heading)]]
        )
        for offset, diameter in zip(offsets @ turn.T, diameters, strict=True):
            number = len(hairs)
            roots[number] = centre + offset
            way = heading + math.radians(HAIR_ANGLE_SD_DEG) * rng.standard_normal()
            hairs.append(_hair(setting, (number, unit), roots[number], way, diameter, rng))
        unit += 1
    return hairs


def draw_fragments(setting: RenderSetting, rng: np.random.Generator) -> list[SceneHair]:
    """Cut-off bits of hair that lie loose on the skin: dark, short, rooted nowhere."""
    half = 0.5 * setting.um_per_px * np.array([setting.width_px, setting.height_px])
    number = rng.poisson(setting.fragments_cm2 * 4.0 * half[0] * half[1] * 1e-8)
    bits = []
    for _ in range(number):
        root = rng.uniform(-half, half)
        bits.append(
            SceneHair(
                -1, -1, (root[0], root[1]), rng.uniform(0, 2 * math.pi), 0.0, (0.0, 1.0, 0.0),
                rng.uniform(0.04, 0.2), rng.uniform(20.0, 60.0), 1.0, setting.hair, 0.8, 0.0,
            )
        )  # fmt: skip
    return bits


def centre_line(hair: SceneHair) -> Floats:
    """(n, 2) points from root to tip [µm on the skin]."""
    length_um = hair.length_mm * 1e3
    nodes = max(3, math.ceil(length_um / STEP_UM) + 1)
    step = length_um / (nodes - 1)
    s_mm = (np.arange(nodes - 1) + 0.5) * step * 1e-3
    size, period, phase = hair.wave
    heading = hair.heading + hair.bend * s_mm
    if size:
        heading = heading + size * (np.sin(2 * np.pi * s_mm / period + phase) - math.sin(phase))
    steps = step * np.stack([np.cos(heading), np.sin(heading)], axis=-1)
    return np.concatenate([[hair.root_um], np.asarray(hair.root_um) + np.cumsum(steps, axis=0)])


def diameters_um(hair: SceneHair, nodes: int) -> Floats:
    """Width at each node of the centre line, thinning steadily towards the tip [µm]."""
    return hair.diameter_um * np.linspace(1.0, hair.taper, nodes)


def _flow(setting: RenderSetting, rng: np.random.Generator) -> Callable[[Floats], float]:
    """Direction in which the hair lies at a point, turning slowly over the field [rad]."""
    drawn = rng.uniform(0.0, 360.0)
    base = math.radians(drawn if setting.flow_deg is None else setting.flow_deg)
    slope = np.radians(rng.normal(0.0, 2.5, 2)) * 1e-3
    return lambda at: base + float(np.dot(slope, at))


def _diameter(setting: RenderSetting, rng: np.random.Generator) -> float:
    pick = rng.random()
    if pick < setting.vellus_share:
        return float(np.clip(22.0 * math.exp(0.18 * rng.standard_normal()), 10.0, 29.5))
    if pick < setting.vellus_share + setting.intermediate_share:
        return float(rng.uniform(VELLUS_BELOW_UM, TERMINAL_FROM_UM))
    width = setting.terminal_um * math.exp(setting.terminal_log_sd * rng.standard_normal())
    return float(np.clip(width, min(TERMINAL_FROM_UM, setting.terminal_um), 150.0))


def _spacing(rng: np.random.Generator) -> float:
    """Distance of two roots in a unit: lognormal on either side of the median [µm]."""
    low, median, high = SPACING_UM
    z = rng.standard_normal()
    return median * math.exp(
        z * math.log((median / low) if z < 0 else (high / median)) / _SIGMAS_95
    )


def _offsets(diameters: Floats, rng: np.random.Generator) -> Floats:
    """Roots of a unit about its middle, side by side across the way the hair lies [µm]."""
    points = np.zeros((len(diameters), 2))
    for i in range(1, len(diameters)):
        for _ in range(_TRIES):
            beside = int(rng.integers(i))
            way = math.radians(rng.normal(90.0, 35.0)) * rng.choice([-1.0, 1.0])
            points[i] = points[beside] + _spacing(rng) * np.array([math.cos(way), math.sin(way)])
            gaps = np.linalg.norm(points[:i] - points[i], axis=1)
            if np.all(gaps >= 0.55 * (diameters[:i] + diameters[i])):
                break
    return np.asarray(points - points.mean(axis=0))


def _place(
    offsets: Floats, roots: Floats, room: tuple[Floats, float], rng: np.random.Generator
) -> Floats:
    """A place where no other unit's root is near, or the roomiest of those tried."""
    half, least = room
    tries = rng.uniform(-half, half, (_TRIES, 2))
    if not len(roots):
        return np.asarray(tries[0])
    reach = least + float(np.abs(offsets).max()) * 1.5
    best, widest = tries[0], -1.0
    for one in tries:
        near = roots[np.all(np.abs(roots - one) < reach, axis=1)]
        if not len(near):
            return np.asarray(one)
        apart = np.linalg.norm(near[:, None] - (one + offsets)[None], axis=-1).min()
        if apart >= least:
            return np.asarray(one)
        if apart > widest:
            best, widest = one, apart
    return np.asarray(best)


def _hair(
    setting: RenderSetting,
    number: tuple[int, int],
    root: Floats,
    heading: float,
    diameter_um: float,
    rng: np.random.Generator,
) -> SceneHair:
    vellus = diameter_um < VELLUS_BELOW_UM
    length = setting.mean_length_mm * math.exp(0.2 * rng.standard_normal())
    taper = rng.uniform(0.88, 1.0)
    if vellus:
        # thin hair seldom reaches the cut: it is short, and its own tip is a point
        length = min(length, rng.uniform(0.3, 1.3))
        taper = rng.uniform(0.35, 1.0)
    bend = math.radians(rng.normal(0.0, {HairStyle.LONG: 7.0}.get(setting.style, 9.0)))
    bend = bend * (2.5 if vellus else 1.0) * (1.0 + 3.0 * setting.curl)
    wave = (0.0, 1.0, 0.0)
    if setting.curl > 0:
        wave = (1.6 * setting.curl, rng.uniform(2.0, 4.5), rng.uniform(0, 2 * math.pi))
    white = rng.random() < setting.white_share
    pigment = rng.uniform(0.45, 0.75) if vellus else rng.uniform(0.85, 1.0)
    return SceneHair(
        id=number[0], unit=number[1], root_um=(float(root[0]), float(root[1])), heading=heading,
        bend=bend, wave=wave, length_mm=length, diameter_um=diameter_um, taper=taper,
        colour=HairColour.WHITE if white else setting.hair, pigment=pigment,
        buried_um=rng.uniform(80.0, 240.0),
    )  # fmt: skip
