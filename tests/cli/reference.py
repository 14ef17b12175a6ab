"""Prints the reference pages of the command line and the plan request.

Run from the repository's root: ``PYTHONPATH=src:. python -m tests.cli.reference``
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openmeso.cli.main import parser
from openmeso.gateways.plan_schema import expected_text, request_schema

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
EXIT_CODES = """\
| exit code | meaning |
|---|---|
| 0 | done; a plan that can be approved |
| 1 | a plan that is blocked or wants a reason; an audit trail that is broken |
| 2 | bad input: the request, the knowledge files or the command itself |
"""


def cli_reference(made: argparse.ArgumentParser) -> str:
    """The page on the command line."""
    parts = ["# The `openmeso` command", made.description or "", EXIT_CODES.rstrip()]
    parts += [
        "Bad input is told on standard error: the path of each bad field, what was expected, what "
        "was given and an example. See [plan request](plan-request.md) for the input of "
        "`openmeso plan`.",
        "```console\n$ openmeso plan docs/examples/man-norwood-iii-vertex.json --text\n"
        "Androgenetic alopecia in men · Nappage · 10 sessions\nThis plan can be approved.\n...\n```",
    ]
    for command in _commands(made):
        parts += [f"## `{command.prog}`", command.description or "", _arguments(command)]
        parts += [command.epilog] if command.epilog else []
    return "\n\n".join(part for part in parts if part) + "\n"


def _commands(made: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    for action in made._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                inner = list(_commands(command))
                yield from inner or [command]


def _arguments(command: argparse.ArgumentParser) -> str:
    rows = []
    for action in command._actions:
        if isinstance(action, argparse._HelpAction):
            continue
        name = ", ".join(action.option_strings) or str(action.metavar)
        takes = action.metavar or "\\|".join(action.choices or ())
        takes = f" {takes}" if action.option_strings and action.nargs != 0 and takes else ""
        says = (action.help or "").replace("%(default)s", str(action.default))
        rows.append(f"| `{name}{takes}` | {says} |")
    return "\n".join(["| argument | meaning |", "|---|---|", *rows]) if rows else ""


def plan_request_reference(schema: dict[str, Any]) -> str:
    """The page on the plan request, one table for each object."""
    parts = [
        "# Plan request",
        schema["description"],
        "The same request is read by `openmeso plan` and `POST /api/plan`. `openmeso schema` "
        "prints the JSON Schema; `openmeso knowledge list contraindications` (or `products`, "
        "`protocols` …) prints the ids to write. Whole requests stand in "
        "[docs/examples](../examples/).",
        _table("plan request", schema),
    ]
    objects = {name: one for name, one in schema["$defs"].items() if "properties" in one}
    parts += [_table(name, one) for name, one in objects.items()]
    return "\n\n".join(parts) + "\n"


def _table(name: str, schema: dict[str, Any]) -> str:
    rows = [
        f"## {name.replace('_', ' ')}",
        "",
        "| field | | value | example |",
        "|---|---|---|---|",
    ]
    for field, described in schema["properties"].items():
        needed = "**needed**" if field in schema.get("required", ()) else ""
        value = f"{described['description']} {_value(described)}".replace("|", "\\|").strip()
        example = json.dumps(described["examples"][0], ensure_ascii=False).replace("|", "\\|")
        rows.append(f"| `{field}` | {needed} | {value} | `{example}` |")
    return "\n".join(rows)


def _value(described: dict[str, Any]) -> str:
    """What may stand there, with a link to the object that it holds."""
    inner = described.get("items", described)
    for part in (inner, *inner.get("anyOf", ())):
        if "$ref" in part:
            name = part["$ref"].removeprefix("#/$defs/")
            if name in ("point", "facts"):
                break
            shown = name.replace("_", " ")
            return f"→ [{shown}](#{shown.replace(' ', '-')})"
    text = expected_text(described)
    return f"*{text}*" if text else ""


if __name__ == "__main__":
    (FOLDER / "cli.md").write_text(cli_reference(parser()))
    (FOLDER / "plan-request.md").write_text(plan_request_reference(request_schema()))
