"""Read: the knowledge files as plain entries, each knowing where it stands."""

import csv
import hashlib
import io
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath

from openmeso.gateways.conversion import Path, or_nearest
from openmeso.gateways.knowledge.fault import Fault, Source, csv_source, toml_source

# file -> (name of its tables, noun they hold)
TABLES = {
    "products.toml": ("product", "products"),
    "techniques.toml": ("technique", "techniques"),
    "layers.toml": ("layer", "layers"),
    "indications.toml": ("indication", "indications"),
    "scales.toml": ("scale", "scales"),
    "contraindications.toml": ("contraindication", "contraindications"),
    "protocols.toml": ("protocol", "protocols"),
    "consent.toml": ("consent", "consent"),
    "consent_forms.toml": ("consent_form", "consent_forms"),
    "photo_views.toml": ("photo_view", "photo_views"),
    "consent_translations.toml": ("consent_translation", "consent_translations"),
    "event_rates.toml": ("event_rate", "event_rates"),
    "red_flags.toml": ("red_flag", "red_flags"),
    "reaction_windows.toml": ("reaction_window", "reaction_windows"),
    "patient_signs.toml": ("patient_sign", "patient_signs"),
    "checks.toml": ("check", "checks"),
    "equivalents.toml": ("equivalent", "equivalents"),
    "substances.toml": ("substance", "substances"),
    "size_classes.toml": ("size_class", "size_classes"),
    "maps/views.toml": ("view", "views"),
    "maps/presets.toml": ("preset", "presets"),
}
MAY_BE_MISSING = ("consent_translations.toml",)
BODY = "body.toml"
ADVERSE_EVENTS = "adverse_events.csv"
# no part of a plan: they have readers, and trials a version, of their own
READ_ELSEWHERE = ("trials.csv", "posterior/", "devices.toml")
INGREDIENTS = "ingredients"
FACTS = "facts"
FACT_COLUMNS = ("id", "claim", "url", "tier", "read", "noted_on", "derived_from")
EVENT_COLUMNS = (
    "id", "term", "meddra_code", "grade_1", "grade_2", "grade_3", "grade_4", "grade_5",
    "facts", "expected", "assumption",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """Plain data of one term, and its place: ``path`` inside ``source``."""

    noun: str
    source: Source
    path: Path
    data: object


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything read from a folder; ``version`` is a hash of the files."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]
    version: str


def read_folder(folder: FilePath) -> Reading:
    """Every entry of every knowledge file under ``folder``."""
    files = {
        name: path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".toml", ".csv")
        and not (name := path.relative_to(folder).as_posix()).startswith(READ_ELSEWHERE)
    }
    entries: list[Entry] = []
    faults = [Fault(name, 1, "", "the file is missing") for name in _missing(files)]
    for name, content in files.items():
        found: Iterator[Entry | Fault] = _read(name, content)
        for one in found:
            (faults if isinstance(one, Fault) else entries).append(one)  # type: ignore[arg-type]
    return Reading(tuple(entries), tuple(faults), _version(files))


def _missing(files: Mapping[str, bytes]) -> Iterator[str]:
    wanted = (name for name in (*TABLES, BODY, ADVERSE_EVENTS) if name not in MAY_BE_MISSING)
    yield from (name for name in wanted if name not in files)
    for room in (INGREDIENTS, FACTS):
        if not any(name.startswith(f"{room}/") for name in files):
            yield f"{room}/"


def _version(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:12]


def _read(name: str, content: bytes) -> Iterator[Entry | Fault]:
    if not _is_expected(name):
        yield Fault(name, 1, "", f"is no knowledge file{or_nearest(name, (*TABLES, BODY))}")
        return
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        yield Fault(name, line, "", "is not UTF-8 text")
        return
    if name.endswith(".csv"):
        yield from _read_csv(name, text)
    else:
        yield from _read_toml(name, text)


def _is_expected(name: str) -> bool:
    return (
        name in TABLES
        or name in (BODY, ADVERSE_EVENTS)
        or re.fullmatch(rf"{INGREDIENTS}/[^/]+\.toml|{FACTS}/[^/]+\.csv", name) is not None
    )


def _read_toml(name: str, text: str) -> Iterator[Entry | Fault]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+)", str(error))
        last = text.count("\n") + 1
        yield Fault(name, int(at[1]) if at else last, "", f"is not TOML: {error}")
        return
    source = toml_source(name, text)
    if name in TABLES:
        yield from _tables(source, data, *TABLES[name])
    else:
        yield Entry("body" if name == BODY else "ingredients", source, (), data)


def _tables(
    source: Source, data: dict[str, object], table: str, noun: str
) -> Iterator[Entry | Fault]:
    for key in data:
        if key != table:
            yield source.fault((key,), f"is unknown; this file holds [[{table}]] only")
    rows = data.get(table, [])
    if not isinstance(rows, list) or not rows:
        yield source.fault((table,), f"expected at least one [[{table}]]")
        return
    for index, row in enumerate(rows):
        yield Entry(noun, source, (table, index), row)


def _read_csv(name: str, text: str) -> Iterator[Entry | Fault]:
    facts = name != ADVERSE_EVENTS
    columns = FACT_COLUMNS if facts else EVENT_COLUMNS
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[int] = []
    source = csv_source(name, lines)
    try:
        header = tuple(next(reader, ()))
        if header != columns:
            yield Fault(name, 1, "", f"expected the header {','.join(columns)}")
            return
        start = reader.line_num + 1
        for cells in reader:
            lines.append(start)
            start = reader.line_num + 1
            if len(cells) != len(columns):
                yield source.fault(
                    (len(lines) - 1,), f"expected {len(columns)} cells, got {len(cells)}"
                )
                continue
            row = dict(zip(columns, cells, strict=True))
            data = _fact(row) if facts else _adverse_event(row)
            yield Entry(FACTS if facts else "adverse_events", source, (len(lines) - 1,), data)
    except csv.Error as error:
        yield Fault(name, reader.line_num, "", f"is not CSV: {error}")


def _fact(row: dict[str, str]) -> dict[str, object]:
    tier = row["tier"]
    return {
        **row,
        "tier": int(tier) if tier.isascii() and tier.isdigit() else tier,
        "derived_from": _listed(row["derived_from"]),
    }


def _adverse_event(row: dict[str, str]) -> dict[str, object]:
    grades = [row[f"grade_{grade}"] for grade in range(1, 6)]
    kept = {key: row[key] for key in ("id", "term", "meddra_code", "assumption")}
    flags = {"true": True, "false": False, "": False}
    expected = flags.get(row["expected"].lower(), row["expected"])
    return {**kept, "grades": grades, "facts": _listed(row["facts"]), "expected": expected}


def _listed(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]
