"""Plan ids: every id in a plan request is one that the knowledge or the clinic has.

The plain data is looked at, not the terms, so that ids are checked also where the request has
other faults.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openmeso.gateways.conversion import Path, nearest, path_text
from openmeso.gateways.knowledge.reference import REGIONS
from openmeso.gateways.plan_problem import PlanInputProblem, as_json
from openmeso.terms.knowledge import Knowledge
from openmeso.terms.scale import Scale

ANY = None  # in a pattern: every item of a list
Pattern = tuple[str | None, ...]

# where ids stand in a request, and the noun that they name
_IDS: tuple[tuple[Pattern, str], ...] = (
    (("assessment", "indication"), "indication"),
    (("assessment", "scores", ANY, "scale"), "scale"),
    (("assessment", "checklist", ANY, "contraindication"), "contraindication"),
    (("assessment", "allergies", ANY), "ingredient"),
    (("choice", "protocol"), "protocol"),
    (("choice", "preset"), "preset"),
    (("choice", "technique"), "technique"),
    (("choice", "zones", ANY, "view"), "view"),
    (("choice", "zones", ANY, "region"), "region"),
    (("choice", "formula", "components", ANY, "product"), "product"),
    (("setting", "products", ANY, "strengths", ANY, "ingredient"), "ingredient"),
    (("setting", "products", ANY, "facts", ANY), "fact"),
    (("setting", "products", ANY, "ph", "facts", ANY), "fact"),
    (("setting", "protocols", ANY, "indications", ANY), "indication"),
    (("setting", "protocols", ANY, "technique"), "technique"),
    (("setting", "protocols", ANY, "components", ANY, "product"), "product"),
    (("setting", "protocols", ANY, "facts", ANY), "fact"),
    (("setting", "practitioner", "trainings", ANY, "technique"), "technique"),
    (("setting", "recorded", ANY, "technique"), "technique"),
)
# what must not stand twice in a request
_ONCE: tuple[Pattern, ...] = (
    ("assessment", "scores", ANY, "scale"),
    ("assessment", "checklist", ANY, "contraindication"),
    ("choice", "zones", ANY, "name"),
    ("choice", "formula", "components", ANY, "product"),
    ("choice", "overrides", ANY, "finding"),
    ("setting", "products", ANY, "id"),
    ("setting", "protocols", ANY, "id"),
)


def id_problems(data: object, knowledge: Knowledge) -> Iterator[PlanInputProblem]:
    """Ids that nothing has, ids that stand twice, and scores that are not on their scale."""
    known = _known(data, knowledge)
    for pattern, noun in _IDS:
        for path, name in _matches(data, pattern):
            if name and name not in known[noun]:
                yield _unknown(path, noun, name, known[noun])
    for pattern in _ONCE:
        yield from _repeated(data, pattern)
    yield from _shadowing(data, knowledge)
    yield from _scores(data, knowledge)


def _known(data: object, knowledge: Knowledge) -> Mapping[str, Sequence[str]]:
    own_products = (name for _, name in _matches(data, ("setting", "products", ANY, "id")))
    own_protocols = (name for _, name in _matches(data, ("setting", "protocols", ANY, "id")))
    return {
        "indication": tuple(knowledge.indications),
        "scale": tuple(knowledge.scales),
        "contraindication": tuple(knowledge.contraindications),
        "ingredient": tuple(knowledge.ingredients),
        "protocol": (*knowledge.protocols, *own_protocols),
        "preset": tuple(knowledge.presets),
        "technique": tuple(knowledge.techniques),
        "view": tuple(knowledge.views),
        "region": REGIONS,
        "product": (*knowledge.products, *own_products),
        "fact": tuple(knowledge.facts),
    }


def _matches(data: Any, pattern: Pattern, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text in ``data`` that stands where ``pattern`` says."""
    if not pattern:
        if isinstance(data, str):
            yield path, data
        return
    step, rest = pattern[0], pattern[1:]
    if step is ANY:
        for index, item in enumerate(data if isinstance(data, list | tuple) else ()):
            yield from _matches(item, rest, (*path, index))
    elif isinstance(data, Mapping) and step in data:
        yield from _matches(data[step], rest, (*path, step))


def _unknown(path: Path, noun: str, name: str, known: Sequence[str]) -> PlanInputProblem:
    few = len(known) <= 30
    return PlanInputProblem(
        path=path_text(path),
        message=f"no {noun} has this id",
        expected=f"one of {', '.join(known)}" if few else f"the id of a known {noun}",
        given=as_json(name),
        example=f'"{known[0]}"' if known else "",
        suggestions=nearest(name, known),
    )


def _repeated(data: object, pattern: Pattern) -> Iterator[PlanInputProblem]:
    first: dict[str, Path] = {}
    for path, name in _matches(data, pattern):
        if name in first:
            yield PlanInputProblem(
                path=path_text(path),
                message=f"stands already at {path_text(first[name])}",
                expected="each only once",
                given=as_json(name),
            )
        first.setdefault(name, path)


def _shadowing(data: object, knowledge: Knowledge) -> Iterator[PlanInputProblem]:
    """A clinic's own product must not pass itself off as one of the knowledge."""
    taken = {"products": knowledge.products, "protocols": knowledge.protocols}
    for noun, terms in taken.items():
        for path, name in _matches(data, ("setting", noun, ANY, "id")):
            if name in terms:
                yield PlanInputProblem(
                    path=path_text(path),
                    message="is the id of one in the knowledge",
                    expected="an id of your own",
                    given=as_json(name),
                    example=f'"own_{name}"',
                )


def _scores(data: object, knowledge: Knowledge) -> Iterator[PlanInputProblem]:
    scales = dict(_matches(data, ("assessment", "scores", ANY, "scale")))
    for path, value in _matches(data, ("assessment", "scores", ANY, "value")):
        scale = knowledge.scales.get(scales.get((*path[:-1], "scale"), ""))
        if scale and not _on_scale(scale, value):
            codes = tuple(grade.code for grade in scale.grades)
            example = codes[0] if codes else f"{scale.low:g}"
            yield PlanInputProblem(
                path=path_text(path),
                message=f"is not on the scale {scale.name}",
                expected=_values(scale),
                given=as_json(value),
                example=f'"{example}"',
                suggestions=nearest(value, codes),
            )


def _on_scale(scale: Scale, value: str) -> bool:
    if any(grade.code == value for grade in scale.grades):
        return True
    if scale.low is None or scale.high is None:
        return False
    try:
        return scale.low <= float(value) <= scale.high
    except ValueError:
        return False


def _values(scale: Scale) -> str:
    codes = f"one of {', '.join(grade.code for grade in scale.grades)}" if scale.grades else ""
    if scale.low is None or scale.high is None:
        return codes
    unit = f" {scale.unit}" if scale.unit else ""
    numbers = f"a number as text, {scale.low:g} to {scale.high:g}{unit}"
    return f"{codes} or {numbers}" if codes else numbers
