"""`openmeso knowledge`: the faults of the knowledge files, and the ids in them."""

import argparse
import sys
from pathlib import Path

from openmeso.cli.arguments import NOUNS
from openmeso.gateways.knowledge import FOLDER, KnowledgeError, load_knowledge


def run(chosen: argparse.Namespace) -> int:
    """Do the deed that was chosen."""
    return _list(chosen.noun) if chosen.deed == "list" else _check(chosen.folder or FOLDER)


def _check(folder: Path) -> int:
    """Print the faults, or how much there is of what."""
    if not folder.is_dir():
        print(f"{folder} is no folder", file=sys.stderr)
        return 2
    try:
        knowledge = load_knowledge(folder)
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        print(f"Faults: {len(error.faults)}", file=sys.stderr)
        return 2
    counts = ", ".join(f"{len(getattr(knowledge, noun))} {noun}" for noun in ("facts", *NOUNS))
    print(f"Version {knowledge.version}, no fault: {counts}.")
    return 0


def _list(noun: str) -> int:
    """Print each id with what it stands for."""
    terms = getattr(load_knowledge(), noun)
    width = max(map(len, terms))
    for term in terms.values():
        says = next(
            getattr(term, field) for field in ("name", "title", "question") if hasattr(term, field)
        )
        print(f"{term.id:{width}}  {says}")
    return 0
