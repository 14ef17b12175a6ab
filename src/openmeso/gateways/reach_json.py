"""Reach as plain data: everything but the cells of the maps, which are drawings."""

from dataclasses import replace
from typing import Any

from openmeso.gateways.conversion import converter
from openmeso.terms.reach import Reach


def reach_to_json(reach: Reach) -> dict[str, Any]:
    """The reach as plain data, without the cells of the maps."""
    told = replace(reach, substances=tuple(replace(one, maps=()) for one in reach.substances))
    data: dict[str, Any] = dict(converter().unstructure(told, Reach))
    for one in data["substances"]:
        del one["maps"]
    return data
