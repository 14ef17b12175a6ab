"""Find what was not seen through the lens: burnt-in bars, rulers, text, frames, coloured lines.

A lens spreads every edge over its point spread; what is drawn into the picture afterwards steps
from one pixel to the next along a row or a column, or has a colour that skin and hair never have.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from openmeso.science.kernels.crisp import (
    LYING_DARK,
    LYING_LIGHT,
    LYING_STRONG,
    STANDING_DARK,
    STANDING_LIGHT,
    STANDING_STRONG,
    alien_colours,
    crisp_edges,
    straight_runs,
)

Image = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Box = tuple[int, int, int, int]
Run = tuple[int, int, int]

# Grey levels and pixels; set on rendered fields and on annotated clinical pictures.
STEP = 18  # of one pixel to the next at a drawn edge
TEXT_STEP = 45  # at the strokes of a letter
RUN_SHARE = 0.09  # of the picture's width that a drawn edge runs straight
FRAME_SHARE = 0.4  # of the width from which one edge alone is that of a frame
STROKE_PX = 8  # thickest stroke
STROKE_EVEN = 5.0  # grey levels between the quartiles along a stroke; hairs 8 and more
LABEL_WIDE_PX, LABEL_TALL_PX = 32, (10, 80)  # of the box around a word
LABEL_GAP_PX, LABEL_OFF_PX = 24, 4
LABEL_SIDE = 0.6  # share of its height over which each side is crisp
BRIDGED_PX = 40  # gaps in a run, where hair lies across
ALIEN, ALIEN_WEAK = 75, 32  # levels by which a coloured line departs from its surround
CELL_PX = 16
FRAME_DARK = 10  # brighter than this is no black frame
FRAME_FLAT = 3  # levels within a drawn bar beside the picture
COARSE = 4  # pixels looked at together for the edge of the lens
GROW_PX = 4  # around marks: JPEG smears them


@dataclass(frozen=True, slots=True, eq=False)
class ForeignMarks:
    """``mask`` (h, w) true on marks; their boxes; drawn edges as (row or column, begin, end).

    ``text_share`` of the picture lies under lines of letters [1].
    """

    mask: Mask
    boxes_px: tuple[Box, ...]
    rows: tuple[Run, ...] = ()
    columns: tuple[Run, ...] = ()
    text_share: float = 0.0

    @property
    def share(self) -> float:
        """Share of the picture that is masked [1]."""
        return float(self.mask.mean())


def find_marks(image: Image) -> ForeignMarks:
    """Marks in a picture (h, w, 3) in sRGB."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    flags = crisp_edges(np.asarray(grey, np.uint8), STEP, TEXT_STEP)
    turned = np.ascontiguousarray(flags.T)
    level = np.asarray(grey, np.uint8)
    rows = _runs(flags, (LYING_DARK, LYING_LIGHT), level, image.shape[1])
    columns = _runs(turned, (STANDING_DARK, STANDING_LIGHT), level.T, image.shape[1])
    mask = _frame(image)
    for y, begin, end in rows:
        mask[max(y - 1, 0) : y + 1, begin:end] = True
    for x, begin, end in columns:
        mask[begin:end, max(x - 1, 0) : x + 1] = True
    text = _text(flags)
    mask |= text
    for x, y, width, height in _labels(flags):
        mask[y : y + height, x : x + width] = True
    mask |= _alien(image)
    if mask.any():
        size = 2 * GROW_PX + 1
        mask = cv2.dilate(mask.astype(np.uint8), np.ones((size, size), np.uint8)) > 0
    return ForeignMarks(mask, boxes_of(mask), tuple(rows), tuple(columns), float(text.mean()))


def boxes_of(mask: Mask, join_px: int = 25) -> tuple[Box, ...]:
    """Boxes (x, y, width, height) around what is true, near ones joined; largest first."""
    if not mask.any():
        return ()
    close = np.ones((join_px, join_px), np.uint8)
    joined = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, close)
    stats = cv2.connectedComponentsWithStats(joined)[2][1:]
    order = np.argsort(-stats[:, cv2.CC_STAT_AREA])
    return tuple((int(x), int(y), int(w), int(h)) for x, y, w, h, _ in stats[order])


def _runs(flags: Image, bits: tuple[int, int], grey: Image, width: int) -> list[Run]:
    least = max(48, round(RUN_SHARE * width))
    dark, light = (straight_runs(flags, bit, least, BRIDGED_PX).tolist() for bit in bits)
    return [
        (at, begin, end)
        for mine, others in ((dark, light), (light, dark))
        for at, begin, end in mine
        if end - begin >= FRAME_SHARE * width or _is_stroke((at, begin, end), others, grey)
    ]


def _is_stroke(run: Run, others: list[list[int]], grey: Image) -> bool:
    """Whether the other edge of a thin stroke runs beside, and all between has one colour.

    Most hairs show one crisp edge at most; a thin straight one shows two, but is shaded.
    """
    at, begin, end = run
    for there, first, last in others:
        low, high = max(begin, first), min(end, last)
        if 0 < abs(there - at) <= STROKE_PX and high - low >= 0.7 * (end - begin):
            between = grey[min(at, there) : max(at, there), low:high]
            least, most = np.quantile(np.median(between, axis=0), (0.25, 0.75))
            if most - least <= STROKE_EVEN:
                return True
    return False


def _labels(flags: Image) -> list[Box]:
    """Boxes around a word: crisp on all four sides, darker or lighter than what is around."""
    dark, light = (
        straight_runs(flags, bit, LABEL_WIDE_PX, LABEL_GAP_PX).tolist()
        for bit in (LYING_DARK, LYING_LIGHT)
    )
    upright = (
        (dark, light, STANDING_DARK, STANDING_LIGHT),
        (light, dark, STANDING_LIGHT, STANDING_DARK),
    )
    return [
        (left, top, right - left, bottom - top)
        for tops, bottoms, first, last in upright
        for top, left, right in tops
        for bottom, begin, end in bottoms
        if LABEL_TALL_PX[0] <= bottom - top <= LABEL_TALL_PX[1]
        and max(abs(begin - left), abs(end - right)) <= LABEL_OFF_PX
        and _stands(flags, left, (top, bottom), first)
        and _stands(flags, right, (top, bottom), last)
    ]


def _stands(flags: Image, at: int, rows: tuple[int, int], bit: int) -> bool:
    """Whether a crisp edge stands near a column over most of some rows."""
    beside = flags[slice(*rows), max(at - LABEL_OFF_PX, 0) : at + LABEL_OFF_PX + 1]
    return bool(((beside & bit) > 0).mean(axis=0).max(initial=0.0) >= LABEL_SIDE)


def _text(flags: Image) -> Mask:
    """Where many short crisp strokes, lying and standing, crowd into a line of letters."""
    mask = np.zeros(flags.shape, bool)
    lying = ((flags & LYING_STRONG) > 0).astype(np.uint8)
    standing = ((flags & STANDING_STRONG) > 0).astype(np.uint8)
    lying = _opened(lying, (1, 3))
    standing = _opened(standing, (5, 1))
    if not standing.any():
        return mask
    lines = cv2.dilate(lying | standing, np.ones((5, 15), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(lines)
    for label in np.flatnonzero(stats[:, cv2.CC_STAT_WIDTH] > stats[:, cv2.CC_STAT_HEIGHT]):
        x, y, width, height, _area = stats[label]
        if label == 0 or height > 0.12 * len(mask):
            continue
        part = np.s_[y : y + height, x : x + width]
        own = (labels[part] == label).astype(np.uint8)
        upright = cv2.connectedComponents(standing[part] & own)[0] - 1
        flat = cv2.connectedComponents(lying[part] & own)[0] - 1
        mask[part] |= upright >= 5 and flat >= 3
    return mask


def _opened(flags: Image, size: tuple[int, int]) -> Image:
    return np.asarray(cv2.morphologyEx(flags, cv2.MORPH_OPEN, np.ones(size, np.uint8)), np.uint8)


def _alien(image: Image) -> Mask:
    """Lines and letters in colours that tissue does not have."""
    height, width = image.shape[:2]
    small = (max(width // CELL_PX, 1), max(height // CELL_PX, 1))
    shrunk = cv2.resize(image, small, interpolation=cv2.INTER_AREA).astype(np.float32)
    cells = np.asarray(cv2.blur(shrunk, (5, 5)), np.float32).reshape(small[1], small[0], 3)
    found = alien_colours(image, cells, CELL_PX, ALIEN_WEAK, ALIEN)
    if not (found == 2).any():
        return np.zeros((height, width), bool)
    near = np.ones((5, 5), np.uint8)
    drawn = cv2.morphologyEx((found > 0).astype(np.uint8), cv2.MORPH_CLOSE, near)
    number, labels, stats, _ = cv2.connectedComponentsWithStats(drawn)
    strong = np.bincount(labels[found == 2], minlength=number)
    longest = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    kept = (strong >= 5) & (longest >= 12)
    kept[0] = False
    return np.asarray(kept[labels])


def _frame(image: Image) -> Mask:
    """Even bars along a side, and what is black up to the border: the edge of the lens."""
    height, width = image.shape[:2]
    mask = _dark_rim(image)
    for turned, whole in ((image, mask), (image.transpose(1, 0, 2), mask.T)):
        whole[: _even_rows(turned)] = True
        whole[whole.shape[0] - _even_rows(turned[::-1]) :] = True
    return mask if mask.sum() < height * width else np.zeros_like(mask)


def _even_rows(image: Image) -> int:
    """How many rows from the first have one colour all along."""
    for y in range(image.shape[0]):
        row = image[y].astype(np.int16)
        off = np.abs(row - np.median(row, axis=0)).max(axis=-1)
        if (off <= FRAME_FLAT).mean() < 0.95:
            return y
    return int(image.shape[0])


def _dark_rim(image: Image) -> Mask:
    height, width = image.shape[:2]
    coarse = (image[::COARSE, ::COARSE].max(axis=-1) < FRAME_DARK).astype(np.uint8)
    least = max(3, round(0.02 * coarse.shape[0]))
    solid = cv2.morphologyEx(coarse, cv2.MORPH_OPEN, np.ones((least, least), np.uint8))
    number, labels, stats, _ = cv2.connectedComponentsWithStats(solid)
    rim = np.zeros(number, bool)
    for edge in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        rim[edge] = True
    rim[0] = False
    rim &= stats[:, cv2.CC_STAT_AREA] >= 0.004 * coarse.size
    if not rim.any():
        return np.zeros((height, width), bool)
    fine = cv2.resize(
        rim[labels].astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST
    )
    return np.asarray(cv2.dilate(fine, np.ones((COARSE + 1, COARSE + 1), np.uint8)) > 0)
