"""Many picture files, measured on every core; a bad one is told and does not stop the others."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from openmeso.gateways.picture import PictureError, read_picture
from openmeso.gateways.picture_words import fault_words
from openmeso.gateways.trichoscopy import read_field
from openmeso.gateways.trichoscopy_overlay import overlay_png
from openmeso.terms.device import Device
from openmeso.terms.trichoscopy import HairField, MeasureSetting, Scale, TrichoscopyInputError

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff")
KILLED = "The reading ended without an answer: there may be too little memory. Use fewer workers."

Watch = Callable[[Iterable["FileReading"]], Iterable["FileReading"]]


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read: the scale, or the device that gives it, and where overlays go."""

    scale: Scale | None = None
    device: Device | None = None
    setting: MeasureSetting = field(default_factory=MeasureSetting)


@dataclass(frozen=True, slots=True)
class FileReading:
    """What became of one file: its field, or in words why there is none."""

    path: Path
    field: HairField | None = None
    error: str = ""


def picture_files(named: Sequence[Path]) -> list[Path]:
    """The files named, and in place of each folder the pictures in it and below, by name."""
    found: list[Path] = []
    for one in named:
        inside = sorted(one.rglob("*")) if one.is_dir() else [one]
        found += [
            file
            for file in inside
            if file == one or (file.is_file() and file.suffix.lower() in SUFFIXES)
        ]
    return list(dict.fromkeys(found))


def overlay_paths(files: Sequence[Path], folder: Path) -> list[Path]:
    """A PNG for each file in one folder; files that share a name are numbered."""
    taken: dict[str, int] = {}
    paths = []
    for file in files:
        number = taken[file.stem] = taken.get(file.stem, 0) + 1
        paths.append(folder / f"{file.stem}{f'-{number}' if number > 1 else ''}.png")
    return paths


def read_files(
    files: Sequence[Path], how: Reading, overlays: Sequence[Path | None], workers: int | None
) -> Iterator[FileReading]:
    """Every file in its order, on ``workers`` processes (default: every core)."""
    count = min(workers or os.cpu_count() or 1, len(files))
    read = partial(read_file, how)
    if count <= 1:
        yield from map(read, files, overlays)
        return
    done = 0
    try:
        with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
            for one in pool.map(read, files, overlays):
                done += 1
                yield one
    except BrokenProcessPool:
        yield from (FileReading(file, error=KILLED) for file in files[done:])


def read_file(how: Reading, path: Path, overlay: Path | None) -> FileReading:
    """One file; nothing that is wrong with it is raised."""
    try:
        shown = read_picture(path.read_bytes())
        scale = how.device.scale(shown.width_px) if how.device else how.scale
        found = read_field(shown, scale=scale, setting=how.setting)
        if overlay is not None:
            overlay.write_bytes(overlay_png(shown, found))
    except PictureError as fault:
        return FileReading(path, error=fault_words(fault))
    except TrichoscopyInputError as fault:
        return FileReading(path, error=f"{fault}.")
    except OSError as fault:
        return FileReading(path, error=f"{fault.strerror or fault}: {fault.filename or path}.")
    except MemoryError:
        return FileReading(path, error="The picture needs more memory than there is.")
    return FileReading(path, found)
