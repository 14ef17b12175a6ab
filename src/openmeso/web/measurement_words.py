"""What sites, preparations and outcomes are called on screen."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

SITES: Mapping[str, object] = {
    "frontal": _("Frontal"),
    "mid_scalp": _("Mid-scalp"),
    "vertex": _("Vertex"),
    "temporal_left": _("Left temple"),
    "temporal_right": _("Right temple"),
    "occipital": _("Occiput (control)"),
}

KINDS: Mapping[str, object] = {
    "trichoscopy": _("Trichoscopy"),
    "device": _("Another device"),
    "scale": _("Scale"),
    "photo": _("Photographs"),
}

MODES: Mapping[str, object] = {"clipped": _("Clipped"), "unclipped": _("Not clipped")}

CLASSES: Mapping[str, object] = {
    "terminal": _("Terminal"),
    "intermediate": _("Intermediate"),
    "vellus": _("Vellus"),
    "unknown": _("Width not measured"),
}

METHODS: Mapping[str, object] = {
    "automatic": _("read by the software"),
    "corrected": _("corrected by hand"),
    "typed": _("typed in"),
}

SCALE_SOURCES: Mapping[str, object] = {
    "device": _("from the device"),
    "scale_bar": _("from a scale bar in the picture"),
    "ruler": _("from a ruler in the picture"),
    "two_points": _("from two points"),
    "given": _("typed in"),
}

OUTCOME_LABELS: Mapping[str, object] = {
    "total_density": _("Hairs"),
    "terminal_density": _("Terminal hairs"),
    "vellus_density": _("Vellus hairs"),
    "unit_density": _("Follicular units"),
    "hairs_per_unit": _("Hairs per unit"),
    "mean_width": _("Mean shaft width"),
    "terminal_to_vellus": _("Terminal to vellus"),
    "cumulative_thickness": _("Cumulative thickness"),
    "diameter_diversity": _("Diameter diversity"),
    "anagen": _("Growing hairs"),
    "growth_rate": _("Growth"),
}

UNITS: Mapping[str, object] = {
    "hairs/cm2": _("/cm²"),
    "units/cm2": _("/cm²"),
    "um": "µm",
    "ratio": ": 1",
    "mm/cm2": "mm/cm²",
    "mm/day": _("mm a day"),
    "%": "%",
    "": "",
}


def outcome_label(name: str) -> object:
    """The outcome's name on screen."""
    return OUTCOME_LABELS[name]


def unit_words(unit: str) -> str:
    """The unit as people write it."""
    return str(UNITS[unit])


EDITOR_WORDS: Mapping[str, object] = {
    "look": _("Drag to move the picture; two fingers or the wheel zoom. Tap a hair to see it."),
    "add": _("Draw from the root to the tip, or tap the root and then the tip."),
    "delete": _("Tap each hair that is none."),
    "split": _("Tap a line where one hair ends and the next begins."),
    "join": _("Tap two pieces of the same hair, one after the other."),
    "join_second": _("Now tap the other piece."),
    "flip": _("Tap a hair whose root is at the wrong end."),
    "line": _("Tap two points that lie a known length apart."),
    "line_set": _("The line is {px} pixels long. Give its true length below."),
    "short": _("That is too near its end to split."),
    "point": _("Point {n} is set. Enter ends the hair at the cross."),
    "cross": _("A cross is in the middle: arrows steer it, the space bar sets a point."),
    "hair": _("Hair {n} of {all}"),
    "restored": _("Your unsaved correction on this device is back."),
    "changes": _("{now} hairs, {read} were read; {touched} changed by hand"),
}
