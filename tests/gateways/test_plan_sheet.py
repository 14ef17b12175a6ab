"""A plan in words and figures, and its drawing."""

import pytest

from openmeso.gateways.knowledge import load_knowledge
from openmeso.gateways.plan_map import reference_points
from openmeso.gateways.plan_sheet import Sources, figure, plan_sheet
from openmeso.terms.grid import Grid, ZoneGrid
from tests.gateways.example_plan import example_plan


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "0.5"),  # a zero before the point
        (12.0, "12"),  # none after the last digit
        (1234.5, "1234"),
        (0.012345, "0.0123"),
        (9.996, "10"),
        (0.0, "0"),
        (0.0000012, "0.0000012"),
        (31.24, "31.2"),
    ],
)
def test_figures_are_written_as_on_a_syringe_label(value, text):
    assert figure(value) == text


def test_findings_stand_in_order_with_their_reasons():
    sheet = plan_sheet(example_plan(), load_knowledge())
    assert [line.finding.strength.value for line in sheet.findings] == ["override", "advise"]
    assert sheet.findings[0].override == "INR 2.1 on the day"
    assert [line.finding.title for line in sheet.weighty] == ["Takes an anticoagulant"]
    assert [line.finding.title for line in sheet.advice] == ["Thin"]
    assert (sheet.blocks, sheet.open_overrides) == (0, 0)


def test_an_unknown_maximum_is_called_so_and_never_invented():
    sheet = plan_sheet(example_plan(), load_knowledge())
    assert sheet.doses[0].maximum == "no published maximum"
    assert sheet.doses[0].share is None


def test_points_go_back_to_the_reference_map():
    points = reference_points(example_plan().grid)["scalp_top"]
    assert len(points) == 40
    assert points[0] == pytest.approx((-40.0, -20.0), abs=1e-12)


def test_the_drawing_lists_every_point_once():
    view = plan_sheet(example_plan(), load_knowledge()).views[0]
    assert (view.id, view.points, view.dots.count("M")) == ("scalp_top", 40, 40)
    assert view.zones[0].spots == (("20", "20", "4"),)


def test_a_landmarks_name_makes_room_for_a_zone():
    view = plan_sheet(example_plan(), load_knowledge()).views[0]
    assert "Mid-scalp" not in [label.text for label in view.labels]
    assert "Forehead" in [label.text for label in view.labels]


def test_footnotes_are_numbered_in_order_and_kept():
    sources = Sources(load_knowledge())
    assert sources.cite(("F0043", "F0250", "NOT_A_FACT")) == "1,2"
    assert sources.cite(("F0250",)) == "2"
    assert [number for number, _ in sources.notes] == [1, 2]


def test_points_of_each_view_go_back_by_their_own_scale() -> None:
    # a head of 1.02 times the reference, and a face, which is never scaled
    grid = Grid(
        (
            ZoneGrid("Crown", "scalp_top", 1.0, ((10.2, 20.4),), scale=1.02),
            ZoneGrid("Cheek", "face_front", 1.0, ((5.0, 6.0),)),
        ),
        1.02,
        2.0,
        2,
        1.0,
    )
    points = reference_points(grid)
    assert points["scalp_top"] == (pytest.approx((10.0, 20.0)),)
    assert points["face_front"] == ((5.0, 6.0),)
