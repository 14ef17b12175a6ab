"""Prepared: a query of a fixed shape, put into SQL once; asked again, only its values are new.

Django builds the SQL of a query anew each time, and a record anew from each row. For the few rows
that stand before every answer (who asks, from which clinic, for which patient) that takes longer
than the database does. The database is asked each time all the same, so that a change shows at
once: only a row that comes back letter for letter is made into a record by copying.
"""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import get_related_populators

Value = UUID | datetime | str
Row = TypeVar("Row", bound=Model)

_FAR = datetime(9000, 1, 1, tzinfo=UTC)
_MOST_KEPT = 64
# of a longer row its JSON takes longer to copy than to read
_LONGEST_KEPT = 4000


class Prepared(Generic[Row]):
    """The rows of what ``make`` asks; its keywords are named here with their types.

    ``make`` is called once a thread, with values that occur nowhere else, to learn where in the
    SQL each of them goes: it must ask the same whatever the values are.
    """

    def __init__(self, make: Callable[..., QuerySet[Row]], **kinds: type[Value]) -> None:
        self._make = make
        self._kinds = kinds
        self._here = threading.local()

    def first(self, **values: Value) -> Row | None:
        """The first row for these values, or None."""
        asked, filled = self._asked(values)
        with asked.connection.cursor() as cursor:
            cursor.execute(asked.first, filled)
            row = cursor.fetchone()
        return None if row is None else asked.made(row)

    def all(self, **values: Value) -> list[Row]:
        """Every row for these values, in the order of the query."""
        asked, filled = self._asked(values)
        with asked.connection.cursor() as cursor:
            cursor.execute(asked.sql, filled)
            rows = cursor.fetchall()
        return [asked.made(row) for row in rows]

    def _asked(self, values: dict[str, Value]) -> tuple["_Asked", list[Any]]:
        connection = connections[DEFAULT_DB_ALIAS]
        asked = getattr(self._here, "asked", None)
        # a thread's connection may be another one later, as in tests
        if asked is None or asked.connection is not connection:
            asked = self._here.asked = self._compile(connection)
        given = {name: _adapted(connection, value) for name, value in values.items()}
        return asked, [
            given[each.name] if isinstance(each, _Slot) else each for each in asked.slots
        ]

    def _compile(self, connection: Any) -> "_Asked":
        marks = {name: _mark(kind, n) for n, (name, kind) in enumerate(self._kinds.items())}
        compiler = self._make(**marks).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        slots = {_adapted(connection, mark): _Slot(name) for name, mark in marks.items()}
        return _Asked(
            connection, sql, tuple(slots.get(each, each) for each in parameters), compiler
        )


@dataclass(frozen=True, slots=True)
class _Slot:
    name: str


class _Asked:
    """SQL with its slots, and how a row becomes a record: as Django's own ModelIterable does."""

    def __init__(self, connection: Any, sql: str, slots: tuple[Any, ...], compiler: Any) -> None:
        self.connection, self.sql, self.slots, self._compiler = connection, sql, slots, compiler
        self.first = f"{sql} LIMIT 1"
        info = compiler.klass_info
        columns = info["select_fields"]
        self._model = info["model"]
        self._span = slice(columns[0], columns[-1] + 1)
        self._names = [each[0].target.attname for each in compiler.select[self._span]]
        # Django 6.1 wants one argument more; the stubs are of that series
        populators: Any = get_related_populators
        self._related = populators(info, compiler.select, DEFAULT_DB_ALIAS)
        self._converters = compiler.get_converters([each[0] for each in compiler.select])
        self._kept: dict[tuple[object, ...], Model] = {}

    def made(self, row: tuple[object, ...]) -> Any:
        """The record, with those that were selected along; nobody else holds it."""
        kept = self._kept.get(row)
        if kept is not None:
            return _copy(kept)
        record = self._make(row)
        if sum(len(each) for each in row if isinstance(each, str)) <= _LONGEST_KEPT:
            if len(self._kept) == _MOST_KEPT:
                self._kept.clear()
            self._kept[row] = _copy(record)
        return record

    def _make(self, row: tuple[object, ...]) -> Any:
        [values] = self._compiler.apply_converters([row], self._converters)
        record = self._model.from_db(DEFAULT_DB_ALIAS, self._names, values[self._span])
        for each in self._related:
            each.populate(values, record)
        return record


def _copy(record: Model) -> Model:
    """A record of the same values, as if made anew from the row."""
    copy = object.__new__(type(record))
    state = ModelState()
    state.db, state.adding = record._state.db, False
    state.fields_cache = {
        name: None if each is None else _copy(each)
        for name, each in record._state.fields_cache.items()
    }
    for name, value in vars(record).items():
        copy.__dict__[name] = _fresh(value) if isinstance(value, list | dict) else value
    copy._state = state
    return copy


def _fresh(value: Any) -> Any:
    """JSON that nobody else holds."""
    if isinstance(value, list):
        return [_fresh(each) for each in value]
    if isinstance(value, dict):
        return {name: _fresh(each) for name, each in value.items()}
    return value


def _mark(kind: type[Value], number: int) -> Value:
    if issubclass(kind, UUID):
        return uuid4()
    if issubclass(kind, datetime):
        return _FAR + timedelta(days=number, microseconds=secrets.randbelow(10**6))
    return secrets.token_hex(16)


def _adapted(connection: Any, value: Value) -> Any:
    """As the database takes it."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
