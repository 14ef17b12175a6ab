"""What the map editor and the planner say, translated before the scripts get it."""

from django.utils.translation import gettext_lazy as _

MAP_WORDS = {
    "surface": _("{view}: draw and change zones"),
    "zone": _("{name}: {area} cm², {corners} corners"),
    "spot": _("Spot left out, radius {radius} mm, in {name}"),
    "corner": _("Corner {number} of {corners}"),
    "newZone": _("Zone"),
    "points": _("{points} points"),
    "outside": _("{area} cm² beyond the edge left out"),
    "deleteZone": _("Delete {name}"),
    "showZone": _("Show {name} on the map"),
    "deleted": _("{name} deleted. Undo brings it back."),
    "crossing": _("{name} crosses itself: move a corner until its edges no longer cut each other."),
    "tooSmall": _("Too small for a zone. Tap corners one by one, or draw round the area."),
    "threeCorners": _("A zone needs at least three corners."),
    "cornerSet": _("{corners} corners set. Tap the first again to close the zone."),
    "spotOutside": _("Tap inside a zone to leave a spot out."),
    "editing": _("Corners: arrow keys move, Insert adds, Delete removes, Enter ends."),
    "finished": _("Zone kept."),
    "cancelled": _("Taken back."),
    "steer": _("Steer the cross with the arrow keys first."),
    "tool_move": _("Tap a zone to change it."),
    "tool_zone": _("Draw round the area, or tap its corners one by one."),
    "tool_spot": _("Tap a scar, naevus or wound to leave it out."),
}

PLANNER_WORDS = {
    "offline": _(
        "No connection: the numbers are of before. What you typed is kept on this device."
    ),
    "failed": _("The plan could not be computed just now. What you typed is kept on this device."),
}
