"""Plan map: zones, excluded spots and points as SVG attributes; page and paper draw the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openmeso.terms.grid import Grid
from openmeso.terms.zone import XY, MapView, Zone

EDGE_SHARE = 0.04


@dataclass(frozen=True, slots=True)
class ZoneDrawing:
    """One zone: its outline, and where its number is written."""

    number: int
    name: str
    path: str
    x: str
    y: str
    spots: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Label:
    """A landmark's name."""

    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True)
class ViewDrawing:
    """One view with what lies on it, in mm of the reference map.

    ``unit`` is a hundredth of the drawing's length: strokes and letters are measured in it,
    because a head and a whole body differ tenfold in size.
    """

    id: str
    name: str
    frame: str
    unit: float
    outline: str
    lines: tuple[str, ...]
    labels: tuple[Label, ...]
    zones: tuple[ZoneDrawing, ...]
    dots: str
    points: int

    @property
    def label_size(self) -> str:
        """Height of the landmarks' letters."""
        return _text(3.4 * self.unit)

    @property
    def number_size(self) -> str:
        """Height of the zones' numbers."""
        return _text(5 * self.unit)

    @property
    def dot_size(self) -> str:
        """Diameter of a point as drawn; the needle's mark itself would not be seen."""
        return _text(1.5 * self.unit)

    @property
    def stroke(self) -> str:
        """Width of an outline."""
        return _text(0.6 * self.unit)


def draw_views(
    views: Iterable[MapView], zones: Sequence[Zone], grid: Grid | None = None
) -> tuple[ViewDrawing, ...]:
    """Draw the views in their order, with the zones numbered as they stand in the plan."""
    points = reference_points(grid) if grid else {}
    return tuple(_view(view, zones, points.get(view.id, ())) for view in views)


def views_of(
    zones: Sequence[Zone], views: Mapping[str, MapView], regions: Sequence[str] = ()
) -> tuple[MapView, ...]:
    """The views that zones lie on, and those of the regions, in the knowledge's order."""
    drawn = {zone.view for zone in zones}
    return tuple(
        view
        for view in views.values()
        if view.id in drawn or view.region in regions or _is_body(view, regions)
    )


def reference_points(grid: Grid) -> dict[str, tuple[XY, ...]]:
    """The points of each view, from mm on the patient back to mm on the reference map."""
    points: dict[str, list[XY]] = {}
    for zone in grid.zones:
        points.setdefault(zone.view, []).extend(
            (x / zone.scale, y / zone.scale) for x, y in zone.points_mm
        )
    return {view: tuple(found) for view, found in points.items()}


def _is_body(view: MapView, regions: Sequence[str]) -> bool:
    own = {"scalp", "face"}
    return view.region == "body" and any(region not in own for region in regions)


def _view(view: MapView, zones: Sequence[Zone], points: Sequence[XY]) -> ViewDrawing:
    labels = [(x, y) for x, y, _ in view.labels]
    reach = [*view.outline, *(xy for line in view.lines for xy in line), *labels]
    xs, ys = [x for x, _ in reach], [y for _, y in reach]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    edge = EDGE_SHARE * max(width, height)
    frame = (min(xs) - edge, min(ys) - edge, width + 2 * edge, height + 2 * edge)
    return ViewDrawing(
        id=view.id,
        name=view.name,
        frame=" ".join(_text(each) for each in frame),
        unit=max(width, height) / 100,
        outline=path_of(view.outline) + "Z",
        lines=tuple(path_of(line) for line in view.lines),
        labels=tuple(
            Label(_text(x), _text(y), text)
            for x, y, text in view.labels
            if not any(zone.view == view.id and _contains(zone.polygon, x, y) for zone in zones)
        ),
        zones=tuple(
            _zone(number, zone) for number, zone in enumerate(zones, 1) if zone.view == view.id
        ),
        dots="".join(f"M{_text(x)} {_text(y)}h0" for x, y in points),
        points=len(points),
    )


def _zone(number: int, zone: Zone) -> ZoneDrawing:
    x, y = _label_place(zone.polygon)
    return ZoneDrawing(
        number=number,
        name=zone.name,
        path=path_of(zone.polygon) + "Z",
        x=_text(x),
        y=_text(y),
        spots=tuple(
            (_text(spot.centre[0]), _text(spot.centre[1]), _text(spot.radius_mm))
            for spot in zone.exclusions
        ),
    )


def _contains(polygon: Sequence[XY], x: float, y: float) -> bool:
    """Whether a landmark's name would lie under the zone's own number and points."""
    inside = False
    for (ax, ay), (bx, by) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside


def _label_place(polygon: Sequence[XY]) -> XY:
    """The middle of the widest run at half height: inside the zone even where it is hollow."""
    ys = [y for _, y in polygon]
    level = (min(ys) + max(ys)) / 2 + 1e-6
    cuts = sorted(
        ax + (level - ay) * (bx - ax) / (by - ay)
        for (ax, ay), (bx, by) in zip(polygon, [*polygon[1:], polygon[0]], strict=True)
        if (ay > level) != (by > level)
    )
    runs = [
        (right - left, (left + right) / 2)
        for left, right in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    return (max(runs)[1], level) if runs else polygon[0]


def path_of(points: Sequence[XY]) -> str:
    """An open SVG path through the points."""
    return "".join(f"{'L' if n else 'M'}{_text(x)} {_text(y)}" for n, (x, y) in enumerate(points))


def _text(number: float) -> str:
    return f"{round(number, 2) + 0.0:g}"
