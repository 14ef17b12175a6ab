"""The counting frame: the part of a picture in which a hair's root must lie to be counted."""

from openmeso.terms.trichoscopy import MeasureSetting, Point, Scale

Box = tuple[int, int, int, int]
"""x, y, width, height [px]"""


def guard_px(width: int, height: int, scale: Scale | None, setting: MeasureSetting) -> float:
    """Border [px] in which roots are not counted; without a scale 1/30 of the shorter side."""
    return setting.guard_um / scale.um_per_px if scale else min(width, height) / 30


def frame_px(width: int, height: int, guard: float) -> Box:
    """Counting frame of a picture: less a guard [px], of at most a quarter, on every side."""
    edge = round(min(guard, width / 4, height / 4))
    return edge, edge, width - 2 * edge, height - 2 * edge


def within(point_px: Point, frame: Box) -> bool:
    """Whether a point lies in a frame: left and upper edge in, right and lower edge out.

    Positions are of the middles of pixels, so that the frame begins half a pixel before its first.
    """
    x, y, width, height = frame
    return bool(
        x - 0.5 <= point_px[0] < x + width - 0.5 and y - 0.5 <= point_px[1] < y + height - 0.5
    )
