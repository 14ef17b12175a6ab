"""The demo's pictures of two spots: rendered, read and compared, so that no demo waits for it."""

import json
import sys
from dataclasses import replace
from io import BytesIO

import numpy as np
from PIL import Image

from openmeso.gateways.comparison import (
    MeasuredPicture,
    compare_visits,
    read_phototrichogram,
)
from openmeso.gateways.conversion import converter
from openmeso.gateways.demo_picture import FOLDER, SHAVED_DAYS, UM_PER_PX
from openmeso.gateways.picture import read_picture
from openmeso.gateways.trichoscopy import read_field
from openmeso.science.trichoscopy.outcome import comparison_summary
from openmeso.science.trichoscopy.render_pair import (
    PairChange,
    RenderedPair,
    render_pair,
    render_phototrichogram,
)
from openmeso.science.trichoscopy.render_pose import Pose
from openmeso.science.trichoscopy.render_setting import RenderSetting
from openmeso.terms.trichoscopy import MeasureSetting, Scale, ScaleSource

SEED = 33
SETTING = RenderSetting(
    width_px=1200, height_px=900, um_per_px=UM_PER_PX, density_cm2=130.0, vellus_share=0.12
)
CHANGE = PairChange(
    pose=Pose(shift_mm=(0.12, -0.08), rotation_deg=6.0, zoom=1.03, wobble_um=6.0),
    lost_share=0.03,
    gained_share=0.12,
    thickened_share=0.25,
    thicker_by=1.4,
)


GROWING_SEED = 58
GROWING_SHARE = 0.74
SHAVED_SETTING = replace(SETTING, density_cm2=200.0)
LATER_POSE = Pose(shift_mm=(-0.1, 0.14), rotation_deg=-5.0, zoom=0.98, wobble_um=4.0)


def main() -> None:
    visits = render_pair(SETTING, CHANGE, np.random.default_rng(SEED))
    compared = compare_visits(*_measured(visits, ("before", "after")))
    _write("comparison", compared)
    rng = np.random.default_rng(GROWING_SEED)
    days = render_phototrichogram(SHAVED_SETTING, SHAVED_DAYS, GROWING_SHARE, rng, LATER_POSE)
    grown = read_phototrichogram(*_measured(days, ("shaved", "regrown")), SHAVED_DAYS)
    _write("phototrichogram", grown)
    growing = [hair.growing for hair in days.first.hairs if hair.inside and hair.visible]
    for made in (compared, grown):
        sys.stdout.write(f"{comparison_summary(made)}\n")
    sys.stdout.write(f"truth: {np.mean(growing):.2f} of {len(growing)} hairs grow\n")


def _measured(pair: RenderedPair, names: tuple[str, str]) -> tuple[MeasuredPicture, ...]:
    measured = []
    for name, rendered in zip(names, (pair.first, pair.second), strict=True):
        out = BytesIO()
        Image.fromarray(rendered.image).save(out, "JPEG", quality=88)
        (FOLDER / f"{name}.jpg").write_bytes(out.getvalue())
        shown = read_picture(out.getvalue())
        setting = MeasureSetting()
        scale = Scale(UM_PER_PX, 0.01, ScaleSource.DEVICE)
        field = read_field(shown, scale=scale, setting=setting)
        measured.append(MeasuredPicture(shown, field, setting))
        _write(name, field)
        sys.stdout.write(f"{name}: {field.summary.counted_hairs} hairs, {field.findings}\n")
    return tuple(measured)


def _write(name: str, value: object) -> None:
    text = json.dumps(_short(converter().unstructure(value)), separators=(",", ":"))
    (FOLDER / f"{name}.json").write_text(text + "\n")


def _short(value: object) -> object:
    """Numbers no longer than they are exact."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: _short(one) for key, one in value.items()}
    return [_short(one) for one in value] if isinstance(value, list | tuple) else value


if __name__ == "__main__":
    main()
