"""Where measuring hair breaks: count, vellus hair and widths against one condition at a time.

Rendered clipped fields, good in all but the one condition that is stepped through: density, blur,
pixel size, colour of hair and skin, noise and JPEG. Beside each step stands what the quality gate
says of it. A step breaks where the count errs by more than 10 % in the mean; "refused" is the share
of its fields that the gate would not measure at all. Fields are measured whatever the gate says.

    PYTHONPATH=src python benchmarks/trichoscopy_curve.py [--quick] [--fields N] [--csv FILE]
                                                          [--only NAME ...]
"""

import argparse
import csv
import sys
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

from openmeso.science.trichoscopy.measure import METHOD, measure_field
from openmeso.science.trichoscopy.quality import judge_quality
from openmeso.science.trichoscopy.quality_traced import judge_traced
from openmeso.science.trichoscopy.render import RENDER_VERSION, render_field
from openmeso.science.trichoscopy.render_setting import HairColour, RenderSetting, SkinType
from openmeso.science.trichoscopy.scoring import FieldScore, score_field
from openmeso.terms.trichoscopy import Fault, MeasureSetting, Scale, Severity

SEED = 700_000
FIELD_MM = (8.0, 6.0)
BREAKS = 0.10
GOOD = RenderSetting(density_cm2=120.0, um_per_px=5.0, blur_um=6.0)
SKINS = (SkinType.I, SkinType.II, SkinType.III, SkinType.IV)
LIGHT, DARK = SkinType.II, (SkinType.V, SkinType.VI)
UNTOLD = (Fault.SMALL_FIELD, Fault.NO_SCALE)

Step = tuple[str, dict[str, object], bool]


def _plain(name: str, unit: str, values: Iterable[float]) -> list[Step]:
    return [(f"{value:g} {unit}", {name: value}, False) for value in values]


def _coloured(skin: SkinType, hairs: Iterable[HairColour], light: bool = False) -> list[Step]:
    return [
        (f"{hair.value.replace('_', ' ')} on skin {skin}", {"hair": hair, "skin": skin}, light)
        for hair in hairs
    ]


DARKER = (HairColour.BLACK, HairColour.BROWN, HairColour.LIGHT_BROWN)
LIGHTER = (HairColour.BLOND, HairColour.GREY, HairColour.WHITE)
CURVES: dict[str, list[Step]] = {
    "density": _plain("density_cm2", "/cm²", (50, 100, 150, 200, 250, 300, 350, 400)),
    "blur": _plain("blur_um", "µm", (3, 6, 9, 12, 15, 18, 22)),
    "pixel": _plain("um_per_px", "µm a pixel", (2.5, 4, 6, 8, 10, 12, 14, 16)),
    "dark hair": [
        *_coloured(LIGHT, HairColour),
        *(step for skin in DARK for step in _coloured(skin, DARKER)),
    ],
    "light hair, asked for as such": [
        step for skin in (LIGHT, SkinType.IV, *DARK) for step in _coloured(skin, LIGHTER, True)
    ],
    "noise": _plain("noise", "noise", (0.005, 0.02, 0.05, 0.1)),
    "jpeg": _plain("jpeg_quality", "JPEG quality", (95, 80, 60, 40, 20)),
}


@dataclass(frozen=True)
class Row:
    """One step of a curve, over its fields."""

    curve: str
    step: str
    true: int
    error: float
    bias: float
    recall: float
    vellus: float
    width_bias_um: float
    width_low_um: float
    width_high_um: float
    held: float
    refused: float
    said: str


def setting_of(changes: dict[str, object], number: int) -> RenderSetting:
    """The field of a step: the same for every step of a curve but for what is changed."""
    hair = HairColour.BROWN if number % 3 == 2 else HairColour.BLACK
    made = replace(GOOD, skin=SKINS[number % len(SKINS)], hair=hair)
    made = replace(made, **changes)
    width, height = (round(1000 * one / made.um_per_px) for one in FIELD_MM)
    return replace(made, width_px=width, height_px=height)


def run(job: tuple[dict[str, object], bool, int]) -> tuple[FieldScore, bool, bool, list[str]]:
    """Score of one field, whether its interval held the truth, and what the gate said."""
    changes, light_hair, number = job
    cv2.setNumThreads(1)
    made = setting_of(changes, number)
    field = render_field(made, np.random.default_rng(SEED + number))
    scale, asked = Scale(made.um_per_px), MeasureSetting(light_hair=light_hair)
    quality = judge_quality(field.image, scale, asked)
    read = measure_field(field.image, scale, asked, quality.mask)
    quality = quality.with_more(judge_traced(quality, read, light_hair))
    score = score_field(field, read.hairs, read.frame_px)
    count = read.summary.count
    said = [
        f"{one.fault.value} {one.severity.value}"
        for one in quality.findings
        if one.fault not in UNTOLD and one.severity is not Severity.TELL
    ]
    return score, count.low <= score.true_count <= count.high, quality.refused, said


def row_of(curve: str, step: str, found: list[tuple[FieldScore, bool, bool, list[str]]]) -> Row:
    scores = [one[0] for one in found]
    errors = np.array([one.count_error for one in scores])
    widths = np.array(
        [err for one in scores for i, _, err in one.width_errors_um if i in one.isolated]
    )
    bias, sd = (widths.mean(), widths.std(ddof=1)) if len(widths) > 4 else (np.nan, np.nan)
    said = Counter(word for one in found for word in set(one[3]))
    return Row(
        curve,
        step,
        sum(one.true_count for one in scores),
        float(np.abs(errors).mean()),
        float(errors.mean()),
        sum(one.recalled for one in scores) / max(sum(one.true_count for one in scores), 1),
        sum(one.recalled_vellus for one in scores) / max(sum(one.true_vellus for one in scores), 1),
        float(bias),
        float(bias - 1.96 * sd),
        float(bias + 1.96 * sd),
        float(np.mean([one[1] for one in found])),
        float(np.mean([one[2] for one in found])),
        ", ".join(f"{word} {times}" for word, times in said.most_common()) or "-",
    )


def tell(row: Row) -> str:
    mark = "breaks" if row.error > BREAKS else ""
    return (
        f"| {row.step} | {100 * row.error:.1f} | {100 * row.bias:+.1f} | {row.recall:.2f} "
        f"| {row.vellus:.2f} | {row.width_bias_um:+.1f} ({row.width_low_um:+.1f} to "
        f"{row.width_high_um:+.1f}) | {row.said} | {mark} |"
    )


def where_it_breaks(rows: list[Row]) -> str:
    """First step that errs by more than a tenth, and the first that the gate mostly refuses."""
    broken = next((one for one in rows if one.error > BREAKS), None)
    refused = next((one for one in rows if one.refused > 0.5), None)
    unsaid = [one.step for one in rows if one.error > BREAKS and one.said == "-"]
    return (
        f"breaks first at: {broken.step if broken else 'nowhere'}; refused first at: "
        f"{refused.step if refused else 'nowhere'}; broken and let pass unsaid: "
        f"{', '.join(unsaid) or 'none'}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one field a step, every other step")
    parser.add_argument("--fields", type=int, default=2, help="fields of each step")
    parser.add_argument("--csv", type=Path, help="write the table to this file as well")
    parser.add_argument("--only", nargs="+", choices=CURVES, default=list(CURVES))
    asked = parser.parse_args()
    number = 1 if asked.quick else asked.fields
    start = time.perf_counter()
    print(f"method {METHOD}, renderer {RENDER_VERSION}, {number} fields a step, seeds from {SEED}")
    all_rows: list[Row] = []
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for curve in asked.only:
            steps = CURVES[curve][:: 2 if asked.quick else 1]
            jobs = [(changes, light, i) for _, changes, light in steps for i in range(number)]
            found = list(pool.map(run, jobs))
            rows = [
                row_of(curve, step[0], found[at * number : (at + 1) * number])
                for at, step in enumerate(steps)
            ]
            all_rows += rows
            print(f"\n{curve}")
            print("| step | error % | bias % | recall | vellus | width, isolated µm | gate | |")
            print("|---|---|---|---|---|---|---|---|")
            print("\n".join(tell(row) for row in rows))
            print(where_it_breaks(rows), flush=True)
    held = [one.held for one in all_rows if one.said == "-"]
    if held:
        print(f"\n90 % interval held the truth in {np.mean(held):.0%} of fields passed unsaid")
    print(f"{time.perf_counter() - start:.0f} s")
    if asked.csv:
        with asked.csv.open("w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(Row.__dataclass_fields__)
            writer.writerows(tuple(vars(row).values()) for row in all_rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
