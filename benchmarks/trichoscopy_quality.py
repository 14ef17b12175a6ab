"""How often each alarm of the quality gate is right: rendered fields, and a folder of real pictures.

For every fault, fields with and without it over hair colours, skin types, styles and densities:
sensitivity, specificity. A folder of pictures, with its scale, prints how often each alarm is raised.

    PYTHONPATH=src python benchmarks/trichoscopy_quality.py [fields a fault] [FOLDER UM_PER_PX]
"""

import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from openmeso.science.trichoscopy.quality import judge_quality
from openmeso.science.trichoscopy.render import render_field
from openmeso.science.trichoscopy.render_setting import (
    HairColour,
    HairStyle,
    Mark,
    RenderSetting,
    SkinType,
)
from openmeso.terms.trichoscopy import Fault, HairMode, MeasureSetting, Scale

SEED = 20_000
# what is done to a good field, and the alarm it must raise
CASES = (
    ("blur 15 µm", {"blur_um": 15.0}, Fault.BLUR),
    ("blur 22 µm", {"blur_um": 22.0}, Fault.BLUR),
    ("blur 32 µm", {"blur_um": 32.0}, Fault.BLUR),
    ("defocus 25 µm", {"defocus_um": 25.0}, Fault.BLUR),
    ("glare 0.6", {"glare": 0.6}, Fault.GLARE),
    ("glare 0.9", {"glare": 0.9}, Fault.GLARE),
    ("8 bubbles", {"bubbles": 8}, Fault.BUBBLES),
    ("light x 0.03", {"exposure": 0.03}, Fault.UNDEREXPOSED),
    ("light x 3", {"exposure": 3.0}, Fault.OVEREXPOSED),
    ("white", {"hair": HairColour.WHITE}, Fault.PALE_HAIR),
    ("blond", {"hair": HairColour.BLOND}, Fault.PALE_HAIR),
    ("grey", {"hair": HairColour.GREY}, Fault.PALE_HAIR),
    ("dye 1", {"dye": 1.0}, Fault.DYE),
    ("long 150/cm²", {"style": HairStyle.LONG, "density_cm2": 150.0}, Fault.HAIR_OVER_FIELD),
    ("14 µm a pixel", {"um_per_px": 14.0, "width_px": 900, "height_px": 700}, Fault.MAGNIFICATION),
    ("scale off by 3", {}, Fault.MAGNIFICATION),
    ("scale bar", {"marks": (Mark.SCALE_BAR,)}, Fault.FOREIGN_MARK),
    ("ruler", {"marks": (Mark.RULER,)}, Fault.FOREIGN_MARK),
    ("text", {"marks": (Mark.TEXT,)}, Fault.FOREIGN_MARK),
    ("circle", {"marks": (Mark.CIRCLE,)}, Fault.FOREIGN_MARK),
    ("frame", {"marks": (Mark.FRAME,)}, Fault.FOREIGN_MARK),
    ("tattoo", {"marks": (Mark.TATTOO,)}, Fault.FOREIGN_MARK),
    ("no hair", {"density_cm2": 0.0}, Fault.PALE_HAIR),
)


def good(i: int) -> RenderSetting:
    """A field that no alarm but that of size may be raised for."""
    rng = np.random.default_rng(SEED + i)
    return RenderSetting(
        width_px=1200, height_px=1000, um_per_px=float(rng.choice([4.0, 5.0, 6.5])),
        density_cm2=float(rng.uniform(50, 250)), skin=SkinType(rng.choice(list(SkinType))),
        hair=HairColour(rng.choice([HairColour.BLACK, HairColour.BROWN])),
        style=HairStyle.CLIPPED, blur_um=float(rng.uniform(3, 9)), glare=float(rng.uniform(0, 0.5)),
        jpeg_quality=int(rng.integers(80, 98)), vellus_share=float(rng.uniform(0.05, 0.3)),
    )  # fmt: skip


def alarms(setting: RenderSetting, seed: int, factor: float = 1.0) -> set[Fault]:
    image = render_field(setting, np.random.default_rng(seed)).image
    scale = Scale(setting.um_per_px * factor)
    return {one.fault for one in judge_quality(image, scale).findings}


def rendered(number: int) -> None:
    false: Counter[Fault] = Counter()
    for i in range(number):
        false.update(alarms(good(i), SEED + i))
    print(f"good fields: {number}; false alarms of each kind:")
    for fault in Fault:
        if fault not in (Fault.SMALL_FIELD, Fault.NO_SCALE):
            print(f"  {fault.value:16s} specificity {1 - false[fault] / number:.2f}")
    for name, changes, fault in CASES:
        factor = 3.0 if name == "scale off by 3" else 1.0
        raised = sum(
            fault in alarms(replace(good(i), **changes), SEED + 500 + i, factor)
            for i in range(number)
        )
        print(f"  {name:16s} {fault.value:16s} sensitivity {raised / number:.2f}")


def folder(path: Path, um_per_px: float, most: int = 120) -> None:
    # subjects whose number ends in an odd digit are kept for a final measurement
    pictures = [
        one for one in sorted(path.glob("*.jpg")) if one.stem.rsplit("_", 1)[0][-1] not in "13579"
    ]
    chosen = pictures[:: max(len(pictures) // most, 1)][:most]
    raised: Counter[tuple[str, str]] = Counter()
    started = time.perf_counter()
    for one in chosen:
        image = cv2.cvtColor(cv2.imread(str(one)), cv2.COLOR_BGR2RGB)
        setting = MeasureSetting(mode=HairMode.CLIPPED)
        found = judge_quality(image, Scale(um_per_px), setting).findings
        raised.update({(two.fault.value, two.severity.value) for two in found})
    took = (time.perf_counter() - started) / max(len(chosen), 1)
    print(
        f"{len(chosen)} pictures of {path}, {1000 * took:.0f} ms each with reading; alarms raised:"
    )
    for (fault, severity), times in sorted(raised.items()):
        print(f"  {fault:16s} {severity:7s} {times / len(chosen):.2f}")


if __name__ == "__main__":
    cv2.setNumThreads(1)
    rendered(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
    if len(sys.argv) > 3:
        folder(Path(sys.argv[2]), float(sys.argv[3]))
