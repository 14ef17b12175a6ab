"""Witnesses for the courses: session counts and weeks typed by hand from the publications."""

import pytest

from openmeso.gateways.knowledge import load_knowledge
from tests.knowledge.files import Raw

# protocol, session weeks as printed (week 0 is the first session's)
WEEKS = [
    ("uzel_minoxidil_weekly_10", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ("abdallah_dutasteride_7", [0, 1, 2, 3, 5, 7, 11]),
    ("dutasteride_microneedling_13", [0, 1, 2, 3, 4, 5, 6, 7, 9, 11, 15, 19, 23]),
    ("pdrn_weekly_12", list(range(12))),
    ("growth_factors_8", [0, 3, 6, 9, 12, 15, 18, 21]),
    ("hyaluronic_acid_scalp_6", [0, 2, 4, 6, 8, 10]),
    ("microneedling_three_weekly_9", [0, 3, 6, 9, 12, 15, 18, 21, 24]),
    ("sobhy_dutasteride_9", [0, 1, 2, 3, 5, 7, 11, 15, 19]),
    ("sanchez_meza_microneedling_3", [0, 4, 8]),
    ("cellulite_weekly_12", list(range(12))),
    ("silanol_weekly_10", list(range(10))),
    ("acute_pain_weekly_3", [0, 1, 2]),
    ("achilles_weekly_4", [0, 1, 2, 3]),
]

# protocol, sessions, weeks of assessment, session volume [mL] (None: not printed)
PUBLISHED = [
    ("uzel_minoxidil_weekly_10", 10, [16], 2.0),
    ("abdallah_dutasteride_7", 7, [12], 2.0),
    ("moftah_dutasteride_12", 12, [18], 2.0),
    ("saceda_corralo_dutasteride_3", 3, [39], 1.0),
    ("dutasteride_microneedling_13", 13, [24], None),
    ("pdrn_weekly_12", 12, [13], 2.0),
    ("polynucleotide_gel_10", 10, [6, 18, 24], None),
    ("gajjar_cocktail_8", 8, [4, 8, 12, 16], None),
    ("growth_factors_8", 8, [9, 21, 30], None),
    ("hyaluronic_acid_scalp_6", 6, [16, 23], 3.0),
    ("triamcinolone_areata_6", 6, [4, 12], None),
    ("classic_fortnightly_10", 10, [8, 12, 24], None),
    ("classic_weekly_10", 10, [8, 12, 24], None),
    ("facial_rejuvenation_4", 4, [9], None),
    ("chronic_pain_monthly_3", 3, [8, 12], None),
    ("pain_three_weekly_then_15_days", 4, [4], None),
]


def session_days(protocol: dict[str, list[dict[str, int]]]) -> list[int]:
    days: list[int] = []
    for phase in protocol["phases"]:
        for _ in range(phase["sessions"]):
            days.append(days[-1] + phase["interval_days"] if days else 0)
    return days


@pytest.mark.parametrize(("protocol", "weeks"), WEEKS)
def test_sessions_fall_in_the_published_weeks(raw: Raw, protocol: str, weeks: list[int]) -> None:
    assert session_days(raw("protocols")[protocol]) == [7 * week for week in weeks]


@pytest.mark.parametrize(("protocol", "sessions", "assessed", "volume_ml"), PUBLISHED)
def test_counts_assessments_and_volumes_are_those_published(
    raw: Raw, protocol: str, sessions: int, assessed: list[int], volume_ml: float | None
) -> None:
    entry = raw("protocols")[protocol]
    assert len(session_days(entry)) == sessions
    assert entry["assessment_weeks"] == [0, *assessed]
    assert entry.get("session_volume_ml") == volume_ml


# protocol, its own number as printed
OWN = [
    ("triamcinolone_areata_6", "volume_per_point_ml", (0.05, 0.1)),  # F0030
    ("triamcinolone_areata_6", "spacing_mm", (10, 10)),  # F0033
    ("prp_monthly_4", "volume_per_point_ml", (0.05, 0.1)),  # F0132, one point each cm²
    ("prp_monthly_4", "depth_mm", (2, 4)),  # F0132
    ("acute_pain_weekly_3", "volume_per_point_ml", (0.1, 0.2)),  # F0049
    ("acute_pain_weekly_3", "spacing_mm", (20, 30)),  # F0049
    ("pdrn_weekly_12", "depth_mm", (2.0, 2.5)),  # F0454
    ("microneedling_fortnightly_6", "depth_mm", (0.6, 0.6)),  # F0130
    ("microneedling_three_weekly_9", "depth_mm", (1.5, 1.5)),  # F0503
]


@pytest.mark.parametrize(("protocol", "field", "span"), OWN)
def test_a_course_keeps_its_own_printed_numbers(
    raw: Raw, protocol: str, field: str, span: tuple[float, float]
) -> None:
    assert span[0] <= raw("protocols")[protocol][field] <= span[1]


def test_a_course_stays_within_its_techniques_range(raw: Raw) -> None:
    for protocol in raw("protocols").values():
        technique = raw("techniques")[protocol["technique"]]
        for field in {"depth_mm", "volume_per_point_ml", "spacing_mm"} & set(protocol):
            assert technique[field]["low"] <= protocol[field] <= technique[field]["high"]


def test_moftah_fits_twelve_sessions_into_sixteen_weeks(raw: Raw) -> None:
    assert session_days(raw("protocols")["moftah_dutasteride_12"])[-1] == 15 * 7


def test_polynucleotide_gel_is_four_then_two_a_month(raw: Raw) -> None:
    phases = raw("protocols")["polynucleotide_gel_10"]["phases"]
    assert [phase["sessions"] for phase in phases] == [4, 2, 2, 2]
    assert session_days(raw("protocols")["polynucleotide_gel_10"])[-1] < 4 * 31


def test_at_least_ten_published_courses(raw: Raw) -> None:
    assert (
        sum(not one.get("assumption") or bool(one["facts"]) for one in raw("protocols").values())
        >= 10
    )


def test_no_course_mixes_more_than_three_products_or_a_withdrawn_one() -> None:
    knowledge = load_knowledge()
    for protocol in knowledge.protocols.values():
        held = [
            strength.ingredient
            for component in protocol.components
            for strength in knowledge.products[component.product].strengths
        ]
        assert len([one for one in held if one != "lidocaine"]) <= 3
        assert all(knowledge.ingredients[one].formulary_code != "blocked" for one in held), (
            protocol.id
        )
        if "triamcinolone" in held:
            assert set(held) <= {"triamcinolone", "saline", "lidocaine"}


def test_triamcinolone_is_diluted_to_five_milligrams_a_millilitre() -> None:
    knowledge = load_knowledge()
    course = knowledge.protocols["triamcinolone_areata_6"]
    parts = sum(component.parts for component in course.components)
    drug = course.components[0]
    (strength,) = knowledge.products[drug.product].strengths
    assert strength.per_ml * drug.parts / parts == 5.0


def test_every_course_that_shortens_an_interval_says_so(raw: Raw) -> None:
    for protocol in raw("protocols").values():
        if any(
            "min_interval_days" in phase and phase["min_interval_days"] < phase["interval_days"]
            for phase in protocol["phases"]
        ):
            assert "least interval is assumed" in protocol["assumption"], protocol["id"]


def test_every_indication_but_the_exclusions_has_a_course_or_none_is_published() -> None:
    knowledge = load_knowledge()
    served = {name for one in knowledge.protocols.values() for name in one.indications}
    assert set(knowledge.indications) - served == {"scarring_alopecia", "stretch_marks", "scars"}
