"""Provenance: every number and statement of the knowledge rests on facts, or says it does not."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from openmeso.gateways.conversion import Path
from openmeso.gateways.knowledge.fault import Fault
from openmeso.gateways.knowledge.term import Placed
from openmeso.terms.ingredient import Ingredient
from openmeso.terms.provenance import Fact, Read, Statement
from openmeso.terms.scale import Grade, Scale

# fields of Ingredient that list facts by topic; "gaps" holds sentences
TOPICS = (
    "mechanism", "chemistry", "concentrations", "session_doses", "maximum_doses",
    "other_route_doses", "interactions", "regulation", "evidence", "adverse_events",
    "incompatibilities", "monitoring", "marketed", "conflicts",
)  # fmt: skip


def provenance_faults(placed: Sequence[Placed]) -> Iterator[Fault]:
    """Facts that say too little, facts that are cited and missing, numbers without a source."""
    facts = {one.term.id: one.term for one in placed if isinstance(one.term, Fact)}
    for one in placed:
        if isinstance(one.term, Fact):
            yield from _fact(one, facts)
            continue
        for path, part in one.parts:
            yield from _cited(one, path, part, facts)
            yield from _sourced(one, path, part, facts)


def _fact(one: Placed, facts: Mapping[str, Fact]) -> Iterator[Fault]:
    fact: Fact = one.term
    if not fact.claim.strip():
        yield one.fault(("claim",), "is empty")
    if not fact.url and not fact.derived_from:
        yield one.fault(
            ("url",), "expected an http(s) address, or derived_from for a computed fact"
        )
    if fact.url and not _is_address(fact.url):
        yield one.fault(("url",), f"expected an http(s) address, got {fact.url!r}")
    if fact.read is Read.COMPUTED and not fact.derived_from:
        yield one.fault(("derived_from",), "a computed fact names the facts it is computed from")
    for source in fact.derived_from:
        if source not in facts:
            yield one.fault(("derived_from",), _unknown(source))
    if fact.id in _ancestors(fact.id, facts):
        yield one.fault(("derived_from",), f"{fact.id} is derived from itself")


def _is_address(url: str) -> bool:
    try:
        split = urlsplit(url)
    except ValueError:
        return False
    return split.scheme in ("http", "https") and bool(split.netloc) and " " not in url


def _ancestors(fact: str, facts: Mapping[str, Fact]) -> set[str]:
    """Ids of all the facts that ``fact`` is derived from, however far back."""
    found: set[str] = set()
    waiting = [fact]
    while waiting:
        known = facts.get(waiting.pop())
        fresh = set(known.derived_from) - found if known else set()
        found |= fresh
        waiting += fresh
    return found


def _cited(one: Placed, path: Path, part: Any, facts: Mapping[str, Fact]) -> Iterator[Fault]:
    topics = TOPICS if isinstance(part, Ingredient) else ("facts",)
    for topic in topics:
        for index, cited in enumerate(getattr(part, topic, ())):
            if cited not in facts:
                yield one.fault((*path, topic, index), _unknown(cited))


def _unknown(fact: str) -> str:
    return f"no fact {fact!r} in facts/*.csv"


def _sourced(one: Placed, path: Path, part: Any, facts: Mapping[str, Fact]) -> Iterator[Fault]:
    """Facts or an assumption wherever the term has a place for them."""
    names = part.__dataclass_fields__
    if "facts" not in names or isinstance(part, Grade | Scale):
        yield from _scale(one, path, part)
        return
    if not part.facts and not getattr(part, "assumption", ""):
        wanted = "facts, or must be labelled an assumption" if "assumption" in names else "facts"
        yield one.fault((*path, "facts"), f"{_noun(part)} needs {wanted}")
    elif "assumption" in names and not part.assumption and not isinstance(part, Statement):
        yield from _recalled(one, path, part.facts, facts)


def _scale(one: Placed, path: Path, part: Any) -> Iterator[Fault]:
    """A grade may rest on the facts of its scale."""
    if not isinstance(part, Scale) or part.facts:
        return
    if not part.grades or not all(grade.facts or grade.assumption for grade in part.grades):
        yield one.fault((*path, "facts"), "the scale needs facts, or each of its grades does")


def _recalled(
    one: Placed, path: Path, cited: Sequence[str], facts: Mapping[str, Fact]
) -> Iterator[Fault]:
    """A default must not rest on memory alone (a computed fact is as good as its weakest source)."""
    known = [fact for fact in cited if fact in facts]
    if known and all(_from_memory(fact, facts) for fact in known):
        said = (
            f"rests only on facts recalled, not read ({', '.join(known)}): label it an assumption"
        )
        yield one.fault((*path, "facts"), said)


def _from_memory(fact: str, facts: Mapping[str, Fact]) -> bool:
    family = {fact, *_ancestors(fact, facts)}
    return any(facts[one].read is Read.RECALLED for one in family if one in facts)


def _noun(part: object) -> str:
    return f"the {type(part).__name__}"
