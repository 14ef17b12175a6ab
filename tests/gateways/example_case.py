"""A reaction to be reported: swelling after the third session, two products suspected."""

from datetime import UTC, date, datetime

from openmeso.terms.adverse_event import (
    AdverseEventCase,
    AdverseEventState,
    AdverseEventTerm,
    Causality,
    NoteKind,
    Outcome,
    Reporter,
    Seriousness,
    SuspectLot,
)
from openmeso.terms.regulator_report import Qualification, ReportHeader

TERM = AdverseEventTerm(
    "localized_edema",
    "Localized edema",
    "10048961",
    ("Localized to dependent areas", "Moderate", "Severe", "", ""),
)


def lot(product: str = "dutasteride_0_05", number: str = "DT2604", day: int = 2) -> SuspectLot:
    return SuspectLot(
        product=product,
        product_name=product.replace("_", " ").capitalize(),
        manufacturer="Maker",
        lot=number,
        expires_on=date(2027, 12, 31),
        given_on=date(2026, 11, day),
        session_number=3,
        given_ml=3.07,
        doses=(("dutasteride", 1.535, "mg"),),
        technique="nappage",
        depth_mm=2.0,
        route="intradermal",
    )


def case(**changes: object) -> AdverseEventCase:
    state = AdverseEventState(
        term=TERM.id,
        grade=3,
        onset_on=date(2026, 11, 3),
        outcome=Outcome.RESOLVED,
        ended_on=date(2026, 11, 9),
        treatment="Cold compresses",
        causality=Causality.PROBABLE,
        seriousness=(Seriousness.HOSPITALISATION, Seriousness.MEDICALLY_IMPORTANT),
        description="Swelling of the forehead and both lids, without fever.",
    )
    given: dict[str, object] = {
        "case_code": "3f0c1d52-6c0e-4a5d-9a52-6d1f6f0b7a11",
        "patient_code": "14e46668",
        "sex": "male",
        "age_years": 38,
        "country": "TR",
        "term": TERM,
        "state": state,
        "suspects": (lot(), lot(number="DT2511", day=1), lot("biotin", "BT8841")),
        "reporter": Reporter.PRACTITIONER,
        "first_known_on": date(2026, 11, 3),
        "latest_on": date(2026, 11, 9),
        "indication": "androgenetic_alopecia_male",
        "history": ((date(2026, 11, 3), NoteKind.RECORDED, state),),
    }
    return AdverseEventCase(**{**given, **changes})  # type: ignore[arg-type]


def header(**changes: object) -> ReportHeader:
    given: dict[str, object] = {
        "receiver": "TUFAM",
        "organisation": "Moda Hair & Skin Clinic",
        "country": "TR",
        "reporter_given_name": "Elif",
        "reporter_family_name": "Demir",
        "qualification": Qualification.PHYSICIAN,
        "meddra_code": "10048961",
        "meddra_version": "28.0",
        "narrative": "Swelling of the forehead a day after the third session.",
        "made_at": datetime(2026, 11, 10, 9, 30, tzinfo=UTC),
        "is_expedited": True,
    }
    return ReportHeader(**{**given, **changes})  # type: ignore[arg-type]
