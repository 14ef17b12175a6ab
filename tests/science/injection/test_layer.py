"""Which layer the tip reaches."""

from openmeso.science.injection.layer import reached_layers
from openmeso.terms.technique import LayerDepth

LAYERS = (
    LayerDepth("scalp", "dermis", 0.1, 2.5, ("F1",)),
    LayerDepth("scalp", "epidermis", 0.0, 0.1, ("F2",)),
    LayerDepth("scalp", "subcutis", 2.5, 7.0, assumption="assumed"),
)


def layer(depth_mm: float) -> str:
    return reached_layers(("scalp",), depth_mm, LAYERS)[0].layer


def test_the_tip_lies_in_the_layer_around_its_depth() -> None:
    assert [layer(depth) for depth in (0.05, 0.1, 2.0, 2.5, 6.9, 7.0)] == [
        "epidermis", "dermis", "dermis", "subcutis", "subcutis", "below_subcutis",
    ]  # fmt: skip


def test_the_sentence_gives_depth_layer_region_and_source() -> None:
    (one,) = reached_layers(("scalp",), 2.0, LAYERS)
    assert one.sentence == "At 2 mm the tip lies in the dermis of the scalp (0.1–2.5 mm)."
    assert one.facts == ("F1",)
    assert reached_layers(("scalp",), 4.0, LAYERS)[0].assumption == "assumed"


def test_regions_once_each_and_unknown_ones_say_so() -> None:
    reached = reached_layers(("scalp", "back_spine", "scalp"), 2.0, LAYERS)
    assert [one.region for one in reached] == ["scalp", "back_spine"]
    assert "No layer depths are known for the back spine" in reached[1].sentence
