"""Conversion: plain data from JSON, TOML or CSV to frozen terms and back, strictly.

Nothing is coerced: ``"4.5"`` is no number, ``true`` no count, and a field that a term does not
have is refused. Every fault of the data is reported with its path, not only the first.
"""

import difflib
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum, IntEnum, StrEnum
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

from cattrs import Converter
from cattrs.errors import (
    AttributeValidationNote,
    BaseValidationError,
    CattrsError,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn

# PostgreSQL keeps no NUL in a text, and half a surrogate pair is no character at all
NO_TEXT = re.compile("[\0\ud800-\udfff]")
Path = tuple[str | int, ...]
Term = TypeVar("Term")


@dataclass(frozen=True, slots=True)
class ConversionFault:
    """One thing that keeps the data from becoming terms, and where it stands."""

    path: Path
    reason: str


class ConversionError(ValueError):
    """The data is no such term; ``faults`` says all that is wrong with it."""

    def __init__(self, faults: tuple[ConversionFault, ...]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{path_text(f.path)}: {f.reason}" for f in faults))


def path_text(path: Iterable[str | int]) -> str:
    """Path as people read it: ``checklist[2].answer``."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", text)


def nearest(word: object, known: Iterable[str]) -> tuple[str, ...]:
    """Up to three known words that ``word`` may be a misspelling of, nearest first."""
    by_lower = {one.lower(): one for one in known}
    near = difflib.get_close_matches(str(word).lower(), by_lower, n=3, cutoff=0.6)
    return tuple(by_lower[one] for one in near)


def or_nearest(word: object, known: Iterable[str]) -> str:
    """``; did you mean …?`` where some known word is near, else nothing."""
    near = nearest(word, known)
    return f"; did you mean {' or '.join(near)}?" if near else ""


def structure(data: object, kind: type[Term]) -> Term:
    """``data`` as a term; raises :class:`ConversionError` with every fault."""
    try:
        return converter().structure(data, kind)
    except (CattrsError, ValueError) as error:
        raise ConversionError(tuple(_faults(error, ()))) from error


@cache
def converter() -> Converter:
    """The converter between terms and plain data."""
    made = Converter(forbid_extra_keys=True, unstruct_collection_overrides={tuple: list})
    made.register_structure_hook_factory(is_dataclass, _class_hook)
    made.register_structure_hook_factory(_is_tuple, _tuple_hook)
    made.register_structure_hook_func(_is_parameter_table, _parameter_table)
    for kind, hook in _HOOKS.items():
        made.register_structure_hook(kind, hook)
    made.register_unstructure_hook(date, date.isoformat)
    return made


def _faults(error: BaseException, path: Path) -> Iterator[ConversionFault]:
    """Every leaf of cattrs' tree of exceptions, with the path that leads to it."""
    if isinstance(error, BaseValidationError):
        for inner in error.exceptions:
            yield from _faults(inner, path + _step(inner))
    elif isinstance(error, ForbiddenExtraKeysError):
        known = tuple(field.name for field in fields(error.cl))
        for extra in sorted(error.extra_fields):
            yield ConversionFault((*path, extra), f"is unknown{or_nearest(extra, known)}")
    elif isinstance(error, KeyError):
        yield ConversionFault(path, "is missing")
    else:
        yield ConversionFault(path, str(error))


def _step(error: BaseException) -> Path:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return (note.name,)
        if isinstance(note, IterableValidationNote):
            return (note.index,)
    return ()


def shown(value: object) -> str:
    """The value as it is quoted in a fault, cut where it is long."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _class_hook(kind: Any, made: Converter) -> Callable[[Any, Any], Any]:
    read = make_dict_structure_fn(kind, made)

    def structured(value: Any, _: Any) -> Any:
        if not isinstance(value, Mapping):
            raise ValueError(f"expected named fields, got {shown(value)}")
        return read(value, kind)

    return structured


def _is_tuple(kind: Any) -> bool:
    return get_origin(kind) is tuple


def _tuple_hook(kind: Any, made: Converter) -> Callable[[Any, Any], Any]:
    inner = get_args(kind)
    endless = len(inner) == 2 and inner[1] is Ellipsis
    hooks = [(one, made.get_structure_hook(one)) for one in inner if one is not Ellipsis]

    def structured(value: Any, _: Any) -> Any:
        if not isinstance(value, list | tuple):
            raise ValueError(f"expected a list, got {shown(value)}")
        if not endless and len(value) != len(hooks):
            raise ValueError(f"expected {len(hooks)} values, got {len(value)}")
        pairs = ((hooks[0] if endless else hooks[i]) for i in range(len(value)))
        return _structured_items(value, pairs, kind)

    return structured


def _structured_items(value: Any, hooks: Iterable[tuple[Any, Any]], kind: Any) -> tuple[Any, ...]:
    done, faults = [], []
    for index, (item, (item_kind, hook)) in enumerate(zip(value, hooks, strict=True)):
        try:
            done.append(hook(item, item_kind))
        except (CattrsError, ValueError) as error:
            error.add_note(IterableValidationNote(f"item {index}", index, item_kind))
            faults.append(error)
    if faults:
        raise IterableValidationError("in a list", faults, kind)
    return tuple(done)


def _enum(value: Any, kind: type[Enum]) -> Enum:
    try:
        return kind(value)
    except ValueError:
        words = [str(member.value) for member in kind]
        raise ValueError(
            f"expected one of {', '.join(words)}, got {shown(value)}{or_nearest(value, words)}"
        ) from None


def _is_parameter_table(kind: Any) -> bool:
    """Whether ``kind`` is ``Mapping[str, object]``, as a check rule's ``params`` are."""
    return get_origin(kind) is Mapping


def _parameter_table(value: Any, _: Any) -> dict[str, object]:
    if not isinstance(value, Mapping):
        raise ValueError(f"expected named fields, got {shown(value)}")
    return dict(value)


def _number(value: Any, _: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"expected a number, got {shown(value)}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError("expected a finite number")
    return number


def _whole_number(value: Any, _: Any) -> int:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"expected a whole number, got {shown(value)}")
    return value


def _text(value: Any, _: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"expected text, got {shown(value)}")
    if NO_TEXT.search(value):
        raise ValueError(f"holds a character that no text may hold: {shown(value)}")
    return value


def _yes_or_no(value: Any, _: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"expected true or false, got {shown(value)}")
    return value


def _date(value: Any, _: Any) -> date:
    """TOML brings dates, JSON and CSV their ISO text."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"expected a date such as 2026-11-30, got {shown(value)}") from None


# an enum of words is a str as well: its own entry is the nearer one
_HOOKS: dict[type, Callable[[Any, Any], Any]] = {
    float: _number,
    int: _whole_number,
    str: _text,
    bool: _yes_or_no,
    date: _date,
    StrEnum: _enum,
    IntEnum: _enum,
}
