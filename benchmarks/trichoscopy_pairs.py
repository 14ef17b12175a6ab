"""The same spot at two visits: gains and losses called against those rendered.

Pairs of 8 x 6 mm at 5 µm a pixel, the second picture shifted, turned by up to 15 degrees, zoomed by
up to 10 per cent, tilted and stretched, with new light, glare and noise and the hair regrown; half
of them unchanged, half with 8 % of the hairs lost, 6 % gained and 10 % thickened by 1.3. Prints for
each density the error of gains and losses over the hairs compared, and over all pairs how two
pictures of unchanged hair differ: compared hair by hair, and by their two counts. Last, what these
pairs say of the constants of science/trichoscopy/change.py: twelve unchanged pairs say little.

    PYTHONPATH=src python benchmarks/trichoscopy_pairs.py [pairs of each kind] [first seed]
"""

import sys
import time
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np

from openmeso.science.trichoscopy import change
from openmeso.science.trichoscopy.comparison import compare
from openmeso.science.trichoscopy.measure import measure_field
from openmeso.science.trichoscopy.pair_scoring import PairScore, score_pair
from openmeso.science.trichoscopy.registration import register
from openmeso.science.trichoscopy.render_pair import PairChange, RenderedPair, render_pair
from openmeso.science.trichoscopy.render_setting import HairColour, RenderSetting, SkinType
from openmeso.science.trichoscopy.spot import View
from openmeso.terms.comparison import Comparison, Fate, NoComparison
from openmeso.terms.trichoscopy import HairField, MeasureSetting, Scale

DENSITIES = (60.0, 120.0, 180.0, 250.0)
CHANGED = PairChange(lost_share=0.08, gained_share=0.06, thickened_share=0.1)
SKINS, HAIRS = tuple(SkinType)[:4], (HairColour.BLACK, HairColour.BROWN)
WORKERS = 2
Z90, Z95 = 1.6449, 1.96


@dataclass(frozen=True)
class Run:
    """One pair as it was compared."""

    density: float
    changed: bool
    score: PairScore
    made: Comparison
    fields: tuple[HairField, HairField]
    ms: float


def rendered(density: float, changed: bool, seed: int) -> RenderedPair:
    setting = RenderSetting(
        density_cm2=density, skin=SKINS[seed % len(SKINS)], hair=HAIRS[seed % len(HAIRS)]
    )
    rng = np.random.default_rng([seed, int(density), int(changed)])
    return render_pair(setting, CHANGED if changed else PairChange(), rng)


def run(density: float, changed: bool, seed: int) -> Run | None:
    pair = rendered(density, changed, seed)
    before, after = (
        measure_field(one.image, Scale(one.um_per_px), MeasureSetting())
        for one in (pair.first, pair.second)
    )
    start = time.perf_counter()
    try:
        made = compare(
            View(pair.first.image, before), View(pair.second.image, after), register(before, after)
        )
    except NoComparison as fault:
        print(f"  {density:g} hairs/cm², seed {seed}: refused. {fault}")
        return None
    ms = 1000 * (time.perf_counter() - start)
    score = score_pair(pair, before, after, made)
    return Run(density, changed, score, made, (before, after), ms)


def tell_density(density: float, runs: list[Run]) -> None:
    own = [one for one in runs if one.density == density]
    hairs = sum(one.score.hairs for one in own)
    if not hairs:
        return
    lost = sum(abs(one.score.called_lost - one.score.lost) for one in own)
    gained = sum(abs(one.score.called_gained - one.score.gained) for one in own)
    wrong = sum(one.score.wrong_lost + one.score.wrong_gained for one in own)
    print(
        f"  {density:4g} hairs/cm²: {len(own)} pairs, {hairs} hairs; error of losses "
        f"{100 * lost / hairs:.1f} %, of gains {100 * gained / hairs:.1f} %; wrongly called "
        f"{100 * wrong / hairs:.1f} %; {sum(one.ms for one in own) / len(own):.0f} ms a pair"
    )


def tell_unchanged(runs: list[Run]) -> None:
    """Repeatability, and what is called though nothing changed."""
    own = [one for one in runs if not one.changed]
    steps = np.array([one.made.density_cm2.change.value for one in own if one.made.density_cm2])
    counts = np.array(
        [
            one.fields[1].summary.density_cm2.value - one.fields[0].summary.density_cm2.value
            for one in own
            if one.fields[0].summary.density_cm2 and one.fields[1].summary.density_cm2
        ]
    )
    print(f"unchanged hair, {len(own)} pairs: repeatability coefficient of density")
    print(f"  compared hair by hair {Z95 * np.sqrt(np.mean(steps**2)):.1f} hairs/cm²")
    print(f"  two counts            {Z95 * np.sqrt(np.mean(counts**2)):.1f} hairs/cm²")
    called = sum(one.made.count.is_beyond_error for one in own)
    widths = [one.made.width_um for one in own if one.made.width_um]
    print(f"  changes of count called: {called} of {len(own)}")
    print(
        f"  changes of width called: {sum(one.is_beyond_error for one in widths)} of {len(widths)}"
    )
    net = sum(one.made.count.change.value**2 for one in own)
    print(f"  net change squared over hairs: {net / sum(one.score.hairs for one in own):.3f}")
    means = np.array([one.change.value for one in widths])
    print(f"  mean width: bias {means.mean():+.2f} µm, sd between pairs {means.std(ddof=1):.2f} µm")


def tell_widths(runs: list[Run]) -> None:
    steps = np.array([step for one in runs for step in one.score.width_steps_um])
    still = steps[steps[:, 0] == 1.0]
    low, half, high = np.quantile(still[:, 2], [0.05, 0.5, 0.95])
    print(f"width of one unchanged hair: {half:+.1f} µm, 90 % within {low:.1f} to {high:.1f}")
    grown = steps[steps[:, 0] > 1.0]
    if len(grown):
        print(
            f"  thickened by 1.3: read {np.median(1 + grown[:, 2] / grown[:, 1]):.2f} in the median"
        )


def tell_intervals(runs: list[Run]) -> None:
    held = [
        one.made.count.change.low <= one.score.gained - one.score.lost <= one.made.count.change.high
        for one in runs
    ]
    print(f"90 % interval of the change holds the truth in {sum(held)} of {len(held)} pairs")


def tell_constants(runs: list[Run]) -> None:
    """What these pairs say of the constants of ``change.py``, beside those it has."""
    net, compared, unclear, own = [], [], [], []
    for one in runs:
        called = one.made.number(Fate.GAINED) + one.made.number(Fate.LOST)
        unclear.append(one.made.number(Fate.UNCLEAR))
        compared.append(len(one.made.hairs) - unclear[-1])
        own.append(called)
        true = one.score.gained - one.score.lost
        net.append(one.made.count.change.value - true)
    squared = np.square(net) - change.UNCLEAR_SHARE * np.array(unclear)
    changed = np.array([one.changed for one in runs])
    false = squared[~changed].sum() / np.array(compared)[~changed].sum()
    rest = squared - change.FALSE_SHARE * np.array(compared)
    missed = rest[changed].sum() / max(np.array(own)[changed].sum(), 1)
    steps = [step for one in runs for step in one.score.width_steps_um if step[0] == 1.0]
    low, high = np.quantile([step for _, _, step in steps], [0.05, 0.95])
    means = [
        one.made.width_um.change.value for one in runs if one.made.width_um and not one.changed
    ]
    told = (
        ("FALSE_SHARE", false, change.FALSE_SHARE),
        ("MISSED_SHARE", missed, change.MISSED_SHARE),
        ("WIDTH_RETEST_UM", (high - low) / (2 * Z90), change.WIDTH_RETEST_UM),
        ("MEAN_WIDTH_RETEST_UM", float(np.std(means)), change.MEAN_WIDTH_RETEST_UM),
    )
    print("constants by these pairs (as they are):")
    print("  " + ", ".join(f"{name} {here:.3f} ({now:g})" for name, here, now in told))


def main() -> int:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 5000
    jobs = [
        (density, changed, seed)
        for density in DENSITIES
        for changed in (False, True)
        for seed in range(first, first + number)
    ]
    with get_context("spawn").Pool(WORKERS) as pool:
        runs = [one for one in pool.starmap(run, jobs, 1) if one]
    for density in DENSITIES:
        tell_density(density, runs)
    tell_unchanged(runs)
    tell_widths(runs)
    tell_intervals(runs)
    tell_constants(runs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
