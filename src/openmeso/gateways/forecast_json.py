"""Forecast as JSON, and a patient's measurements read from it."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from openmeso.terms.forecast import Forecast, ForecastInputError, MeasuredOutcome

FIELDS = ("week", "outcome", "value", "sd", "method")
_NUMBERS = ("week", "value", "sd")


def forecast_to_json(made: Forecast) -> dict[str, Any]:
    """The forecast as plain data."""
    return asdict(made)


def read_measurements(path: Path) -> tuple[MeasuredOutcome, ...]:
    """A JSON list of measurements.

    Raises :class:`ForecastInputError` naming the entry, its value and what is accepted.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ForecastInputError(path.name, f"is not JSON: {error}") from error
    return measurements_from(data)


def measurements_from(data: object) -> tuple[MeasuredOutcome, ...]:
    """Measurements from plain data; raises :class:`ForecastInputError`."""
    if not isinstance(data, list):
        raise ForecastInputError("measurements", f"expected a list; got {type(data).__name__}")
    return tuple(_measurement(one, f"measurements[{i}]") for i, one in enumerate(data))


def _measurement(one: object, path: str) -> MeasuredOutcome:
    if not isinstance(one, Mapping):
        raise ForecastInputError(path, f"expected an object; got {one!r}")
    unknown = sorted(set(one) - set(FIELDS))
    if unknown:
        raise ForecastInputError(path, f"expected {', '.join(FIELDS)}; got {unknown[0]!r}")
    for name in _NUMBERS:
        value = one.get(name)
        absent = value is None and name == "sd"
        if not absent and (isinstance(value, bool) or not isinstance(value, (int, float))):
            raise ForecastInputError(f"{path}.{name}", f"expected a number; got {value!r}")
    try:
        return MeasuredOutcome(
            float(one["week"]),
            str(one.get("outcome", "")),
            float(one["value"]),
            None if one.get("sd") is None else float(one["sd"]),
            str(one.get("method", "")),
        )
    except ForecastInputError as error:
        message = str(error).removeprefix(f"{error.field}: ")
        raise ForecastInputError(f"{path}.{error.field}", message) from error
