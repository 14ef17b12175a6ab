"""What pages and paper about an expectation show."""

from openmeso.gateways.forecast_sheet import NOTHING_SEEN, Seen, forecast_sheet
from openmeso.gateways.reach_sheet import reach_sheet
from openmeso.services.forecast import Expectation, reach_of
from openmeso.services.knowledge import knowledge
from openmeso.terms.reach import Skin


def expectation_context(
    found: Expectation, seen: Seen = NOTHING_SEEN, *, skin: Skin = Skin.DERMIS
) -> dict[str, object]:
    """Sheets of what is known, and the reasons for what is not.

    ``skin`` is for the reach alone: the forecast is calibrated with dermis throughout.
    """
    forecast = found.forecast
    course = forecast_sheet(forecast, found.plan, found.gain, seen) if forecast else None
    reach = found.reach
    if reach and skin is not Skin.DERMIS:
        reach = reach_of(found.plan, skin)
    return {
        "reach": reach_sheet(reach, found.plan, knowledge()) if reach else None,
        "course": course,
        "no_reach": found.no_reach,
        "no_forecast": found.no_forecast,
    }
