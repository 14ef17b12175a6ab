"""What a browser sends from the planner."""

from openmeso.services import plan as plans
from openmeso.terms.plan import PlanChoice
from openmeso.web.plan.forms import initial_data


def form_of(choice: PlanChoice, **changes: object) -> dict[str, object]:
    """What a browser would send for a choice."""
    values = initial_data(choice)
    components = values.pop("components")
    phases = values.pop("phases")
    overrides = values.pop("overrides")
    return {
        **values,
        "product": [each.product for each in components],
        "parts": [str(each.parts) for each in components],
        "phase_sessions": [str(each.sessions) for each in phases],
        "phase_interval_days": [str(each.interval_days) for each in phases],
        "phase_least_days": [str(each.least_days) for each in phases],
        **{f"override:{finding}": reason for finding, reason in overrides.items()},
        **changes,
    }


def resolved(by, patient, choice: PlanChoice) -> PlanChoice:
    return plans.compute(plans.request_for(by=by, patient=patient, choice=choice)).choice


def htmx(client, url, data):
    headers = {"HX-Request": "true", "HX-Target": "panel"}
    return client.post(url, data, headers=headers)
