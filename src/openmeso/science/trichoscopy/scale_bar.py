"""Find a burnt-in scale bar or the ticks of a ruler: candidates for the scale, never used unasked.

Pixels tell how long a bar is, not what is printed beside it: a person confirms the length. The
same holds for the step of a ruler.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from openmeso.science.trichoscopy.foreign_mark import STROKE_PX, ForeignMarks, Run, find_marks
from openmeso.terms.trichoscopy import ScaleCandidate, ScaleSource

Image = NDArray[np.uint8]
Floats = NDArray[np.float64]
Box = tuple[int, int, int, int]

LIKELY_MM = 1.0  # printed beside most bars of close-ups; only offered
LIKELY_STEP_MM = 0.1
END_SD_PX = 0.8  # where a drawn line ends, after JPEG
LEAST_TICKS = 10
LEAST_RHYTHM = 0.55  # autocorrelation at the step of a ruler
FRAME_SHARE = 0.9  # of the picture's side: longer is a frame
LEAST_STANDOUT = 3.0  # of a tick's step over the mean of its row
LEAST_TICK = 8.0  # levels from one pixel to the next
JPEG_PX = 8
_BAND_SHARE = 0.02  # of the height in which ticks are looked for
_LEAST_STEP_PX = 5


def find_scale(image: Image, marks: ForeignMarks | None = None) -> tuple[ScaleCandidate, ...]:
    """Bars and rulers in a picture (h, w, 3), the likeliest first; empty where there is none."""
    marks = find_marks(image) if marks is None else marks
    return (*_bars(image, marks), *_rulers(image))


def _bars(image: Image, marks: ForeignMarks) -> list[ScaleCandidate]:
    """Strokes with two edges; an L of equal arms first, then lying strokes, longest first."""
    height, width = image.shape[:2]
    lying = [_reach(image, one) for one in _strokes(marks.rows)]
    lying = [one for one in lying if one[2] - one[1] < FRAME_SHARE * width]
    turned = image.transpose(1, 0, 2)
    standing = [_reach(turned, one) for one in _strokes(marks.columns)]
    standing = [one for one in standing if one[2] - one[1] < FRAME_SHARE * height]
    lying = [one for one in lying if not _boxed(one, lying)]
    corners: list[ScaleCandidate] = []
    plain: list[ScaleCandidate] = []
    for y, begin, end in lying:
        length = end - begin
        arms = [
            arm for arm in standing
            if min(abs(arm[0] - begin), abs(arm[0] - end)) <= STROKE_PX
            and min(abs(arm[1] - y), abs(arm[2] - y)) <= STROKE_PX
            and abs((arm[2] - arm[1]) - length) <= 0.03 * length
        ]  # fmt: skip
        top = min([y, *(arm[1] for arm in arms)])
        box = (begin, top, length, max(y - top, 1) + STROKE_PX)
        one = ScaleCandidate(ScaleSource.SCALE_BAR, float(length), END_SD_PX, box, LIKELY_MM)
        (corners if arms else plain).append(one)
    return corners or sorted(plain, key=lambda one: -one.length_px)


def _strokes(runs: tuple[Run, ...]) -> list[Run]:
    """Pairs of edges of thin strokes, each once: (row or column, begin, end)."""
    found: list[Run] = []
    for at, begin, end in sorted(runs):
        for there, first, last in runs:
            alike = min(end, last) - max(begin, first) >= 0.7 * max(end - begin, last - first)
            if not (0 < there - at <= STROKE_PX and alike):
                continue
            if not any(abs(one[0] - at) <= STROKE_PX and one[1] < end for one in found):
                found.append(((at + there - 1) // 2, min(begin, first), max(end, last)))
    return found


def _reach(image: Image, stroke: Run) -> Run:
    """The stroke with its ends followed as far as the ink goes: ticks at the ends hide its edges."""
    y, begin, end = stroke
    line = image[y].astype(np.int16)
    ink = np.median(line[begin:end], axis=0)
    beside = image[[max(y - 2 * STROKE_PX, 0), min(y + 2 * STROKE_PX, len(image) - 1)]]
    contrast = np.abs(np.median(beside[:, begin:end].astype(np.int16), axis=(0, 1)) - ink).max()
    same = np.abs(line - ink).max(axis=-1) < max(0.45 * contrast, 12)
    low, high = max(begin - STROKE_PX, 0), min(end + STROKE_PX, len(line))
    # a stretch of ink ends where it is no longer solid over twice the thickest stroke
    solid = np.convolve(same, np.ones(2 * STROKE_PX), "valid") >= 0.8 * 2 * STROKE_PX
    starts = np.flatnonzero(solid[low : max(high - 2 * STROKE_PX + 1, low)]) + low
    if not len(starts):
        return stroke
    begin, end = int(starts[0]), int(starts[-1]) + 2 * STROKE_PX
    inked = np.flatnonzero(same[begin:end]) + begin
    return y, int(inked[0]), int(inked[-1]) + 1


def _boxed(one: Run, others: list[Run]) -> bool:
    """Whether the same stroke runs again within a line's height: the box around a word."""
    return any(
        STROKE_PX < abs(other[0] - one[0]) < 60 and abs(other[1] - one[1]) <= 3 for other in others
    )


def _rulers(image: Image) -> list[ScaleCandidate]:
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    found = []
    for turned in (False, True):
        plane = np.ascontiguousarray(grey.T) if turned else grey
        best = _ticks(np.asarray(plane, np.uint8))
        if best is None:
            continue
        step, sd, ticks, band, begin = best
        box = (begin, band[0], round(step * ticks), band[1] - band[0])
        if turned:
            box = (box[1], box[0], box[3], box[2])
        found.append(ScaleCandidate(ScaleSource.RULER, step, sd, box, LIKELY_STEP_MM, ticks))
    return found


def _ticks(grey: Image) -> tuple[float, float, int, tuple[int, int], int] | None:
    """Step [px], its error, ticks seen, band of rows and first tick of the best ruler along x."""
    height, width = grey.shape
    tall = max(6, round(_BAND_SHARE * height))
    slope = cv2.Sobel(grey, cv2.CV_16S, 1, 0, ksize=1)
    bands = height // tall
    # the median along a tick: a hair crosses a band aslant and is left out
    rows = np.median(
        slope[: bands * tall].reshape(bands, tall, width)[:, :: max(tall // 5, 1)], axis=1
    )
    rows = np.clip(rows, -60.0, 60.0).astype(np.float32)
    strong = np.percentile(np.abs(rows), 97, axis=1) >= LEAST_TICK
    rhythm = _autocorrelation(rows)
    best = None
    for band in np.flatnonzero(strong):
        guess = _fundamental(rhythm[band, : width // LEAST_TICKS])
        if guess is None:
            continue
        step, begin, ticks = _comb(rows[band], guess)
        if abs(step / JPEG_PX - round(step / JPEG_PX)) < 0.004:
            continue  # the blocks of a JPEG
        if ticks >= LEAST_TICKS and (best is None or ticks > best[2]):
            # each tick is drawn on a whole pixel: off by up to half of one, evenly
            sd = max(ticks**-1.5, 1e-4 * step)
            best = (step, sd, ticks, (int(band) * tall, (int(band) + 1) * tall), begin)
    return best


def _fundamental(rhythm: Floats) -> float | None:
    """The shortest shift at which a row resembles itself nearly as well as at any."""
    part = rhythm[_LEAST_STEP_PX:]
    part = np.convolve(part, [0.5, 1.0, 0.5], "same")  # ticks stand on whole pixels
    if len(part) < 3 or part.max() < 1.3 * LEAST_RHYTHM:
        return None
    peaks = (part[1:-1] >= part[:-2]) & (part[1:-1] >= part[2:])
    peaks &= part[1:-1] >= 0.6 * part.max()
    # between two ticks there is nothing: a peak follows a dip
    peaks &= np.minimum.accumulate(part)[:-2] <= 0.35 * part[1:-1]
    at = np.flatnonzero(peaks)
    return float(at[0] + 1 + _LEAST_STEP_PX) if len(at) else None


def _autocorrelation(rows: NDArray[np.float32]) -> Floats:
    """(bands, lags) of each row with itself shifted, 1 at no shift."""
    width = rows.shape[1]
    power = np.abs(np.fft.rfft(rows, 2 * width, axis=1)) ** 2
    lagged = np.fft.irfft(power, axis=1)[:, :width]
    # a shift leaves fewer pixels to compare
    lagged *= width / (width - np.arange(width))
    return np.asarray(lagged / (lagged[:, :1] + 1e-9))


def _comb(row: NDArray[np.float32], guess: float) -> tuple[float, int, int]:
    """Step at which the harmonics of a comb of ticks are strongest; first tick; number of ticks."""
    edges = np.maximum(-row, 0.0) if np.maximum(-row, 0).sum() > 0 else np.abs(row)
    x = np.arange(len(row))
    step = guess
    for spread in (0.5 / guess, 0.05 / guess, 0.005 / guess):
        tried = step * (1.0 + np.linspace(-spread, spread, 41))
        harmonics = sum(
            np.abs(np.exp(-2j * np.pi * k * x[None] / tried[:, None]) @ edges) for k in (1, 2, 3)
        )
        step = float(tried[int(np.argmax(harmonics))])
    phase = float(np.angle(np.exp(2j * np.pi * x / step) @ edges)) / (2 * np.pi)
    at = np.arange(-1, len(row) / step + 1) * step + phase * step
    at = at[(at >= 1) & (at < len(row) - 1)]
    strength = np.array([edges[round(one) - 1 : round(one) + 2].max() for one in at])
    if not len(at) or np.median(strength) < LEAST_STANDOUT * edges.mean():
        return step, 0, 0
    seen = strength >= 0.35 * np.percentile(strength, 80)
    return step, int(at[np.flatnonzero(seen)[0]]) if seen.any() else 0, int(seen.sum())
