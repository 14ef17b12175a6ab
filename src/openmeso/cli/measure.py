"""`openmeso measure`: the hairs of trichoscopy pictures, without a database."""

import argparse
import json
import sys
from pathlib import Path

from tqdm import tqdm

from openmeso.gateways.device import read_devices
from openmeso.gateways.trichoscopy_file import (
    FileReading,
    Reading,
    overlay_paths,
    picture_files,
    read_files,
)
from openmeso.gateways.trichoscopy_table import hairs_csv, reading_text, readings_data
from openmeso.terms.trichoscopy import HairMode, MeasureSetting, Scale, TrichoscopyInputError
from openmeso.terms.units import UM_PER_MM

BAD_INPUT = 2
PER_CENT = 100.0


def run(chosen: argparse.Namespace) -> int:
    """Measure every picture; 1 when one was refused or could not be read."""
    try:
        how = _reading(chosen)
        files = picture_files(chosen.images)
        overlays: list[Path | None] = [None] * len(files)
        if chosen.overlay:
            chosen.overlay.mkdir(parents=True, exist_ok=True)
            overlays = [*overlay_paths(files, chosen.overlay)]
    except (TrichoscopyInputError, OSError) as refused:
        print(refused, file=sys.stderr)
        return BAD_INPUT
    if not files:
        print("No picture was found (JPEG, PNG, WebP or TIFF).", file=sys.stderr)
        return BAD_INPUT
    each = read_files(files, how, overlays, chosen.workers)
    read = list(tqdm(each, total=len(files), unit="picture", disable=_is_quiet(len(files))))
    _print(read, chosen)
    return 1 if any(one.field is None or one.field.refused for one in read) else 0


def _is_quiet(number: int) -> bool | None:
    """No bar for one picture; None lets tqdm see whether a person is watching."""
    return True if number < 2 else None


def _reading(chosen: argparse.Namespace) -> Reading:
    """How to read; TrichoscopyInputError for a scale or a device that cannot be."""
    if chosen.workers is not None and chosen.workers < 1:
        raise TrichoscopyInputError("workers", f"expected at least 1; got {chosen.workers}")
    setting = MeasureSetting(mode=HairMode(chosen.hair), light_hair=chosen.light_hair)
    scale = None
    if chosen.scale is not None:
        scale = Scale(UM_PER_MM * chosen.scale, chosen.scale_error / PER_CENT)
    if not chosen.device:
        return Reading(scale, None, setting)
    device = read_devices().get(chosen.device)
    if device is None and scale is None:
        known = ", ".join(read_devices())
        raise TrichoscopyInputError(
            "device", f"expected one of {known}, or --scale; got {chosen.device!r}"
        )
    if device and scale and not device.agrees(scale):
        raise TrichoscopyInputError(
            "scale",
            f"{device.name} has {device.um_per_px / UM_PER_MM:g} mm a pixel; got "
            f"{scale.um_per_px / UM_PER_MM:g}. Leave out one of the two",
        )
    return Reading(scale, None if scale else device, setting)


def _print(read: list[FileReading], chosen: argparse.Namespace) -> None:
    if chosen.json:
        data = readings_data(read, chosen.device)
        print(json.dumps(data, ensure_ascii=False, allow_nan=False, indent=2))
    elif chosen.csv:
        print(hairs_csv(read), end="")
    else:
        print("\n".join(map(reading_text, read)))
    if chosen.json or chosen.csv:
        wrong = [one for one in read if one.field is None or one.field.refused]
        print("".join(f"{reading_text(one)}\n" for one in wrong), end="", file=sys.stderr)
