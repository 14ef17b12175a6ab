"""Coordinates of the drawings on the Knowledge pages; the templates only place them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openmeso.terms.protocol import Protocol
from openmeso.terms.technique import LayerDepth, Technique
from openmeso.terms.units import DAYS_PER_WEEK
from openmeso.terms.zone import XY, MapPreset, MapView, Zone

# drawing units, not millimetres of skin
PX_PER_MM = 34.0
COLUMN_WIDTH = 132.0
COLUMN_GAP = 12.0
AXIS_WIDTH = 46.0
HEAD_HEIGHT = 42.0
DEPTH_SHOWN_BELOW_NEEDLE_MM = 1.5
TIMELINE_WIDTH = 960.0
TIMELINE_EDGE = 24.0


@dataclass(frozen=True, slots=True)
class Band:
    """A skin layer in one column of the diagram."""

    layer: str
    y: float
    height: float
    text_y: float
    row: LayerDepth


@dataclass(frozen=True, slots=True)
class Column:
    """One body region of the depth diagram."""

    region: str
    x: float
    middle: float
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class DepthDiagram:
    """The needle in the skin, region by region."""

    width: float
    height: float
    top: float
    columns: tuple[Column, ...]
    ticks: tuple[tuple[float, int], ...]
    needle_y: float
    range_y: float
    range_height: float
    rows: tuple[LayerDepth, ...]


def depth_diagram(technique: Technique, layers: Sequence[LayerDepth]) -> DepthDiagram | None:
    """Lay out the layers of the technique's regions with the needle's depth [mm -> drawing]."""
    rows = tuple(each for each in layers if each.region in technique.regions)
    if not rows:
        return None
    deepest_mm = technique.depth_mm.upper + DEPTH_SHOWN_BELOW_NEEDLE_MM
    regions = tuple(dict.fromkeys(row.region for row in rows))
    columns = []
    for n, region in enumerate(regions):
        x = AXIS_WIDTH + n * (COLUMN_WIDTH + COLUMN_GAP)
        bands = tuple(
            _band(row, deepest_mm)
            for row in rows
            if row.region == region and row.top_mm < deepest_mm
        )
        columns.append(Column(region, x, x + COLUMN_WIDTH / 2, bands))
    height = HEAD_HEIGHT + deepest_mm * PX_PER_MM
    return DepthDiagram(
        width=AXIS_WIDTH + len(regions) * (COLUMN_WIDTH + COLUMN_GAP),
        height=height,
        top=HEAD_HEIGHT,
        columns=tuple(columns),
        ticks=tuple((HEAD_HEIGHT + mm * PX_PER_MM, mm) for mm in range(int(deepest_mm) + 1)),
        needle_y=HEAD_HEIGHT + technique.default_depth_mm * PX_PER_MM,
        range_y=HEAD_HEIGHT + technique.depth_mm.lower * PX_PER_MM,
        range_height=max(2.0, (technique.depth_mm.upper - technique.depth_mm.lower) * PX_PER_MM),
        rows=rows,
    )


def _band(row: LayerDepth, deepest_mm: float) -> Band:
    bottom = min(row.bottom_mm, deepest_mm)
    y = HEAD_HEIGHT + row.top_mm * PX_PER_MM
    height = (bottom - row.top_mm) * PX_PER_MM
    return Band(row.layer, y, height, y + height / 2 + 4, row)


@dataclass(frozen=True, slots=True)
class Dot:
    """A session, or a visit to measure, on the timeline."""

    x: float
    week: int
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """A course as dots on a line of weeks."""

    width: float
    end_x: float
    weeks: int
    sessions: tuple[Dot, ...]
    assessments: tuple[Dot, ...]
    ticks: tuple[Dot, ...]


def timeline(protocol: Protocol) -> Timeline:
    """Lay a protocol's sessions and assessments on one line [weeks -> drawing]."""
    days = session_days(protocol)
    last_week = max(days[-1] / DAYS_PER_WEEK, *(protocol.assessment_weeks or (1,)), 1)
    per_week = (TIMELINE_WIDTH - 2 * TIMELINE_EDGE) / last_week

    def dot(week: float, label: str) -> Dot:
        return Dot(round(TIMELINE_EDGE + week * per_week, 1), round(week), label)

    step = next(each for each in (1, 2, 4, 8, 12, 26, 52) if last_week / each <= 14 or each == 52)
    return Timeline(
        width=TIMELINE_WIDTH,
        end_x=TIMELINE_WIDTH - TIMELINE_EDGE,
        weeks=round(last_week),
        sessions=tuple(dot(day / DAYS_PER_WEEK, str(n)) for n, day in enumerate(days, 1)),
        assessments=tuple(dot(week, str(week)) for week in protocol.assessment_weeks),
        ticks=tuple(dot(week, str(week)) for week in range(0, int(last_week) + 1, step)),
    )


def session_days(protocol: Protocol) -> list[int]:
    """Day of each session, counted from the first; the very first has no interval before it."""
    intervals = [phase.interval_days for phase in protocol.phases for _ in range(phase.sessions)]
    days = [0]
    for interval in intervals[1:]:
        days.append(days[-1] + interval)
    return days


@dataclass(frozen=True, slots=True)
class MapDrawing:
    """A view's outline as SVG paths, with its frame."""

    view: MapView
    frame: str
    outline: str
    lines: tuple[str, ...]
    zones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PresetDrawing:
    """The zones a pattern pre-fills, on each view they lie on."""

    preset: MapPreset
    drawings: tuple[MapDrawing, ...]


def map_drawing(view: MapView, zones: Sequence[Zone] = ()) -> MapDrawing:
    """Turn a view's points [mm] into SVG attributes."""
    xs = [x for x, _y in view.outline]
    ys = [y for _x, y in view.outline]
    edge = 0.04 * max(max(xs) - min(xs), max(ys) - min(ys))
    frame = (
        min(xs) - edge,
        min(ys) - edge,
        max(xs) - min(xs) + 2 * edge,
        max(ys) - min(ys) + 2 * edge,
    )
    return MapDrawing(
        view,
        " ".join(f"{each:.6g}" for each in frame),
        points(view.outline),
        tuple(points(line) for line in view.lines),
        tuple(points(zone.polygon) for zone in zones),
    )


def preset_drawing(preset: MapPreset, views: Mapping[str, MapView]) -> PresetDrawing:
    used = dict.fromkeys(zone.view for zone in preset.zones if zone.view in views)
    return PresetDrawing(
        preset,
        tuple(
            map_drawing(views[each], [z for z in preset.zones if z.view == each]) for each in used
        ),
    )


def points(line: Sequence[XY]) -> str:
    return " ".join(f"{x:.6g},{y:.6g}" for x, y in line)
