"""Overlay: a picture with every hair drawn over it, roots, counting frame and what is marked."""

import io

from PIL import ImageDraw

from openmeso.gateways.picture import Picture
from openmeso.terms.trichoscopy import HairClass, HairField, Severity

Colour = tuple[int, int, int]

CLASS_COLOURS: dict[HairClass, Colour] = {
    HairClass.TERMINAL: (0, 200, 120),
    HairClass.INTERMEDIATE: (255, 170, 0),
    HairClass.VELLUS: (235, 60, 200),
    HairClass.UNKNOWN: (90, 160, 255),
}
FRAME: Colour = (255, 255, 255)
FAULT_COLOURS: dict[Severity, Colour] = {
    Severity.REFUSE: (230, 40, 40),
    Severity.LIMIT: (255, 140, 0),
    Severity.TELL: (80, 140, 255),
}


def overlay_png(shown: Picture, field: HairField) -> bytes:
    """The picture as PNG; hairs that are not counted are drawn thin and without their root."""
    drawn = shown.image.copy()
    pen = ImageDraw.Draw(drawn)
    thick = max(2, round(max(drawn.size) / 500))
    x, y, width, height = field.frame_px
    pen.rectangle((x, y, x + width, y + height), outline=FRAME, width=max(1, thick // 2))
    for one in field.findings:
        for left, top, across, down in one.boxes_px:
            box = (left, top, left + across, top + down)
            pen.rectangle(box, outline=FAULT_COLOURS[one.severity], width=thick)
    for hair in field.hairs:
        colour = CLASS_COLOURS[hair.hair_class]
        pen.line(hair.path_px, fill=colour, width=thick if hair.counted else 1)
        if hair.counted:
            at_x, at_y = hair.root_px
            ring = (at_x - 2 * thick, at_y - 2 * thick, at_x + 2 * thick, at_y + 2 * thick)
            pen.ellipse(ring, outline=colour, width=max(1, thick // 2))
    out = io.BytesIO()
    drawn.convert("RGB").save(out, "PNG", compress_level=4)
    return out.getvalue()
