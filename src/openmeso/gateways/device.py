"""Device profiles, read from their file."""

import tomllib
from functools import lru_cache
from pathlib import Path

from openmeso.gateways.conversion import structure
from openmeso.terms.device import Device

DEVICES = Path(__file__).parents[1] / "knowledge" / "devices.toml"


@lru_cache(maxsize=2)
def read_devices(path: Path = DEVICES) -> dict[str, Device]:
    """By id; ConversionError where the file says something else than devices."""
    listed = structure(tomllib.loads(path.read_text()).get("device", []), tuple[Device, ...])
    return {one.id: one for one in listed}
