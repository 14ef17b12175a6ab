"""What is left out is filled in; what is unknown or impossible names its field."""

import math
from dataclasses import replace
from datetime import date

import pytest

from openmeso.gateways.knowledge import load_knowledge
from openmeso.science.planning.choice import products_of, resolve_choice
from openmeso.science.planning.site import grade_preset, zone_regions
from openmeso.terms.assessment import Assessment, ScaleScore, Sex
from openmeso.terms.formula import Component, Formula
from openmeso.terms.grid import GridSpec
from openmeso.terms.plan import PlanChoice, PlanInputError, PlanRequest, PlanSetting
from openmeso.terms.protocol import Phase, Protocol
from openmeso.terms.zone import Zone

KNOWLEDGE = load_knowledge()
START = date(2026, 12, 1)
SALINE = Formula("Saline", (Component("saline_0_9", 1.0),))


def square(x: float, y: float) -> tuple[tuple[float, float], ...]:
    return ((x, y), (x + 40, y), (x + 40, y + 40), (x, y + 40))


def asked(
    indication: str = "androgenetic_alopecia_male",
    scores: tuple[ScaleScore, ...] = (ScaleScore("norwood_hamilton", "IV"),),
    setting: PlanSetting | None = None,
    **choice: object,
) -> PlanRequest:
    assessment = Assessment(date(2026, 11, 20), indication, Sex.MALE, scores=scores)
    chosen = PlanChoice(START, **{"protocol": "classic_weekly_10", **choice})
    return PlanRequest(assessment, chosen, setting or PlanSetting())


def test_protocol_technique_and_grade_fill_everything_in() -> None:
    choice = resolve_choice(asked(), KNOWLEDGE)
    protocol = KNOWLEDGE.protocols["classic_weekly_10"]
    technique = KNOWLEDGE.techniques[protocol.technique]
    assert [zone.name for zone in choice.zones] == ["Frontal", "Vertex"]
    assert choice.zones[0].polygon == KNOWLEDGE.presets["norwood_iv"].zones[0].polygon
    assert choice.formula == Formula(protocol.name, protocol.components)
    assert choice.technique == technique.id
    assert choice.phases == protocol.phases
    assert choice.volume_per_point_ml == technique.default_volume_per_point_ml
    assert choice.depth_mm == technique.default_depth_mm
    assert choice.grid == GridSpec(technique.default_spacing_mm)
    assert {zone.region for zone in choice.zones} == {"scalp"}


def test_what_is_chosen_stays() -> None:
    zone = Zone("Mine", "scalp_top", square(-20, -20), region="scalp")
    choice = PlanChoice(
        START,
        protocol="classic_weekly_10",
        zones=(zone,),
        formula=SALINE,
        technique="papule",
        grid=GridSpec(12.0),
        volume_per_point_ml=0.03,
        depth_mm=1.2,
        phases=(Phase(3, 10),),
        dead_space_ml=0.2,
    )
    request = replace(asked(), choice=choice)
    assert resolve_choice(request, KNOWLEDGE) == choice


def test_resolving_twice_changes_nothing() -> None:
    request = asked()
    once = resolve_choice(request, KNOWLEDGE)
    assert resolve_choice(replace(request, choice=once), KNOWLEDGE) == once


def test_every_grade_with_a_preset_pre_fills_its_zones() -> None:
    for scale in KNOWLEDGE.scales.values():
        for grade in scale.grades:
            request = asked(scores=(ScaleScore(scale.id, grade.code),))
            assert grade_preset(request, KNOWLEDGE) == grade.preset


def test_the_indications_own_scale_comes_first() -> None:
    scores = (ScaleScore("ludwig", "I"), ScaleScore("norwood_hamilton", "VI"))
    assert grade_preset(asked(scores=scores), KNOWLEDGE) == "norwood_vi"


def test_a_zone_on_the_body_takes_the_region_it_lies_in() -> None:
    abdomen = Zone("Drawn", "body_front", square(-20, -180))
    knee = Zone("Drawn", "body_front", square(90, 400))
    for zone, indication, region in (
        (abdomen, "regional_slimming", "abdomen"),
        (knee, "acute_pain", "knee_leg"),
    ):
        request = asked(indication, (), zones=(zone,), formula=SALINE, technique="papule")
        choice = resolve_choice(request, KNOWLEDGE)
        assert zone_regions(choice.zones, KNOWLEDGE.views) == (region,)


def test_the_clinics_own_protocols_and_products_come_first() -> None:
    own = Protocol("house", "House", (), (Phase(4, 14),), "papule", (Component("mine", 1.0),))
    mine = replace(KNOWLEDGE.products["saline_0_9"], id="mine")
    setting = PlanSetting(products=(mine,), protocols=(own,))
    request = asked(setting=setting, protocol="house")
    assert products_of(request, KNOWLEDGE)["mine"] is mine
    choice = resolve_choice(request, KNOWLEDGE)
    assert choice.phases == (Phase(4, 14),)
    assert choice.formula == Formula("House", (Component("mine", 1.0),))


def test_microneedling_needs_no_formula_and_injects_nothing() -> None:
    request = asked(protocol="", technique="microneedling", phases=(Phase(3, 21),))
    choice = resolve_choice(request, KNOWLEDGE)
    assert choice.formula is None
    assert choice.volume_per_point_ml == 0.0


BARE = {"protocol": "", "technique": "papule", "phases": (Phase(3, 7),), "formula": SALINE}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"indication": "boredom"}, "assessment.indication"),
        ({"protocol": "no_such"}, "choice.protocol"),
        ({"technique": "no_such"}, "choice.technique"),
        ({**BARE, "technique": ""}, "choice.technique"),
        ({**BARE, "phases": ()}, "choice.phases"),
        ({**BARE, "formula": None}, "choice.formula"),
        ({"preset": "no_such"}, "choice.preset"),
        ({"scores": ()}, "choice.zones"),
        ({"formula": Formula("Empty", ())}, "choice.formula.components"),
        (
            {"formula": Formula("x", (Component("saline_0_9", 1.0), Component("water", 1.0)))},
            "choice.formula.components[1].product",
        ),
        (
            {"formula": Formula("x", (Component("saline_0_9", 0.0),))},
            "choice.formula.components[0].parts",
        ),
        (
            {"formula": Formula("x", (Component("saline_0_9", math.nan),))},
            "choice.formula.components[0].parts",
        ),
        ({"volume_per_point_ml": 0.0}, "choice.volume_per_point_ml"),
        ({"volume_per_point_ml": math.inf}, "choice.volume_per_point_ml"),
        ({"technique": "microneedling", "volume_per_point_ml": 0.1}, "choice.volume_per_point_ml"),
        ({"depth_mm": -1.0}, "choice.depth_mm"),
        ({"dead_space_ml": -0.1}, "choice.dead_space_ml"),
    ],
)
def test_what_cannot_be_resolved_names_the_field_and_the_remedy(changes, path) -> None:
    with pytest.raises(PlanInputError) as caught:
        resolve_choice(asked(**changes), KNOWLEDGE)
    assert caught.value.path == path
    assert caught.value.message
    assert caught.value.remedy


def test_a_product_without_ampoule_size_is_refused() -> None:
    broken = replace(KNOWLEDGE.products["saline_0_9"], ampoule_ml=0.0)
    with pytest.raises(PlanInputError) as caught:
        resolve_choice(asked(formula=SALINE, setting=PlanSetting(products=(broken,))), KNOWLEDGE)
    assert caught.value.path == "choice.formula.components[0].product"
