"""The demo's two pictures of one spot: rendered, read and compared, so that no demo waits for it."""

import json
import sys
from io import BytesIO

import numpy as np
from PIL import Image

from openmeso.gateways.comparison import MeasuredPicture, compare_visits
from openmeso.gateways.conversion import converter
from openmeso.gateways.demo_picture import FOLDER, UM_PER_PX
from openmeso.gateways.picture import read_picture
from openmeso.gateways.trichoscopy import read_field
from openmeso.science.trichoscopy.outcome import comparison_summary
from openmeso.science.trichoscopy.render_pair import PairChange, render_pair
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


def main() -> None:
    pair = render_pair(SETTING, CHANGE, np.random.default_rng(SEED))
    measured = []
    for name, rendered in (("before", pair.first), ("after", pair.second)):
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
    made = compare_visits(*measured)
    _write("comparison", made)
    sys.stdout.write(f"{comparison_summary(made)}\n")


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
