"""The people of the demo clinic. All are invented; any likeness is chance."""

from dataclasses import dataclass

from openmeso.terms.assessment import ScaleScore, Sex
from openmeso.terms.practitioner import Role

PASSWORD = "meso-demo-2026"  # noqa: S105 (printed on the demo's first screen)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in."""

    username: str
    given_name: str
    family_name: str
    role: Role
    what: str


@dataclass(frozen=True, slots=True)
class Case:
    """A patient with an assessment, and the plan that is shown for them.

    ``yes`` lists contraindications answered yes, with how many days ago where that matters;
    ``plan`` is a protocol's id, ``preset`` its map; ``stage`` how far the plan has come.
    ``parts`` are products and parts, where the protocol as published names none.
    """

    given_name: str
    family_name: str
    sex: Sex
    born: str
    indication: str = ""
    scores: tuple[tuple[str, str], ...] = ()
    yes: tuple[tuple[str, int | None], ...] = ()
    allergies: tuple[str, ...] = ()
    weight_kg: float | None = None
    head_circumference_mm: float | None = None
    can_become_pregnant: bool | None = None
    reliable_contraception: bool | None = None
    pressure_mmhg: tuple[float, float] | None = None
    duration_months: int | None = None
    fitzpatrick: int | None = None
    notes: str = ""
    plan: str = ""
    preset: str = ""
    parts: tuple[tuple[str, float], ...] = ()
    title: str = ""
    stage: str = "draft"
    starts_in_days: int = 10

    @property
    def scale_scores(self) -> tuple[ScaleScore, ...]:
        return tuple(ScaleScore(scale, value) for scale, value in self.scores)


STAFF = (
    Person("demo", "Elif", "Demir", Role.PRACTITIONER, "practitioner, trained in every technique"),
    Person("lead", "Murat", "Aydın", Role.LEAD, "clinic lead: people, closing days, audit"),
    Person("assistant", "Zeynep", "Koç", Role.ASSISTANT, "assistant: assesses and drafts"),
    Person("researcher", "Lucía", "Ferrer", Role.RESEARCHER, "researcher: no identified patient"),
    Person("auditor", "Jean", "Moreau", Role.AUDITOR, "auditor: the audit trail"),
)
STRANGER = Person(
    "stranger", "Tom", "Whitfield", Role.PRACTITIONER, "practitioner of another clinic"
)

CASES = (
    Case(
        "Deniz", "Kaya", Sex.MALE, "1991-03-14",
        indication="androgenetic_alopecia_male",
        scores=(("norwood_hamilton", "III vertex"), ("hair_pull", "3")),
        weight_kg=78.0, head_circumference_mm=572.0, pressure_mmhg=(122.0, 78.0),
        duration_months=30, fitzpatrick=3,
        notes="Father bald at forty. Has used no treatment so far; asks for injections.",
    ),
    Case(
        "Aylin", "Şahin", Sex.FEMALE, "1984-01-27",
        indication="androgenetic_alopecia_female",
        scores=(("ludwig", "II"), ("hair_shedding", "4")),
        weight_kg=61.0, head_circumference_mm=548.0, can_become_pregnant=True,
        reliable_contraception=True, pressure_mmhg=(112.0, 70.0), duration_months=48, fitzpatrick=2,
        notes="Ferritin and TSH within range in spring.",
        plan="uzel_minoxidil_weekly_10", title="Crown, weekly",
    ),
    Case(
        "Fatma", "Öztürk", Sex.FEMALE, "1996-06-08",
        indication="androgenetic_alopecia_female",
        scores=(("ludwig", "I"),), yes=(("pregnancy", None),),
        weight_kg=66.0, head_circumference_mm=551.0, can_become_pregnant=True,
        reliable_contraception=False, pressure_mmhg=(108.0, 66.0), duration_months=10, fitzpatrick=3,
        notes="Fourteen weeks pregnant. Asked a friend's clinic for dutasteride.",
        plan="moftah_dutasteride_12", title="As asked for elsewhere",
    ),
    Case(
        "Mehmet", "Arslan", Sex.MALE, "1967-11-19",
        indication="androgenetic_alopecia_male",
        scores=(("norwood_hamilton", "V"),),
        yes=(("anticoagulant", None), ("cardiovascular", None)),
        weight_kg=91.0, head_circumference_mm=590.0, pressure_mmhg=(142.0, 88.0),
        duration_months=180, fitzpatrick=3,
        notes="Atrial fibrillation, takes an oral anticoagulant every day.",
        plan="classic_weekly_10", title="Scalp, weekly",
    ),
    Case(
        "Sofia", "Papadopoulou", Sex.FEMALE, "1999-04-30",
        indication="alopecia_areata", scores=(("salt", "S1"), ("hair_pull", "12")),
        weight_kg=57.0, head_circumference_mm=543.0, can_become_pregnant=True,
        reliable_contraception=True, pressure_mmhg=(110.0, 68.0), duration_months=4, fitzpatrick=3,
        notes="Two patches, exclamation-mark hairs at the edge.",
        plan="triamcinolone_areata_6", preset="areata_patch", title="Patch on the vertex",
    ),
    Case(
        "Amara", "Okafor", Sex.FEMALE, "1992-12-05",
        indication="androgenetic_alopecia_female",
        scores=(("sinclair", "3"),), yes=(("keloid", None),),
        weight_kg=70.0, head_circumference_mm=556.0, can_become_pregnant=True,
        reliable_contraception=True, pressure_mmhg=(118.0, 74.0), duration_months=24, fitzpatrick=6,
        notes="Keloid after an ear piercing. Wears tight braids: advised to loosen them.",
    ),
    Case(
        "Oliver", "Bennett", Sex.MALE, "1980-07-21",
        indication="androgenetic_alopecia_male",
        scores=(("norwood_hamilton", "III"),), yes=(("nsaid_or_aspirin", 2),),
        weight_kg=80.0, head_circumference_mm=577.0, pressure_mmhg=(126.0, 80.0),
        duration_months=60, fitzpatrick=1,
        notes="Aspirin for a headache two days ago. Brought a cocktail's name from the web.",
        plan="gajjar_cocktail_8", title="Cocktail the patient asked for",
    ),
    Case(
        "Leyla", "Rahimi", Sex.FEMALE, "1994-02-11",
        indication="telogen_effluvium",
        scores=(("hair_pull", "11"), ("hair_shedding", "5")), yes=(("breastfeeding", None),),
        weight_kg=63.0, head_circumference_mm=550.0, can_become_pregnant=True,
        reliable_contraception=True, pressure_mmhg=(114.0, 72.0), duration_months=2, fitzpatrick=4,
        notes="Shedding since three months after the birth; expected to end by itself.",
    ),
    Case(
        "Yuki", "Tanaka", Sex.FEMALE, "1973-10-16",
        indication="anti_ageing", scores=(("gais", "3"), ("wsrs", "3")),
        weight_kg=52.0, head_circumference_mm=541.0, can_become_pregnant=False,
        pressure_mmhg=(116.0, 72.0), fitzpatrick=3,
        notes="Had a course elsewhere two years ago without reactions.",
        plan="facial_rejuvenation_4", preset="face", title="Face", stage="superseding",
    ),
    Case(
        "Camille", "Laurent", Sex.FEMALE, "1988-05-23",
        indication="cellulite", scores=(("nurnberger_muller", "2"),),
        weight_kg=64.0, can_become_pregnant=True, reliable_contraception=True,
        pressure_mmhg=(110.0, 70.0), duration_months=60, fitzpatrick=2,
        notes="Told that no controlled evidence was found.",
        plan="cellulite_weekly_12", preset="thighs_back", title="Thighs",
        parts=(("caffeine", 1.0), ("lidocaine_1", 1.0)),
    ),
    Case(
        "José", "Hernández", Sex.MALE, "1976-08-09",
        indication="chronic_pain", scores=(("vas_pain", "6.2"),),
        weight_kg=86.0, pressure_mmhg=(134.0, 84.0), duration_months=14, fitzpatrick=4,
        notes="Low back pain without red flags; works standing.",
        plan="chronic_pain_monthly_3", preset="lower_back", title="Lower back",
    ),
    Case(
        "Andrei", "Popescu", Sex.MALE, "1997-01-03",
        indication="exercise_injury", scores=(("vas_pain", "4.8"),), yes=(("antibiotic", 3),),
        weight_kg=74.0, pressure_mmhg=(118.0, 72.0), duration_months=3, fitzpatrick=2,
        notes="Achilles tendon, runner. A quinolone this month: ask the prescriber first.",
        plan="achilles_weekly_4", preset="achilles", title="Right Achilles tendon",
    ),
    Case("Hassan", "Al-Masri", Sex.MALE, "1964-12-30"),
)  # fmt: skip
UNDER_WAY = Case(
    "Selim", "Aksoy", Sex.MALE, "1988-04-17",
    indication="androgenetic_alopecia_male",
    scores=(("norwood_hamilton", "III vertex"),),
    weight_kg=76.0, head_circumference_mm=570.0, pressure_mmhg=(118.0, 74.0),
    duration_months=40, fitzpatrick=3,
    notes="Wants no tablets. Comes every other week; the next session is due today.",
    plan="classic_fortnightly_10", title="Vertex and front, first course", stage="approved",
    starts_in_days=7,
)  # fmt: skip
TO_BEGIN = Case(
    "Kerem", "Yıldız", Sex.MALE, "1985-09-02",
    indication="androgenetic_alopecia_male",
    scores=(("norwood_hamilton", "IV"),),
    weight_kg=84.0, head_circumference_mm=580.0, pressure_mmhg=(128.0, 82.0),
    duration_months=72, fitzpatrick=3,
    notes="Stopped the 5 % lotion after a year: itching. A spot was shaved to see what grows.",
    plan="classic_fortnightly_10", title="Scalp, first course", stage="approved",
    starts_in_days=16,
)  # fmt: skip
