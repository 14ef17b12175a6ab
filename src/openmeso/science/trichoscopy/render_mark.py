"""Foreign marks of a rendered field: scale bar, ruler, circle, text, frame; tattoo on the skin."""

import math
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from openmeso.science.trichoscopy.render_setting import Mark, RenderSetting

Image = NDArray[np.uint8]
Box = tuple[int, int, int, int]
Placed = tuple[Mark, Box]

RED, WHITE, GREY, BLACK = (214, 40, 40), (245, 245, 245), (70, 70, 74), (8, 8, 8)


def burn_marks(
    image: Image, setting: RenderSetting, um_per_px: float, rng: np.random.Generator
) -> list[Placed]:
    """Burn the setting's marks into ``image``; returns each with its box (x, y, width, height)."""
    return [
        (mark, _DRAW[mark](image, setting, um_per_px, rng))
        for mark in setting.marks
        if mark in _DRAW
    ]


def tattoo(
    reflectance: NDArray[np.float32], setting: RenderSetting, rng: np.random.Generator
) -> list[Placed]:
    """A blue-black dot under the skin that marks the spot, into ``reflectance``."""
    if Mark.TATTOO not in setting.marks:
        return []
    height, width = reflectance.shape[:2]
    radius = float(rng.uniform(180.0, 300.0)) / setting.um_per_px
    cx, cy = rng.uniform(0.3, 0.7) * width, rng.uniform(0.3, 0.7) * height
    y, x = np.ogrid[:height, :width]
    edge = 45.0 / setting.um_per_px
    share = 1.0 / (1.0 + np.exp((np.hypot(x - cx, y - cy) - radius) / max(edge / 3, 0.5)))
    ink = np.array([0.13, 0.22, 0.33])
    reflectance *= (1.0 - share[..., None] * (1.0 - ink)).astype(np.float32)
    corner = (round(cx - radius), round(cy - radius))
    return [(Mark.TATTOO, (*corner, round(2 * radius), round(2 * radius)))]


def _bar(image: Image, setting: RenderSetting, um_per_px: float, rng: np.random.Generator) -> Box:
    """An L (or a line with end ticks) whose long stroke shows ``mark_mm``."""
    height, width = image.shape[:2]
    length = round(setting.mark_mm * 1000 / um_per_px)
    thick = max(2, round(0.003 * width))
    colour = (RED, WHITE, BLACK)[int(rng.integers(3))]
    x0, y0 = round(0.03 * width), round(0.95 * height)
    x1, tick = x0 + length, max(6, round(0.02 * height))
    cv2.rectangle(image, (x0, y0), (x1 - 1, y0 + thick - 1), colour, -1)
    if rng.random() < 0.5:
        cv2.rectangle(image, (x0, y0 - length + 1), (x0 + thick - 1, y0), colour, -1)
        top = y0 - length + 1
    else:
        for x in (x0, x1 - thick):
            cv2.rectangle(image, (x, y0 - tick), (x + thick - 1, y0 + tick), colour, -1)
        top = y0 - tick
    scale = max(0.4, height / 1400)
    top = min(top, y0 - tick - math.ceil(26 * scale))
    cv2.putText(
        image, f"{setting.mark_mm:g} mm", (x0 + thick + 6, y0 - tick), cv2.FONT_HERSHEY_SIMPLEX,
        scale, colour, max(1, thick // 2), cv2.LINE_AA,
    )  # fmt: skip
    return (x0, max(top, 0), length, y0 + tick - max(top, 0))


def _ruler(image: Image, setting: RenderSetting, um_per_px: float, rng: np.random.Generator) -> Box:
    """Ticks every tenth of ``mark_mm`` along the lower edge, every tenth one longer."""
    height, width = image.shape[:2]
    step = setting.mark_mm * 100 / um_per_px
    thick = max(1, round(0.0015 * width))
    colour = (BLACK, WHITE)[int(rng.integers(2))]
    y0, short = height - 1 - round(0.015 * height), max(8, round(0.022 * height))
    start = 0.02 * width
    number = int((0.96 * width - start) / step)
    for k in range(number + 1):
        x = round(start + k * step)
        long = 2.0 if k % 10 == 0 else 1.4 if k % 5 == 0 else 1.0
        cv2.rectangle(image, (x, round(y0 - long * short)), (x + thick - 1, y0), colour, -1)
    cv2.rectangle(image, (round(start), y0), (round(start + number * step), y0 + thick), colour, -1)
    return (round(start), y0 - 2 * short, round(number * step), 2 * short + thick)


def _circle(
    image: Image, setting: RenderSetting, um_per_px: float, rng: np.random.Generator
) -> Box:
    """A thin red circle, mostly outside the picture."""
    height, width = image.shape[:2]
    cx, cy = round(rng.uniform(0.0, 1.0) * width), round(rng.uniform(0.0, 1.0) * height)
    radius = round(rng.uniform(0.5, 0.9) * height)
    cv2.circle(image, (cx, cy), radius, RED, max(1, round(width / 900)), cv2.LINE_AA)
    left, top = max(cx - radius, 0), max(cy - radius, 0)
    return (left, top, min(cx + radius, width) - left, min(cy + radius, height) - top)


def _text(image: Image, setting: RenderSetting, um_per_px: float, rng: np.random.Generator) -> Box:
    """A status line in grey boxes along the upper edge."""
    height, width = image.shape[:2]
    scale = max(0.4, height / 1600)
    x, line = 2, max(14, round(0.035 * height))
    words = ("A042", f"{width}x{height}", "2026/03/14 09:26", "unit: mm", "70x", "no correction")
    for word in words:
        (wide, _), _ = cv2.getTextSize(word, cv2.FONT_HERSHEY_SIMPLEX, scale, 1)
        if x + wide + 8 > width:
            break
        cv2.rectangle(image, (x, 0), (x + wide + 6, line), GREY, -1)
        cv2.putText(
            image, word, (x + 3, round(0.75 * line)), cv2.FONT_HERSHEY_SIMPLEX, scale, WHITE,
            max(1, round(scale * 1.5)), cv2.LINE_AA,
        )  # fmt: skip
        x += wide + 10
    return (2, 0, x - 4, line + 1)


def _frame(image: Image, setting: RenderSetting, um_per_px: float, rng: np.random.Generator) -> Box:
    """A black frame: bars at the sides, or all that lies outside a round opening."""
    height, width = image.shape[:2]
    if rng.random() < 0.5:
        side = round(rng.uniform(0.04, 0.12) * width)
        image[:, :side] = BLACK
        image[:, width - side :] = BLACK
    else:
        y, x = np.ogrid[:height, :width]
        reach = math.hypot(width, height) / 2 * rng.uniform(0.72, 0.85)
        image[np.hypot(x - width / 2, y - height / 2) > reach] = BLACK
    return (0, 0, width, height)


_DRAW: dict[Mark, Callable[[Image, RenderSetting, float, np.random.Generator], Box]] = {
    Mark.FRAME: _frame,
    Mark.SCALE_BAR: _bar,
    Mark.RULER: _ruler,
    Mark.CIRCLE: _circle,
    Mark.TEXT: _text,
}
