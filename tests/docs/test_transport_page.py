"""The table of transport parameters says what the data say."""

from pathlib import Path

from openmeso.gateways.knowledge import load_knowledge
from openmeso.terms.provenance import Quantity

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "transport.md"


def number(value: float) -> str:
    return f"{value:g}"


def value_of(quantity: Quantity) -> str:
    unit = "" if quantity.unit == "1" else f" {quantity.unit}"
    text = number(quantity.value) if quantity.value is not None else ""
    if quantity.low is not None and quantity.high is not None:
        span = f"{number(quantity.low)} to {number(quantity.high)}"
        text = f"{text} ({span})" if text else span
    return text + unit


def expected_rows() -> list[str]:
    knowledge = load_knowledge()
    rows = []
    for owner in (*knowledge.substances.values(), *knowledge.size_classes.values()):
        name = getattr(owner, "ingredient", None) or f"{owner.name.lower()} follicle"
        for field in owner.__dataclass_fields__:
            quantity = getattr(owner, field)
            if isinstance(quantity, Quantity):
                basis = " ".join(
                    [*quantity.facts, *(["assumption"] if quantity.assumption else [])]
                )
                rows.append(f"| {name}: {field} | {value_of(quantity)} | {basis} |")
    return rows


def test_the_table_of_parameters_is_that_of_the_data() -> None:
    text = PAGE.read_text()
    table = text.split("<!-- parameters -->\n")[1].split("<!-- end -->")[0]
    assert table.strip().splitlines()[2:] == expected_rows()
