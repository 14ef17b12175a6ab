"""Every page of the clinic, at three sizes, light and dark: no serious fault, no sideways scroll."""

import pytest
from django.urls import reverse

from tests.browser.conftest import DESKTOP, PHONE, TABLET

KNOWLEDGE = (
    "/knowledge/",
    "/knowledge/ingredients/",
    "/knowledge/ingredients/minoxidil/",
    "/knowledge/ingredients/buflomedil/",
    "/knowledge/products/",
    "/knowledge/techniques/",
    "/knowledge/techniques/nappage/",
    "/knowledge/indications/",
    "/knowledge/indications/cellulite/",
    "/knowledge/scales/norwood_hamilton/",
    "/knowledge/protocols/",
    "/knowledge/protocols/uzel_minoxidil_weekly_10/",
    "/knowledge/checks/",
    "/knowledge/contraindications/",
    "/knowledge/consent/",
    "/knowledge/adverse-events/",
    "/knowledge/maps/",
    "/knowledge/facts/F0072/",
)
CLINIC = (
    "/",
    "/patients/",
    "/patients/new/",
    "/clinic/",
    "/clinic/members/",
    "/clinic/products/",
    "/clinic/protocols/",
    "/clinic/sessions/",
    "/audit/",
    "/me/",
)
LOOKS = {
    "tablet": {"viewport": TABLET},
    "phone": {"viewport": PHONE},
    "desktop": {"viewport": DESKTOP},
    "dark": {"viewport": TABLET, "color_scheme": "dark"},
}


@pytest.mark.parametrize("look", LOOKS)
def test_no_grave_fault(look, lead, draft, open_page, inspect_as) -> None:
    of_patient = [
        reverse(name, args=[draft.patient_id])
        for name in ("patient_page", "assessment_add", "plan_new", "patient_access_log")
    ]
    plan = [reverse("plan_page", args=[draft.pk]), reverse("plan_edit", args=[draft.pk])]
    page = open_page(lead, **LOOKS[look])
    inspect = inspect_as(look)
    for path in (*CLINIC, *of_patient, *plan, *KNOWLEDGE):
        assert page.goto(path).status == 200, path
        inspect(page)


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/"])
def test_before_sign_in(path, db, open_page, no_grave_fault) -> None:
    no_grave_fault(open_page(path=path))
