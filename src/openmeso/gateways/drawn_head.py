"""Drawn head: standard views of nobody's head, for the demo to be tried out with.

Strand by strand from a seed, so that two dates show the same hairs and some more of them. How many
more says nothing of what any treatment does, and every picture says that it is drawn.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

WIDTH_PX, HEIGHT_PX = 900, 1200
STRANDS = 5000
STRAND_PX = 70.0
BAND_PX = 64
MOST_FILLED = 0.15  # a small change, as small as most are
WORDS = "Drawn for the demo. Not a photograph, nobody's head."
WALL, SKIN, EDGE, BAND, INK = "#cfd8dc", "#e2b79a", "#b98b6d", "#14232b", "#ffffff"
HAIR = ("#2b1d14", "#3a281c", "#4a3425", "#33231a")
JPEG_QUALITY = 88

Points = NDArray[np.float64]
Field = Callable[[Points], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class View:
    """Where the hair grows in a view: its middle, its half axes [px], lie and thin places."""

    middle: tuple[float, float]
    axes: tuple[float, float]
    lie: Field  # the direction of a strand at a point [rad]
    thin: Field  # how bare a point is before any treatment, 0 to 1
    least_y: float = 0.0
    most_y: float = float(HEIGHT_PX)


def _whorl(at: Points) -> NDArray[np.float64]:
    return np.arctan2(at[:, 1] - 520, at[:, 0] - 450) + 0.9


def _bare_crown(at: Points) -> NDArray[np.float64]:
    far = np.hypot((at[:, 0] - 450) / 190, (at[:, 1] - 520) / 170)
    return np.asarray(0.85 * np.exp(-(far**2)))


def _to_both_sides(at: Points) -> NDArray[np.float64]:
    return np.where(at[:, 0] < 450, np.pi - 0.35, 0.35)


def _wide_parting(at: Points) -> NDArray[np.float64]:
    front = np.clip((at[:, 1] - 250) / 700, 0, 1)
    return np.asarray((0.45 + 0.45 * front) * np.exp(-(((at[:, 0] - 450) / 60) ** 2)))


def _backwards(at: Points) -> NDArray[np.float64]:
    return np.asarray(-np.pi / 2 + (at[:, 0] - 450) / 600)


def _bare_temples(at: Points) -> NDArray[np.float64]:
    left = np.exp(-(((at[:, 0] - 245) / 90) ** 2 + ((at[:, 1] - 400) / 120) ** 2))
    right = np.exp(-(((at[:, 0] - 655) / 90) ** 2 + ((at[:, 1] - 400) / 120) ** 2))
    return np.asarray(0.95 * np.maximum(left, right))


VIEWS: dict[str, View] = {
    "vertex": View((450, 560), (330, 420), _whorl, _bare_crown),
    "midline": View((450, 580), (330, 430), _to_both_sides, _wide_parting),
    "frontal": View((450, 620), (300, 440), _backwards, _bare_temples, most_y=430.0),
}


def drawn_head(view: str, *, filled_in: float, seed: int) -> bytes:
    """A JPEG of a view, its thin places filled in by a share from 0 to 1; KeyError if unknown."""
    chosen = VIEWS[view]
    # the camera never stands twice at quite the same place
    image = _strands(chosen, filled_in, np.random.default_rng(seed)).rotate(
        1.5 * filled_in,
        Image.Resampling.BILINEAR,
        translate=(round(9 * filled_in), 0),
        fillcolor=WALL,
    )
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, HEIGHT_PX - BAND_PX, WIDTH_PX, HEIGHT_PX), fill=BAND)
    font = ImageFont.load_default(30)
    pen.text((WIDTH_PX / 2, HEIGHT_PX - BAND_PX / 2), WORDS, fill=INK, font=font, anchor="mm")
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=JPEG_QUALITY)
    return kept.getvalue()


def _strands(view: View, filled_in: float, rng: np.random.Generator) -> Image.Image:
    image = Image.new("RGB", (WIDTH_PX, HEIGHT_PX), WALL)
    pen = ImageDraw.Draw(image)
    (x, y), (a, b) = view.middle, view.axes
    pen.ellipse((x - a, y - b, x + a, y + b), fill=SKIN, outline=EDGE, width=4)
    angle, far = rng.uniform(0, 2 * np.pi, STRANDS), np.sqrt(rng.uniform(0, 1, STRANDS))
    roots = np.column_stack((x + a * far * np.cos(angle), y + b * far * np.sin(angle)))
    stays, bend = rng.uniform(0, 1, STRANDS), rng.normal(0, 0.25, (STRANDS, 2))
    colours = rng.integers(0, len(HAIR), STRANDS)
    grows = stays > view.thin(roots) * (1 - MOST_FILLED * filled_in)
    grows &= (roots[:, 1] >= view.least_y) & (roots[:, 1] <= view.most_y)
    lie = view.lie(roots)[:, None] + bend
    steps = np.stack((np.cos(lie), np.sin(lie)), axis=2) * STRAND_PX / 2
    lines = np.concatenate((roots[:, None], roots[:, None] + np.cumsum(steps, axis=1)), axis=1)
    for line, colour in zip(lines[grows].reshape(-1, 6).tolist(), colours[grows], strict=True):
        pen.line(line, fill=HAIR[colour], width=4)
    return image
