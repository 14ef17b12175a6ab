"""Every view of plans is asked the same questions."""

import pytest
from django.urls import reverse

from openmeso.records.models import AuditEvent


def addresses(patient, draft):
    at = {"pk": draft.pk}
    return {
        "plan_new": ("get", reverse("plan_new", args=[patient.pk])),
        "plan_page": ("get", reverse("plan_page", kwargs=at)),
        "plan_edit": ("get", reverse("plan_edit", kwargs=at)),
        "plan_approve": ("post", reverse("plan_approve", kwargs=at)),
        "plan_recompute": ("post", reverse("plan_recompute", kwargs=at)),
        "plan_override": ("post", reverse("plan_override", kwargs=at)),
        "plan_supersede": ("post", reverse("plan_supersede", kwargs=at)),
        "plan_save_protocol": ("post", reverse("plan_save_protocol", kwargs=at)),
        "plan_pdf": ("get", reverse("plan_pdf", kwargs={**at, "voice": "record"})),
        "plan_calendar": ("get", reverse("plan_calendar", kwargs=at)),
    }


NAMES = (
    "plan_new",
    "plan_page",
    "plan_edit",
    "plan_approve",
    "plan_recompute",
    "plan_override",
    "plan_supersede",
    "plan_save_protocol",
    "plan_pdf",
    "plan_calendar",
)


class TestEveryView:
    @pytest.mark.parametrize("name", NAMES)
    def test_it_wants_a_sign_in(self, client, patient, draft, name):
        method, url = addresses(patient, draft)[name]
        answer = getattr(client, method)(url)
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))

    @pytest.mark.parametrize("name", NAMES)
    def test_it_rejects_the_wrong_method(self, page, patient, draft, name):
        method, url = addresses(patient, draft)[name]
        wrong = page.get if method == "post" else page.delete
        assert wrong(url).status_code == 405

    @pytest.mark.parametrize("name", NAMES)
    def test_a_stranger_learns_nothing(self, client, stranger, patient, draft, name):
        client.force_login(stranger)
        method, url = addresses(patient, draft)[name]
        assert getattr(client, method)(url).status_code == 404

    @pytest.mark.parametrize("who", ["researcher", "auditor", "outsider"])
    @pytest.mark.parametrize("name", NAMES)
    def test_who_gives_no_care_sees_no_plan(self, client, cast, patient, draft, name, who):
        client.force_login(getattr(cast, who))
        method, url = addresses(patient, draft)[name]
        assert getattr(client, method)(url).status_code in (403, 404)

    @pytest.mark.parametrize("name", ["plan_approve", "plan_override", "plan_save_protocol"])
    def test_an_assistant_decides_nothing(self, client, assistant, patient, draft, name):
        client.force_login(assistant)
        _method, url = addresses(patient, draft)[name]
        answer = client.post(url, {"name": "x", "finding": "x", "reason": "x"})
        assert answer.status_code == 403
        draft.refresh_from_db()
        assert draft.status == "draft"

    @pytest.mark.parametrize("name", ["plan_new", "plan_page", "plan_edit"])
    def test_an_assistant_may_draft(self, client, assistant, patient, draft, name):
        client.force_login(assistant)
        _method, url = addresses(patient, draft)[name]
        assert client.get(url).status_code == 200

    @pytest.mark.parametrize("name", ["plan_new", "plan_page", "plan_pdf", "plan_calendar"])
    def test_the_read_is_noted_with_its_purpose(self, page, patient, draft, name):
        before = AuditEvent.objects.count()
        _method, url = addresses(patient, draft)[name]
        page.get(url)
        event = AuditEvent.objects.order_by("-pk").first()
        assert AuditEvent.objects.count() == before + 1
        assert (event.action, event.purpose != "") == ("read", True)
