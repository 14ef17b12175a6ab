"""Plan request: patient, choice and clinic put together, and computed."""

from functools import lru_cache

from openmeso.records.models import Clinic, Patient, User
from openmeso.services import assessment as assessments
from openmeso.services import permission, product, protocol, session_length
from openmeso.services.clinic import closing_days
from openmeso.services.knowledge import knowledge
from openmeso.services.plan_refusal import NoAssessment
from openmeso.services.practitioner import to_terms as practitioner_terms
from openmeso.terms import plan as terms
from openmeso.terms.product import Product


def setting_of(
    clinic: Clinic,
    practitioner: User | None = None,
    *,
    products: tuple[Product, ...] | None = None,
) -> terms.PlanSetting:
    """What the clinic brings to every plan; ``products`` stand for its own where they are given."""
    return terms.PlanSetting(
        country=clinic.country,
        closing_days=closing_days(clinic),
        products=product.terms_of(clinic) if products is None else products,
        protocols=protocol.terms_of(clinic),
        practitioner=practitioner_terms(practitioner) if practitioner else None,
        recorded=session_length.recorded(clinic),
    )


def request_for(
    *, by: User, patient: Patient, choice: terms.PlanChoice, practitioner: User | None = None
) -> terms.PlanRequest:
    """Everything a plan for the patient is computed from, as it holds today."""
    permission.require(by, "plan.draft", patient)
    record = assessments.latest(patient)
    if record is None:
        raise NoAssessment
    return terms.PlanRequest(
        assessment=assessments.to_terms(record),
        choice=choice,
        setting=setting_of(patient.clinic, practitioner),
    )


def compute(request: terms.PlanRequest) -> terms.Plan:
    """The plan the request leads to."""
    from openmeso.science.planning.plan import compute_plan

    return compute_plan(request, knowledge())


@lru_cache(maxsize=64)
def computed_once(request: terms.PlanRequest) -> terms.Plan:
    """The same, kept for the next save at the chair, which mostly asks for the very same plan."""
    return compute(request)
