"""A field of straight hairs for tests: where each lies and how wide it is are known."""

from openmeso.science.trichoscopy.frame import within
from openmeso.science.trichoscopy.summary import BY_HAND, summarise
from openmeso.terms.trichoscopy import (
    Fault,
    Hair,
    HairClass,
    HairField,
    HairMode,
    MeasureSetting,
    QualityFinding,
    Scale,
    Severity,
)

SIZE_PX = (640, 480)
FRAME_PX = (40, 40, 560, 400)
UM_PER_PX = 5.0
LONG_PX = 60.0
SCALE = Scale(UM_PER_PX)


def hair(number: int, x: float, y: float, width_um: float | None = 60.0) -> Hair:
    """A hair that lies level, its root on the left."""
    kind = HairClass.UNKNOWN
    if width_um is not None:
        kind = HairClass.VELLUS if width_um < 30 else HairClass.INTERMEDIATE
        kind = HairClass.TERMINAL if width_um >= 40 else kind
    return Hair(
        id=number,
        path_px=((x, y), (x + LONG_PX / 2, y), (x + LONG_PX, y)),
        width_px=(width_um or 50.0) / UM_PER_PX,
        length_px=LONG_PX,
        length_mm=LONG_PX * UM_PER_PX / 1000,
        width_um=width_um,
        width_error_um=None if width_um is None else 2.0,
        hair_class=kind,
        unit=number,
        counted=within((x, y), FRAME_PX),
    )


def field(columns: int = 5, rows: int = 8, scale: Scale | None = SCALE) -> HairField:
    """Hairs in rows; every fourth one is vellus."""
    hairs = tuple(
        hair(
            n, 50.0 + 100 * (n % columns), 60.0 + 45 * (n // columns), 20.0 if n % 4 == 0 else 60.0
        )
        for n in range(columns * rows)
    )
    area_cm2 = FRAME_PX[2] * FRAME_PX[3] * (UM_PER_PX / 1e4) ** 2 if scale else None
    return HairField(
        width_px=SIZE_PX[0],
        height_px=SIZE_PX[1],
        mode=HairMode.CLIPPED,
        scale=scale,
        hairs=hairs,
        summary=summarise(hairs, area_cm2, scale, MeasureSetting(), BY_HAND),
        frame_px=FRAME_PX,
        method="laid out by hand",
    )


def refused_field() -> HairField:
    """A field whose picture is out of focus."""
    blurred = QualityFinding(
        Fault.BLUR, Severity.REFUSE, "Out of focus.", "Press the lens on the skin.", 25.0, 18.0,
        ((100, 100, 200, 150),),
    )  # fmt: skip
    made = field()
    return HairField(
        made.width_px, made.height_px, made.mode, made.scale, (), made.summary, made.frame_px,
        findings=(blurred,),
    )  # fmt: skip
