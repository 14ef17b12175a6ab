"""Error of a count: fitted on pictures whose hairs are known, and told on others.

    PYTHONPATH=src python benchmarks/trichoscopy_interval.py FOLDER CACHE [--rendered 64] [--workers 2]
        [--judges FOR_DEV FOR_TEST]

FOLDER is that of benchmarks/trichoscopy_real.py (even subjects alone are read). CACHE is a file of
one line a picture: what it lacks of those asked for is measured and written to it. The judge of the
software has seen the pictures of both halves: ``--judges`` names those fitted on the other half, as
benchmarks/trichoscopy_fit.py writes them. The constants of ``summary.READ`` are fitted by likelihood on
the development half of the subjects and on rendered fields; told is how often the 90 % interval of the
count holds the truth on the other half and on fields of other seeds, by these constants and by those of
the software, and how often that of every other number does on the rendered ones.
"""

import argparse
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
from scipy.optimize import minimize
from scipy.stats import beta, norm
from trichoscopy_real import UM, annotated, hidden, is_dev, subject

from openmeso.gateways.conversion import converter, structure
from openmeso.science.trichoscopy import judge
from openmeso.science.trichoscopy.field import read_field
from openmeso.science.trichoscopy.frame import within
from openmeso.science.trichoscopy.quality import judge_quality
from openmeso.science.trichoscopy.render import RenderedField, render_field
from openmeso.science.trichoscopy.render_setting import HairColour, RenderSetting, SkinType
from openmeso.science.trichoscopy.summary import THIN, CountError, border_per_mm, read_error
from openmeso.terms.trichoscopy import (
    Estimate,
    HairClass,
    HairField,
    HairMode,
    MeasureSetting,
    Scale,
    Severity,
)
from openmeso.terms.units import SDS_OF_90_PER_CENT

FIT_SEED, KEPT_SEED = 810_000, 820_000
SETTING = MeasureSetting()
MANY = 30  # hairs
GOAL_CM2 = 0.4
OUTLIERS, OUTLIER_SDS = 0.015, 3.0  # a few pictures are annotated wrongly


@dataclass(frozen=True)
class TrueRoot:
    """A hair whose root lies in the frame; of an annotated one neither unit nor width is known."""

    unit: int = -1
    width_um: float = 0.0


@dataclass(frozen=True)
class Seen:
    """One picture as it was read, and what is true of it."""

    name: str
    real: bool
    kept: bool
    true: tuple[TrueRoot, ...]
    field: HairField

    @property
    def passed(self) -> bool:
        """Whether the gate lets it pass without a word that matters."""
        return all(one.severity is Severity.TELL for one in self.field.findings)


def from_picture(path: Path) -> Seen:
    image = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
    mask = judge_quality(image, Scale(UM)).mask
    field = read_field(image, Scale(UM))
    lines = annotated(path.parents[1] / "Annotations" / f"{path.stem}.xml")
    roots = [tuple(line[0]) for _, line in lines if not hidden(line, mask)]
    there = [one for one in roots if within(one, field.frame_px) and not _masked(one, mask)]
    return Seen(path.stem, True, not is_dev(path), tuple(TrueRoot() for _ in there), field)


def _masked(root_px: tuple[float, float], mask: np.ndarray) -> bool:
    return bool(mask[round(root_px[1]), round(root_px[0])])


def rendered(seed: int) -> RenderedField:
    """Clipped hair, 50 to 300 a cm², in focus, on every skin; each fourth field is a small one."""
    draw = np.random.default_rng(seed)
    um = float(draw.uniform(4.5, 7))
    width_mm, height_mm = (4.0, 3.2) if seed % 4 == 3 else (8.2, 6.2)
    setting = RenderSetting(
        width_px=round(1000 * width_mm / um), height_px=round(1000 * height_mm / um), um_per_px=um,
        density_cm2=float(draw.uniform(50, 300)), vellus_share=float(draw.uniform(0.05, 0.3)),
        terminal_um=float(draw.uniform(58, 85)),
        hair=(HairColour.BLACK, HairColour.BROWN)[int(draw.integers(2))],
        skin=list(SkinType)[int(draw.integers(6))], blur_um=float(draw.uniform(5, 10)),
        specular=float(draw.uniform(0, 0.8)), glare=float(draw.uniform(0, 0.3)),
        noise=float(draw.uniform(0.005, 0.02)), jpeg_quality=int(draw.integers(85, 96)),
    )  # fmt: skip
    return render_field(setting, np.random.default_rng([seed, 1]))


def from_rendered(seed: int) -> Seen:
    made = rendered(seed)
    scale = Scale(made.um_per_px)
    mask = judge_quality(made.image, scale).mask
    field = read_field(made.image, scale)
    there = tuple(
        TrueRoot(hair.unit, hair.mean_diameter_um)
        for hair in made.hairs
        if hair.visible and within(hair.root_px, field.frame_px) and not _masked(hair.root_px, mask)
    )
    return Seen(str(seed), False, seed >= KEPT_SEED, there, field)


def read(job: tuple[Path | int, Path | None]) -> Seen:
    what, other = job
    cv2.setNumThreads(1)
    if isinstance(what, int):
        return from_rendered(what)
    if other:
        network = judge.network_of(other.read_text())
        judge.network = lambda: network
    return from_picture(what)


def collect(
    folder: Path, cache: Path, number: int, workers: int, judges: dict[bool, Path]
) -> list[Seen]:
    """Everything asked for; what the cache lacks is measured and written to it one by one."""
    known = load(cache) if cache.exists() else []
    paths = [
        path
        for path in sorted((folder / "Images").glob("*.jpg"))
        if int(subject(path)[-1]) % 2 == 0
    ]
    seeds = [first + i for first in (FIT_SEED, KEPT_SEED) for i in range(number)]
    jobs: dict[str, tuple[Path | int, Path | None]] = {str(seed): (seed, None) for seed in seeds}
    jobs |= {path.stem: (path, judges.get(is_dev(path))) for path in paths}
    missing = sorted(jobs.keys() - {one.name for one in known}, key=_shuffled)
    with cache.open("a") as out, get_context("spawn").Pool(workers, maxtasksperchild=200) as pool:
        # rendered fields first: a real picture leaves another judge behind
        missing.sort(key=lambda name: not isinstance(jobs[name][0], int))
        for one in pool.imap_unordered(read, [jobs[name] for name in missing]):
            known.append(one)
            out.write(json.dumps(converter().unstructure(one)) + "\n")
            out.flush()
    return [one for one in known if one.name in jobs]


def _shuffled(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def load(cache: Path) -> list[Seen]:
    return [structure(json.loads(line), Seen) for line in cache.read_text().splitlines()]


@dataclass(frozen=True)
class Counts:
    """True and found counts, and the border over the area [1/mm], of some pictures (n,)."""

    true: np.ndarray
    found: np.ndarray
    border: np.ndarray

    def sd(self, missed: float, border_mm: float, picture_sd: float) -> np.ndarray:
        share = missed + border_mm * self.border
        return np.sqrt(share * np.maximum(self.found, 1.0) + (picture_sd * self.found) ** 2)

    def surprise(self, constants: np.ndarray) -> float:
        """Less the logarithm of the likelihood of the true counts: whole numbers."""
        sd, step = self.sd(*constants**2), self.true - self.found
        usual, wide = (
            norm.cdf((step + 0.5) / one) - norm.cdf((step - 0.5) / one)
            for one in (sd, OUTLIER_SDS * sd)
        )
        return float(-np.log((1 - OUTLIERS) * usual + OUTLIERS * wide + 1e-12).sum())


def counts(seen: list[Seen]) -> Counts:
    return Counts(
        np.array([len(one.true) for one in seen], float),
        np.array([one.field.summary.counted_hairs for one in seen], float),
        np.array([border_of(one.field) for one in seen]),
    )


def border_of(field: HairField) -> float:
    return border_per_mm(field.frame_px, field.scale.um_per_px, field.summary.area_cm2 or 0.0)


def fit(seen: list[Seen]) -> CountError:
    """The likeliest constants; every one of them at least nought."""
    known = counts(seen)
    start = np.sqrt([0.05, 0.1, 0.03])
    found = minimize(known.surprise, start, method="Nelder-Mead", options={"maxiter": 4000})
    return CountError(*(float(one) for one in found.x**2))


def tell_fit(seen: list[Seen]) -> CountError:
    print("fitted on            pictures  missed  border mm  picture sd")
    for name, chosen in (
        ("real", [one for one in seen if one.real]),
        ("rendered", [one for one in seen if not one.real]),
        ("both", seen),
    ):
        if not chosen:
            continue
        made = fit(chosen)
        print(
            f"{name:20s} {len(chosen):8d} {made.missed_share:7.3f} {made.border_mm:10.3f} "
            f"{made.picture_sd:11.3f}"
        )
    return made


STRATA: dict[str, Callable[[Seen], bool]] = {
    "real": lambda one: one.real,
    "real, at most 12 hairs": lambda one: one.real and len(one.true) <= 12,
    "real, more": lambda one: one.real and len(one.true) > 12,
    "rendered": lambda one: not one.real,
    "rendered, from 0.4 cm²": lambda one: _is_large(one),
    "rendered, smaller": lambda one: not (one.real or _is_large(one)),
    f"rendered, under {MANY} hairs": lambda one: not one.real and len(one.true) < MANY,
    f"rendered, from {MANY} hairs": lambda one: not one.real and len(one.true) >= MANY,
}


def _is_large(one: Seen) -> bool:
    return not one.real and (one.field.summary.area_cm2 or 0.0) >= GOAL_CM2


def tell_coverage(name: str, seen: list[Seen], error: Callable[[Seen], CountError]) -> None:
    print(f"\n90 % interval of the count, {name}: how often it holds the truth (95 % interval)")
    for stratum, belongs in STRATA.items():
        chosen = [one for one in seen if belongs(one)]
        held = [
            abs(len(one.true) - number) <= SDS_OF_90_PER_CENT * error(one).sd(number)
            for one in chosen
            for number in [one.field.summary.counted_hairs]
        ]
        true, found = (sum(part(one) for one in chosen) for part in (_true, _found))
        bias = 100 * (found / true - 1) if true else 0.0
        print(f"  {stratum:28s} {_share(held)}, bias {bias:+.1f} %")


def _true(one: Seen) -> int:
    return len(one.true)


def _found(one: Seen) -> int:
    return one.field.summary.counted_hairs


def _share(held: list[bool]) -> str:
    number, right = len(held), sum(held)
    if not number:
        return "none"
    low = beta.ppf(0.025, right, number - right + 1) if right else 0.0
    high = beta.ppf(0.975, right + 1, number - right) if right < number else 1.0
    return f"{right / number:6.1%} of {number} ({low:.0%} to {high:.0%})"


def truths(one: Seen) -> dict[str, float]:
    """What the numbers of a rendered field would be, had every hair been found and measured."""
    widths = np.array([hair.width_um for hair in one.true])
    area = one.field.summary.area_cm2
    classes = [SETTING.class_of(width) for width in widths]
    terminal, vellus = (classes.count(kind) for kind in (HairClass.TERMINAL, HairClass.VELLUS))
    units = len({hair.unit for hair in one.true})
    return {
        "density_cm2": len(widths) / area,
        "terminal_density_cm2": terminal / area,
        "vellus_density_cm2": vellus / area,
        "unit_density_cm2": units / area,
        "hairs_per_unit": len(widths) / units,
        "mean_width_um": float(widths.mean()),
        "terminal_to_vellus": terminal / vellus if vellus else float("inf"),
        "cumulative_thickness_mm_cm2": widths.sum() / 1000 / area,
        "diameter_diversity": float(np.mean(widths < THIN * np.quantile(widths, 0.75))),
    }


def tell_numbers(seen: list[Seen]) -> None:
    print("\n90 % interval of every number as it was told, rendered fields")
    known = [(one.field.summary, truths(one)) for one in seen if not one.real and one.true]
    for name in truths_of(known):
        told = [(getattr(summary, name), true[name]) for summary, true in known]
        both: list[tuple[Estimate, float]] = [(a, b) for a, b in told if a is not None]
        held = [a.low <= b <= a.high for a, b in both]
        off = np.array([a.value / b - 1 for a, b in both if b])
        half = np.array([(a.high - a.low) / 2 / a.value for a, _ in both if a.value])
        print(
            f"  {name:28s} {_share(held)}, median error {100 * np.median(off):+.1f} %, "
            f"half an interval {100 * np.median(half):.0f} %"
        )


def truths_of(known: list[tuple[object, dict[str, float]]]) -> list[str]:
    return list(known[0][1]) if known else []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("cache", type=Path)
    parser.add_argument(
        "--rendered", type=int, default=64, help="fields to fit on, and as many more"
    )
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--judges", nargs=2, type=Path, metavar=("FOR_DEV", "FOR_TEST"))
    asked = parser.parse_args()
    judges = dict(zip((True, False), asked.judges, strict=True)) if asked.judges else {}
    known = collect(asked.folder, asked.cache, asked.rendered, asked.workers, judges)
    passed = [one for one in known if one.passed]
    print(f"{len(known)} pictures, {len(passed)} of them passed by the gate without a word")
    made = tell_fit([one for one in passed if not one.kept])
    kept = [one for one in passed if one.kept]
    tell_coverage("as fitted here", kept, lambda one: made.at_border(border_of(one.field)))
    tell_coverage(
        "as in the software", kept, lambda one: read_error(HairMode.CLIPPED, border_of(one.field))
    )
    tell_numbers(kept)


if __name__ == "__main__":
    main()
