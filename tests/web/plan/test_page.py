"""The plan page: approving, overriding, superseding, printing."""

from dataclasses import replace
from html import unescape

import pytest
from django.urls import reverse

from openmeso.records.models import Plan
from openmeso.services import assessment as assessments
from openmeso.services import clinic as clinics
from openmeso.services import plan as plans
from openmeso.services import protocol as protocols
from openmeso.services.plan import PlanNotApprovable
from openmeso.terms.contraindication import Answer
from openmeso.terms.formula import Component, Formula
from tests.web.plan.form import form_of, resolved


def draft_start(draft):
    return plans.choice_of(draft).start_on


class TestPlanPage:
    def test_it_shows_what_was_computed(self, page, draft):
        answer = page.get(reverse("plan_page", args=[draft.pk]))
        plan = plans.to_terms(draft)
        assert answer.context["plan"] == plan
        assert str(plan.grid.points) in answer.content.decode()

    def test_approving_fixes_it(self, page, draft, trained):
        page.post(reverse("plan_approve", args=[draft.pk]))
        draft.refresh_from_db()
        assert (draft.status, draft.approved_by) == ("approved", trained)
        assert page.get(reverse("plan_edit", args=[draft.pk]))["Location"] == reverse(
            "plan_page", args=[draft.pk]
        )

    def test_a_change_of_what_was_approved_meanwhile_is_refused_and_not_lost(self, page, draft):
        page.post(reverse("plan_approve", args=[draft.pk]))
        sent = form_of(plans.to_terms(draft).choice, save="1") | {"title": "Before the summer"}
        answer = page.post(reverse("plan_edit", args=[draft.pk]), sent)
        assert answer.status_code == 409
        assert str(PlanNotApprovable("fixed")) in unescape(answer.content.decode())
        assert "Before the summer" in answer.content.decode()
        draft.refresh_from_db()
        assert draft.title != "Before the summer"

    def test_what_it_rests_on_has_changed(self, page, draft, lead, clinic):
        clinics.set_closing_days(
            by=lead, clinic=clinic, weekdays=[6, 7], dates=[draft_start(draft)]
        )
        answer = page.post(reverse("plan_approve", args=[draft.pk]))
        assert answer.status_code == 409
        recompute = reverse("plan_recompute", args=[draft.pk])
        assert recompute in answer.content.decode()
        page.post(recompute)
        assert page.post(reverse("plan_approve", args=[draft.pk])).status_code == 302
        draft.refresh_from_db()
        assert draft.status == "approved"
        assert plans.to_terms(draft).visits[0].on > draft_start(draft)

    def test_what_is_approved_cannot_be_saved_over(self, page, draft, trained, patient, choice):
        full = resolved(trained, patient, choice)
        page.post(reverse("plan_approve", args=[draft.pk]))
        page.post(
            reverse("plan_edit", args=[draft.pk]), form_of(replace(full, depth_mm=3.0), save="1")
        )
        draft.refresh_from_db()
        assert plans.to_terms(draft).choice.depth_mm == full.depth_mm

    def test_a_blocked_plan_passes_no_door(self, page, patient, trained, choice):
        formula = Formula("Bad", (Component("buflomedil_10", 1.0),))
        blocked = plans.draft(by=trained, patient=patient, choice=replace(choice, formula=formula))
        finding = next(
            each for each in plans.to_terms(blocked).findings if each.strength.value == "block"
        )
        page.post(
            reverse("plan_override", args=[blocked.pk]),
            {"finding": finding.id, "reason": "I insist"},
        )
        answer = page.post(reverse("plan_approve", args=[blocked.pk]))
        assert answer.status_code == 409
        assert finding.title in answer.content.decode()
        sent = form_of(plans.to_terms(blocked).choice, save="1")
        page.post(
            reverse("plan_edit", args=[blocked.pk]), sent | {f"override:{finding.id}": "I insist"}
        )
        assert page.post(reverse("plan_approve", args=[blocked.pk])).status_code == 409
        blocked.refresh_from_db()
        assert blocked.status == "draft"

    def test_a_reason_opens_the_way(self, page, patient, trained, assessment, choice):
        answers = tuple(
            replace(each, answer=Answer.YES) if each.contraindication == "anticoagulant" else each
            for each in assessment.checklist
        )
        assessments.save(
            by=trained, patient=patient, assessment=replace(assessment, checklist=answers)
        )
        plan = plans.draft(by=trained, patient=patient, choice=choice)
        assert page.post(reverse("plan_approve", args=[plan.pk])).status_code == 409
        for finding in plans.to_terms(plan).open_overrides:
            silent = {"finding": finding, "reason": " "}
            refused = page.post(reverse("plan_override", args=[plan.pk]), silent)
            assert refused.status_code == 422
            assert 'aria-invalid="true"' in refused.content.decode()
            page.post(
                reverse("plan_override", args=[plan.pk]),
                {"finding": finding, "reason": "INR 2.0, agreed with the prescriber"},
            )
        assert page.post(reverse("plan_approve", args=[plan.pk])).status_code == 302
        plan.refresh_from_db()
        assert plan.status == "approved"

    def test_a_reason_that_is_refused_is_not_lost(self, page, patient, trained, draft):
        address = reverse("plan_override", args=[draft.pk])
        for finding, reason in (("nonsense", "Agreed with the prescriber"), ("nonsense", " ")):
            refused = page.post(address, {"finding": finding, "reason": reason})
            assert refused.status_code == 422
            assert reason in refused.content.decode()
            assert "error-summary" in refused.content.decode()
        page.post(reverse("plan_approve", args=[draft.pk]))
        late = page.post(address, {"finding": "nonsense", "reason": "Agreed with the prescriber"})
        assert late.status_code == 409
        assert "Agreed with the prescriber" in late.content.decode()

    def test_a_new_version_is_drafted_beside_the_old(self, page, draft):
        page.post(reverse("plan_approve", args=[draft.pk]))
        answer = page.post(reverse("plan_supersede", args=[draft.pk]))
        following = Plan.objects.get(supersedes=draft)
        assert answer["Location"] == reverse("plan_edit", args=[following.pk])
        assert following.version == 2
        draft.refresh_from_db()
        assert draft.status == "approved"

    def test_a_draft_is_not_superseded(self, page, draft):
        page.post(reverse("plan_supersede", args=[draft.pk]))
        assert not Plan.objects.filter(supersedes=draft).exists()

    def test_the_regimen_becomes_the_clinics_own(self, page, draft, clinic):
        page.post(reverse("plan_save_protocol", args=[draft.pk]), {"name": " Our  ten "})
        (kept,) = protocols.terms_of(clinic)
        assert (kept.name, kept.sessions, kept.technique) == ("Our ten", 10, "point_by_point")

    def test_a_template_wants_a_name(self, page, draft, clinic):
        for name in (" ", "Ours" * 40):
            refused = page.post(reverse("plan_save_protocol", args=[draft.pk]), {"name": name})
            assert refused.status_code == 422
            assert 'href="#protocol-name"' in refused.content.decode()
            assert f'value="{name}"' in refused.content.decode()
        assert protocols.terms_of(clinic) == ()


class TestPaper:
    @pytest.mark.parametrize("voice", ["record", "patient"])
    def test_both_voices_print(self, page, draft, voice):
        answer = page.get(reverse("plan_pdf", args=[draft.pk, voice]))
        assert answer.content.startswith(b"%PDF-")
        assert "kaya" not in answer["Content-Disposition"].lower()

    def test_there_is_no_third_voice(self, page, draft):
        assert page.get(reverse("plan_pdf", args=[draft.pk, "poem"])).status_code == 404

    def test_the_calendar_names_nobody(self, page, draft):
        answer = page.get(reverse("plan_calendar", args=[draft.pk]))
        text = answer.content.decode()
        assert text.count("BEGIN:VEVENT") == len(plans.to_terms(draft).visits)
        assert "Kaya" not in text
        assert "alopecia" not in text.lower()
