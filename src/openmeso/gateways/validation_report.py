"""Validation report: every check with its error, tolerance and figure, as one page of HTML."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.template import Context, Engine

from openmeso import __version__
from openmeso.gateways.forecast_chart import Tick, nice_step, number
from openmeso.gateways.words import words_ready
from openmeso.terms.validation import Figure, Line, Validation

WIDTH, HEIGHT = 520.0, 250.0
LEFT, RIGHT, TOP, BOTTOM = 62.0, 12.0, 10.0, 44.0
_TEMPLATES = Path(__file__).resolve().parent.parent / "web" / "templates"
_COLOURS = ("#0a6670", "#b36b00", "#5b3a8c", "#9f1c1c", "#2c7fb8", "#475963", "#3b7a2a", "#8c1c5b")
_DECADES = 5


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line or set of points, ready for SVG."""

    label: str
    colour: str
    path: str
    dots: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure, ready for SVG."""

    lines: tuple[Drawn, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class _Axis:
    low: float
    high: float
    log: bool
    start: float
    end: float

    @classmethod
    def around(cls, values: Sequence[float], log: bool, start: float, end: float) -> "_Axis":
        known = [math.log10(one) for one in values if one > 0] if log else list(values)
        low, high = min(known, default=0.0), max(known, default=1.0)
        if high - low < 1e-9:
            low, high = low - 1.0, high + 1.0
        return cls(low, high, log, start, end)

    def at(self, value: float) -> float:
        if self.log:
            value = math.log10(value) if value > 0 else self.low
        share = (value - self.low) / (self.high - self.low)
        return self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)

    def ticks(self) -> tuple[Tick, ...]:
        if self.log:
            first, last = math.ceil(self.low - 1e-9), math.floor(self.high + 1e-9)
            step = max(1, math.ceil((last - first) / _DECADES))
            marks = [10.0**n for n in range(first, last + 1, step)]
        else:
            step_ = nice_step(self.high - self.low)
            first = math.ceil(self.low / step_ - 1e-9)
            last = math.floor(self.high / step_ + 1e-9)
            marks = [n * step_ for n in range(first, last + 1)]
        return tuple(Tick(_text(self.at(one)), number(one)) for one in marks)


def report_html(found: Sequence[Validation], provenance: Mapping[str, Any]) -> str:
    """The report, in one file that reads nothing else; the same checks give the same bytes."""
    words_ready()
    page = Engine(dirs=[str(_TEMPLATES)], builtins=["django.templatetags.i18n"]).get_template(
        "validation/report.html"
    )
    context = {
        "version": __version__,
        "checks": [(one, draw(one.finding.figure), error_text(one)) for one in found],
        "failed": [one for one in found if not one.passed],
        "provenance": provenance,
    }
    return str(page.render(Context(context, use_l10n=False, use_tz=False)))


def report_data(found: Sequence[Validation], provenance: Mapping[str, Any]) -> dict[str, Any]:
    """The report as plain data; an unknown error is null."""
    return {
        "openmeso": __version__,
        "passed": all(one.passed for one in found),
        "leave_one_study_out": dict(provenance),
        "checks": [{**_plain(asdict(one)), "passed": one.passed} for one in found],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def error_text(one: Validation) -> str:
    """The error in three figures."""
    return f"{one.finding.error:.3g}"


def draw(figure: Figure) -> Drawing:
    """Lay a figure out in its frame."""
    x = _Axis.around([v for one in figure.lines for v in one.x], figure.log_x, LEFT, WIDTH - RIGHT)
    y = _Axis.around([v for one in figure.lines for v in one.y], figure.log_y, HEIGHT - BOTTOM, TOP)
    return Drawing(tuple(_lines(figure.lines, x, y)), x.ticks(), y.ticks())


def _lines(lines: Sequence[Line], x: _Axis, y: _Axis) -> Iterator[Drawn]:
    for n, one in enumerate(lines):
        places = [
            (_text(x.at(a)), _text(y.at(b)))
            for a, b in zip(one.x, one.y, strict=True)
            if math.isfinite(a) and math.isfinite(b)
        ]
        path = "" if one.dots else "M" + "L".join(f"{a} {b}" for a, b in places)
        dots = tuple(places) if one.dots else ()
        yield Drawn(one.label, _COLOURS[n % len(_COLOURS)], path, dots)


def _text(value: float) -> str:
    return f"{value:.1f}"
