"""The reference page of the checks: the rules, and the behaviour tables that witness them."""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from openmeso.cli import django_settings
from openmeso.gateways.knowledge import load_knowledge
from openmeso.terms.check import CheckRule, Strength
from openmeso.terms.knowledge import Knowledge
from tests.spec import parameters
from tests.spec.table import CHECKS
from tests.web import access

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "checks.md"
WORDS = {
    Strength.BLOCK: "Nothing lifts it: the plan has to change.",
    Strength.OVERRIDE: "The practitioner may go on with a reason, which is recorded and reported.",
    Strength.ADVISE: "Shown; nothing has to be done.",
}
HEAD = """# Checks

Every plan is checked by the rules below. They are data (`src/openmeso/knowledge/checks.toml`),
applied by pure functions; each rests on facts or says what it assumes. A check that could not run
for want of data says so, with a strength of its own.

This page is printed from the rules and from their behaviour tables, which run as tests. Do not
edit it: change the rules or the tables, then run `scripts/docs`.
"""


def page(knowledge: Knowledge) -> str:
    """The page in Markdown."""
    return "\n".join((HEAD, *_rules(knowledge), _behaviour())).rstrip() + "\n"


def _rules(knowledge: Knowledge) -> Iterator[str]:
    counts = Counter(rule.strength for rule in knowledge.checks.values())
    for strength, words in WORDS.items():
        yield f"## {strength.value.capitalize()} ({counts[strength]})\n\n{words}\n"
        yield "| rule | finds | why | what to do | rests on |\n| --- | --- | --- | --- | --- |"
        for rule in knowledge.checks.values():
            if rule.strength is strength:
                yield _line(rule)
        yield ""


def _line(rule: CheckRule) -> str:
    ground = " ".join(rule.facts) or ""
    if rule.assumption:
        ground += f" *Assumption:* {rule.assumption}"
    cells = (f"`{rule.id}`", rule.title, rule.reason, rule.remedy, ground.strip())
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _behaviour() -> str:
    """The tables, one level deeper, as they stand."""
    lines = CHECKS.read_text().splitlines()
    return "\n".join(f"#{line}" if line.startswith("#") else line for line in lines)


def main(arguments: list[str]) -> int:
    """Print the pages; with ``--check`` only say whether they are up to date."""
    django_settings.ready()  # who may do what is told by the addresses that Django resolves
    pages = (
        (PAGE, page(load_knowledge())),
        (parameters.PAGE, parameters.page()),
        (access.PAGE, access.page()),
    )
    stale = False
    for path, wanted in pages:
        if "--check" not in arguments:
            path.write_text(wanted)
        elif not path.exists() or path.read_text() != wanted:
            stale = True
            sys.stderr.write(f"{path.name} is out of date: run scripts/docs\n")
    return int(stale)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
