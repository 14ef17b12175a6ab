"""Per-hair precision and recall on annotated phototrichograms (FDU_HairFollicleDataset).

    PYTHONPATH=src python benchmarks/trichoscopy_real.py FOLDER [--half test|dev|all] [--parity even|odd] [--clear]
        [--judge FILE]

FOLDER holds Images/*.jpg and Annotations/*.xml, one line from root to tip a hair. The pictures
state no licence and are not part of this software: bring your own copy. Subjects (file name up to
the last underscore) are chosen by the parity of their last digit and divided by a hash into two halves.
The software's judge of paths was fitted on all even subjects: ``--judge`` takes another, as
benchmarks/trichoscopy_fit.py writes it when fitted on the other half. Every picture goes the product's own way:
judged, and what is burnt in masked; the filters beside it get the picture painted over. Lines that lie
mostly in the mask are neither asked for nor charged; ``--clear`` leaves out pictures with more than
3 % under marks. The rule of matching is that of openmeso.science.trichoscopy.scoring.
"""

import argparse
import hashlib
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.filters import frangi, sato, threshold_otsu
from skimage.measure import label, regionprops
from skimage.morphology import skeletonize

from openmeso.science.trichoscopy import judge
from openmeso.science.trichoscopy.field import read_field
from openmeso.science.trichoscopy.foreign_mark import Mask, find_marks
from openmeso.science.trichoscopy.frame import within
from openmeso.science.trichoscopy.painting import painted_over
from openmeso.science.trichoscopy.quality import judge_quality
from openmeso.science.trichoscopy.scoring import match_lines
from openmeso.terms.trichoscopy import HairField, Scale

UM = 2.793  # read from the burnt-in bars
WIDTH_UM = {"premium": 90.0, "single": 90.0, "undersize": 40.0, "abnormal": 60.0}
BORDER_PX = 12  # a found line that touches it is not charged: such hairs are not annotated
SMALL = 0.5  # baselines work at 5.6 µm a pixel
LEAST_PX = 20

Image = NDArray[np.uint8]
Lines = list[NDArray[np.float64]]


def subject(path: Path) -> str:
    return path.stem.rsplit("_", 1)[0]


def is_dev(path: Path) -> bool:
    return int(hashlib.sha256(subject(path).encode()).hexdigest(), 16) % 2 == 0


def annotated(path: Path) -> list[tuple[str, NDArray[np.float64]]]:
    found = []
    for one in ElementTree.parse(path).iter("object"):  # noqa: S314 (the user's own files)
        box = {child.tag: float(child.text or 0) for child in one.find("bndbox") or []}
        line = np.array([[box["xmin"], box["ymin"]], [box["xmax"], box["ymax"]]]) - 1
        found.append((one.findtext("class") or "", line))
    return found


def drawn(field: HairField) -> Lines:
    """What the product traced."""
    return [np.asarray(hair.path_px, float) for hair in field.hairs]


def _grey(image: Image) -> Image:
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    return cv2.resize(grey, None, fx=SMALL, fy=SMALL, interpolation=cv2.INTER_AREA)


def _lines(mask: NDArray[np.bool_]) -> Lines:
    """Main axis of every piece of the skeleton."""
    found = []
    for piece in regionprops(label(skeletonize(mask), connectivity=2)):
        at = piece.coords[:, ::-1].astype(float)
        if len(at) < LEAST_PX:
            continue
        way = np.linalg.svd(at - at.mean(0), full_matrices=False)[2][0]
        along = (at - at.mean(0)) @ way
        found.append((at.mean(0) + np.outer([along.min(), along.max()], way)) / SMALL)
    return found


def _thresholded(filtered: NDArray[np.float64]) -> Lines:
    return _lines(filtered > threshold_otsu(filtered))


def lsd(image: Image) -> Lines:
    found = cv2.createLineSegmentDetector(0).detect(_grey(image))[0]
    lines = np.empty((0, 2, 2)) if found is None else found.reshape(-1, 2, 2)
    return [one / SMALL for one in lines if np.hypot(*(one[1] - one[0])) >= LEAST_PX]


OURS = "openmeso"
FILTERS: dict[str, Callable[[Image], Lines]] = {
    "otsu": lambda image: _thresholded(255.0 - _grey(image)),
    "black-hat": lambda image: _thresholded(
        cv2.morphologyEx(
            _grey(image), cv2.MORPH_BLACKHAT, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (35, 35))
        ).astype(float)
    ),
    "sato": lambda image: _thresholded(sato(_grey(image) / 255.0, (2, 4, 7))),
    "frangi": lambda image: _thresholded(frangi(_grey(image) / 255.0, (2, 4, 7))),
    "lsd": lsd,
}


def hidden(line: NDArray[np.float64], mask: Mask) -> bool:
    """Whether more than half of a line lies in the mask."""
    at = np.linspace(line[0], line[-1], 21) if len(line) == 2 else line
    x, y = np.rint(at).astype(int).T
    height, width = mask.shape
    return bool(mask[y.clip(0, height - 1), x.clip(0, width - 1)].mean() > 0.5)


def score(lines: Lines, truth: list[tuple[str, NDArray[np.float64]]], mask: Mask):
    """Classes found and missed, true lines found, lines charged."""
    size = mask.shape[::-1]
    wide = [WIDTH_UM.get(kind, 80.0) for kind, _ in truth]
    pairs = match_lines([line for _, line in truth], wide, lines, UM, size)
    hit, right = {i for i, _ in pairs}, {j for _, j in pairs}
    far = np.array(size) - BORDER_PX
    wrong = sum(
        j not in right
        and line.min() >= BORDER_PX
        and bool(np.all(line.max(0) <= far))
        and not hidden(line, mask)
        for j, line in enumerate(lines)
    )
    return [(kind, i in hit) for i, (kind, _) in enumerate(truth)], len(right), len(right) + wrong


def counted(field: HairField, truth: list[tuple[str, NDArray[np.float64]]], mask: Mask):
    """Hairs whose root lies in the frame: true, found, and whether the 90 % interval holds them."""
    roots = [line[0] for _, line in truth if within(line[0], field.frame_px)]
    true = sum(not mask[round(y), round(x)] for x, y in roots)
    told = field.summary.count
    return true, field.summary.counted_hairs, told.low <= true <= told.high


def tell_counts(counts: list[tuple[int, int, bool]]) -> None:
    kept = np.array([one for one in counts if one[0]], float)
    error = (kept[:, 1] - kept[:, 0]) / kept[:, 0]
    print(
        f"counts: {kept[:, 0].mean():.1f} hairs a picture, mean absolute error "
        f"{np.abs(error).mean():.1%}, bias {kept[:, 1].sum() / kept[:, 0].sum() - 1:+.1%}; the 90 % "
        f"interval holds the truth in {kept[:, 2].mean():.1%}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=("test", "dev", "all"), default="test")
    parser.add_argument("--parity", choices=("even", "odd"), default="even")
    parser.add_argument("--most", type=int, default=10_000)
    parser.add_argument("--methods", nargs="+", choices=(OURS, *FILTERS), default=[OURS, *FILTERS])
    parser.add_argument("--clear", action="store_true")
    parser.add_argument("--judge", type=Path)
    asked = parser.parse_args()
    if asked.judge:
        other = judge.network_of(asked.judge.read_text())
        judge.network = lambda: other
    paths = [
        path
        for path in sorted((asked.folder / "Images").glob("*.jpg"))
        if int(subject(path)[-1]) % 2 == (asked.parity == "odd")
        and (asked.half == "all" or is_dev(path) == (asked.half == "dev"))
    ][: asked.most]
    tallies = {name: ([], 0, 0) for name in asked.methods}
    counts: list[tuple[int, int, bool]] = []
    used = 0
    for path in paths:
        image = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
        if asked.clear and find_marks(image).share > 0.03:
            continue
        used += 1
        mask = judge_quality(image, Scale(UM)).mask
        seen = painted_over(image, mask)
        truth = [
            one
            for one in annotated(asked.folder / "Annotations" / f"{path.stem}.xml")
            if not hidden(one[1], mask)
        ]
        for name in asked.methods:
            if name == OURS:
                field = read_field(image, Scale(UM))
                counts.append(counted(field, truth, mask))
                lines = drawn(field)
            else:
                lines = FILTERS[name](seen)
            found = score(lines, truth, mask)
            before = tallies[name]
            tallies[name] = tuple(a + b for a, b in zip(before, found, strict=True))
    print(f"{used} pictures of {len(paths)}, {asked.parity} subjects, {asked.half}")
    for name, (hits, right, charged) in tallies.items():
        recall, precision = np.mean([hit for _, hit in hits]), right / max(charged, 1)
        kinds = {kind: np.mean([h for k, h in hits if k == kind]) for kind, _ in sorted(hits)}
        told = " ".join(f"{kind} {share:.3f}" for kind, share in kinds.items())
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        print(f"{name:10s} F1 {f1:.3f} precision {precision:.3f} recall {recall:.3f} | {told}")
    if counts:
        tell_counts(counts)


if __name__ == "__main__":
    main()
