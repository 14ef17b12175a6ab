"""Library stop: courses stopped anywhere, on disk once made and mapped, so that workers share them.

They follow from the library and the code alone: a file of other code or other evidence is never
read, and goes when its successor is made. Losing the folder loses nothing but the seconds.
"""

import hashlib
import os
from functools import cache
from pathlib import Path

import numpy as np

from openmeso.gateways.forecast_library import PATIENT, library
from openmeso.gateways.posterior import POSTERIOR, PRIORS
from openmeso.science.forecast.library import COURSES, NODES
from openmeso.science.forecast.library_stop import Stopped, stopped

SCIENCE = Path(__file__).parents[1] / "science"
BEHIND = ("forecast/library*.py", "follicles/*.py", "kernels/hair_cycle.py")

Courses = dict[str, tuple[Stopped, ...]]
_known: dict[tuple[str, bool, Path], Courses] = {}


def kept_courses(severity: str, female: bool, folder: Path) -> Courses | None:
    """Stopped courses of a severity and sex by name; None while any has not been made."""
    key = (severity, female, folder)
    if key not in _known:
        found = {name: _read(_path(folder, severity, female, name)) for name in COURSES}
        whole = {name: one for name, one in found.items() if one is not None}
        if len(whole) < len(COURSES):
            return None
        _known[key] = whole
    return _known[key]


def keep_courses(severity: str, female: bool, folder: Path) -> None:
    """Make what :func:`kept_courses` has not; some seconds for a severity and sex."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in folder.glob("*.npy"):
        if not old.name.startswith(_fingerprint()):
            old.unlink(missing_ok=True)
    for name in COURSES:
        path = _path(folder, severity, female, name)
        if _read(path) is None:
            _write(path, stopped(library(severity, female), name))


def _path(folder: Path, severity: str, female: bool, course: str) -> Path:
    sex = "female" if female else "male"
    return folder / f"{_fingerprint()}-{severity}-{sex}-{course}.npy"


@cache
def _fingerprint() -> str:
    """Of everything that the courses follow from."""
    code = sorted(path for pattern in BEHIND for path in SCIENCE.glob(pattern))
    digest = hashlib.sha256()
    for path in (POSTERIOR, PRIORS, PATIENT, *code):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _read(path: Path) -> tuple[Stopped, ...] | None:
    try:
        whole = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError):  # not there, or not written to its end
        return None
    if whole.ndim != 5 or len(whole) != len(NODES):
        return None
    # the course that lasts stands before those that are stopped
    return tuple(Stopped(node[0], node[1:]) for node in whole)


def _write(path: Path, courses: tuple[Stopped, ...]) -> None:
    """Whole or not at all: another worker may be reading."""
    whole = np.stack([np.concatenate([one.on[None], one.after]) for one in courses])
    scratch = path.with_name(f"{path.stem}.{os.getpid()}.part")
    with scratch.open("wb") as file:
        np.save(file, whole)
    scratch.replace(path)
