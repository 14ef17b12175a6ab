"""The reference page of the model's parameters: every number in its data and its modules."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openmeso.gateways.knowledge import FOLDER, load_knowledge
from openmeso.terms.provenance import Quantity

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "parameters.md"
SCIENCE = ROOT / "src" / "openmeso" / "science"
ROOMS = ("injection", "follicles", "forecast", "validation")
HEAD = """# Parameters of the model

Every number that the transport, the follicles and the forecast rest on, with its unit, its
distribution where it has one, and its source; where there is none, the word assumption.

This page is printed from the data and the modules by `scripts/docs`; a test compares it with them.
"""


CONSTANTS = """The references are those of the module in which a constant stands; steps, tolerances and
grids among them are settings of our own. Coefficients inside a published equation stand with it.
"""


def page() -> str:
    """The page in Markdown."""
    parts = [HEAD, *_substances(), *_layers()]
    for name, title in (("priors", "Before any trial"), ("patient", "A patient's forecast")):
        data = tomllib.loads((FOLDER / "posterior" / f"{name}.toml").read_text())
        parts += [f"\n## {title} (`posterior/{name}.toml`)\n", _head("basis"), *_walk(data, "")]
    parts += ["\n## Constants of the modules\n", CONSTANTS, _head("references of its module")]
    parts += [f"| `{n}` | {v} | {s} |" for n, v, s in constants()]
    return "\n".join(parts).rstrip() + "\n"


def _head(last: str) -> str:
    return f"| parameter | value | {last} |\n|---|---|---|"


def _substances() -> Iterator[str]:
    knowledge = load_knowledge()
    yield "## Substances and follicles (`substances.toml`, `size_classes.toml`)\n"
    yield _head("source")
    for owner in (*knowledge.substances.values(), *knowledge.size_classes.values()):
        name = getattr(owner, "ingredient", None) or owner.id
        for field in owner.__dataclass_fields__:
            one = getattr(owner, field)
            if isinstance(one, Quantity):
                basis = "; ".join(
                    [*one.facts, *([f"assumption: {one.assumption}"] if one.assumption else [])]
                )
                span = "" if one.low is None else f" ({one.low:g} to {one.high:g})"
                value = f"{one.value:g}" if one.value is not None else ""
                yield f"| {name}: {field} | {value}{span} {one.unit} | {_cell(basis)} |"


def _layers() -> Iterator[str]:
    yield "\n## Skin layers (`layers.toml`)\n"
    yield _head("source")
    for one in tomllib.loads((FOLDER / "layers.toml").read_text())["layer"]:
        basis = "; ".join(
            [
                *one.get("facts", []),
                *([f"assumption: {one['assumption']}"] if one.get("assumption") else []),
            ]
        )
        span = f"{one['top_mm']:g} to {one['bottom_mm']:g} mm"
        yield f"| {one['region']}: {one['layer']} | {span} | {_cell(basis)} |"


def _walk(table: dict[str, Any], path: str, above: str = "") -> Iterator[str]:
    """Every entry that holds values, with the basis that stands in it or above it."""
    basis = str(table.get("basis", above))
    plain = {
        key: value
        for key, value in table.items()
        if key not in ("basis", "unit", "words", "why") and not isinstance(value, dict)
    }
    inner = {key: value for key, value in table.items() if isinstance(value, dict)}
    if plain:
        unit = f" {table['unit']}" if "unit" in table else ""
        value = ", ".join(f"{key} {value}" for key, value in plain.items())
        yield f"| {path} | {_cell(value + unit)} | {_cell(basis or 'assumption')} |"
    for key, value in inner.items():
        yield from _walk(value, f"{path}.{key}".strip("."), basis)


def constants() -> Iterator[tuple[str, str, str]]:
    """Every numeric constant at the top of a module of the model: name, value and source."""
    for room in ROOMS:
        for path in sorted((SCIENCE / room).glob("*.py")):
            tree = ast.parse(path.read_text())
            source = _reference(ast.get_docstring(tree) or "")
            for node in tree.body:
                if isinstance(node, ast.Assign) and _is_number(node.value):
                    for name in (ast.unparse(target) for target in node.targets):
                        yield f"{room}.{path.stem}.{name}", _cell(ast.unparse(node.value)), source


def _is_number(node: ast.expr) -> bool:
    """Whether an expression is made of numbers (and their names) alone, one at least."""
    kinds = tuple(type(one) for one in ast.walk(node))
    plain = (ast.Constant, ast.Tuple, ast.List, ast.Dict, ast.UnaryOp, ast.BinOp, ast.operator,
             ast.unaryop, ast.expr_context)  # fmt: skip
    values = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]
    has_number = any(isinstance(v, int | float) and not isinstance(v, bool) for v in values)
    return has_number and all(issubclass(kind, plain) for kind in kinds)


def _reference(docstring: str) -> str:
    """The first reference of a module, or that its number is ours."""
    after = docstring.partition("References\n----------\n")[2].split("\n\n")[0]
    return _cell(" ".join(after.split())) if after else "assumption or numerical setting, ours"


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ")
