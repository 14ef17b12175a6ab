"""The demo's pictures, two of each spot, with what was read in them when they were made.

They are rendered (``scripts/demo-pictures``) and of no patient. Reading them anew would let every new
demo wait until the reader of hairs is compiled.
"""

import json
from pathlib import Path

from openmeso.gateways.conversion import structure
from openmeso.gateways.picture import Picture, read_picture
from openmeso.terms.comparison import Comparison
from openmeso.terms.phototrichogram import Phototrichogram
from openmeso.terms.trichoscopy import HairField

FOLDER = Path(__file__).parents[1] / "knowledge" / "demo"
UM_PER_PX = 6.0
SHAVED_DAYS = 3
"""Days between ``shaved`` and ``regrown``."""


def read_demo_picture(name: str) -> tuple[Picture, HairField]:
    """A picture (``before`` or ``after``, ``shaved`` or ``regrown``) and its hairs."""
    shown = read_picture((FOLDER / f"{name}.jpg").read_bytes())
    return shown, structure(_stored(name), HairField)


def read_demo_comparison() -> Comparison:
    """What became of the hairs between ``before`` and ``after``."""
    return structure(_stored("comparison"), Comparison)


def read_demo_phototrichogram() -> Phototrichogram:
    """Which hairs grew between ``shaved`` and ``regrown``."""
    return structure(_stored("phototrichogram"), Phototrichogram)


def _stored(name: str) -> object:
    return json.loads((FOLDER / f"{name}.json").read_text())
