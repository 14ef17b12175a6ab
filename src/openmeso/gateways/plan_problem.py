"""Plan input problems: what is wrong with a plan request, so that it can be put right."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from openmeso.terms.plan import PlanInputError


@dataclass(frozen=True, slots=True)
class PlanInputProblem:
    """One fault of a plan request: where, what was expected, what was given, an example."""

    path: str
    message: str
    expected: str = ""
    given: str = ""
    example: str = ""
    suggestions: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"{self.path or 'the request'}: {self.message}"]
        if self.expected:
            lines.append(f"  expected: {self.expected}")
        if self.given:
            lines.append(f"  given:    {self.given}")
        if self.suggestions:
            lines.append(f"  did you mean: {', '.join(self.suggestions)}")
        if self.example:
            lines.append(f"  example:  {self.example}")
        return "\n".join(lines)


def as_json(value: object) -> str:
    """The value as the JSON that was given, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}…"


def problem_of(error: PlanInputError) -> PlanInputProblem:
    """The fault that the science found where the request itself is well formed."""
    return PlanInputProblem(error.path, error.message, expected=error.remedy)


class PlanInputProblems(ValueError):
    """The request is refused; ``problems`` holds all that is wrong with it, in order of path."""

    def __init__(self, problems: Iterable[PlanInputProblem]) -> None:
        self.problems = tuple(sorted(set(problems), key=lambda one: (one.path, one.message)))
        super().__init__("\n".join(str(problem) for problem in self.problems))
