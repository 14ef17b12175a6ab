"""The planner: proposals, changes, ways out, drafts; with and without a script."""

import json
from dataclasses import replace

import pytest
from django.urls import reverse

from openmeso.records.models import Plan
from openmeso.services import plan as plans
from openmeso.services import protocol as protocols
from openmeso.services.knowledge import knowledge
from openmeso.terms.formula import Component, Formula
from tests.web.plan.form import form_of, htmx, resolved

SQUARE = [[-20, -20], [20, -20], [20, 20], [-20, 20]]


class TestPlanner:
    def test_a_plan_is_there_when_the_page_opens(self, page, patient):
        answer = page.get(reverse("plan_new", args=[patient.pk]))
        planning = answer.context["planning"]
        assert planning.plan is not None
        assert planning.choice.protocol == "classic_weekly_10"
        assert planning.choice.preset == "norwood_iii_vertex"
        assert answer.context["sheet"].points == planning.plan.grid.points > 0

    def test_a_protocol_without_a_formula_leaves_only_that_gap(
        self, page, patient, trained, choice
    ):
        sent = form_of(resolved(trained, patient, choice), protocol="own", filled="other|")
        techniques = knowledge().techniques
        no_formula = next(
            each.id
            for each in knowledge().protocols.values()
            if not each.components and techniques[each.technique].injects
        )
        answer = htmx(page, reverse("plan_new", args=[patient.pk]), sent | {"protocol": no_formula})
        shown = answer.context["values"]
        assert answer.context["planning"].fault.path == "choice.formula"
        assert shown["technique"]
        assert shown["depth_mm"]
        assert shown["phases"]

    def test_the_signed_in_practitioner_is_proposed(self, page, patient, trained):
        assert (
            page.get(reverse("plan_new", args=[patient.pk])).context["planning"].injector == trained
        )

    def test_without_an_assessment_it_leads_there(self, client, practitioner, clinic, patient):
        client.force_login(practitioner)
        answer = client.get(reverse("plan_new", args=[patient.pk]))
        assert answer["Location"] == reverse("assessment_add", args=[patient.pk])

    def test_it_can_be_read_without_a_script(self, page, patient):
        text = page.get(reverse("plan_new", args=[patient.pk])).content.decode()
        assert 'class="map-points"' in text  # the points, drawn by the server
        assert '<textarea class="input mono" name="zones"' in text
        assert 'name="load_preset"' in text
        assert 'name="recalculate"' in text

    def test_a_change_brings_back_the_panel_alone(self, page, patient, trained, choice):
        full = resolved(trained, patient, choice)
        answer = htmx(page, reverse("plan_new", args=[patient.pk]), form_of(full))
        text = answer.content.decode()
        assert "<html" not in text
        assert 'id="map-points"' in text
        assert 'id="sections"' not in text

    def test_page_and_service_give_the_same_numbers(self, page, patient, trained, choice):
        full = resolved(trained, patient, choice)
        wider = replace(full, grid=replace(full.grid, spacing_mm=15.0))
        answer = htmx(page, reverse("plan_new", args=[patient.pk]), form_of(wider))
        ours = plans.compute(plans.request_for(by=trained, patient=patient, choice=wider))
        theirs = answer.context["planning"].plan
        assert theirs.grid == ours.grid
        assert theirs.doses == ours.doses
        assert theirs.visits == ours.visits

    def test_another_protocol_brings_its_own_formula(self, page, patient, trained, choice):
        full = resolved(trained, patient, choice)
        sent = form_of(full, protocol="abdallah_dutasteride_7")
        answer = htmx(page, reverse("plan_new", args=[patient.pk]), sent)
        new = answer.context["planning"].choice
        assert [each.product for each in new.formula.components] == ["dutasteride_0_05"]
        assert new.technique == "nappage"
        assert new.zones == full.zones
        assert 'id="sections"' in answer.content.decode()

    def test_another_technique_brings_its_own_depth(self, page, patient, trained, choice):
        full = resolved(trained, patient, choice)
        sent = form_of(full, technique="papule")
        new = htmx(page, reverse("plan_new", args=[patient.pk]), sent).context["planning"].choice
        assert new.technique == "papule"
        assert new.formula == full.formula
        assert new.depth_mm == 1.5

    def test_a_drawn_zone_is_planned(self, page, patient, trained, choice):
        zones = [{"name": "Own", "view": "scalp_top", "polygon": SQUARE, "exclusions": []}]
        sent = form_of(resolved(trained, patient, choice), zones=json.dumps(zones))
        planning = htmx(page, reverse("plan_new", args=[patient.pk]), sent).context["planning"]
        scale = 570.0 / 560.0
        assert planning.plan.grid.area_cm2 == pytest.approx(16.0 * scale**2, rel=1e-9)

    def test_without_a_script_the_pattern_is_loaded_by_a_button(
        self, page, patient, trained, choice
    ):
        sent = form_of(resolved(trained, patient, choice), preset="whole_scalp", load_preset="1")
        answer = page.post(reverse("plan_new", args=[patient.pk]), sent)
        assert answer.status_code == 200
        assert len(answer.context["planning"].choice.zones) == 4

    @pytest.mark.parametrize(
        "zones",
        [
            "no json",
            "[1]",
            '[{"name":"x"}]',
            '[{"name":"x","view":"scalp_top","polygon":[[0,"a"]]}]',
            "[" * 5000,
        ],
    )
    def test_unreadable_coordinates_are_named_and_kept(self, page, patient, trained, choice, zones):
        sent = form_of(resolved(trained, patient, choice), zones=zones)
        answer = page.post(reverse("plan_new", args=[patient.pk]), sent)
        assert answer.status_code == 422
        assert "cannot be read" in answer.content.decode()
        assert answer.context["values"]["zones"] == zones

    def test_a_fault_is_shown_where_the_plan_would_stand(self, page, patient, trained, choice):
        sent = form_of(
            resolved(trained, patient, choice), product=["nothing_of_the_kind"], parts=["1"]
        )
        answer = htmx(page, reverse("plan_new", args=[patient.pk]), sent)
        assert answer.status_code == 200
        assert "choice.formula.components[0].product" in answer.content.decode()

    @pytest.mark.parametrize("way", ["wider_spacing", "smaller_volume_per_point", "smaller_area"])
    def test_each_way_out_ends_the_contradiction(self, page, patient, trained, choice, way):
        full = resolved(trained, patient, replace(choice, protocol="uzel_minoxidil_weekly_10"))
        much = replace(full, volume_per_point_ml=0.1)
        url = reverse("plan_new", args=[patient.pk])
        conflict = htmx(page, url, form_of(much)).context["planning"].plan.conflict
        assert way in [each.id for each in conflict.ways_out]
        answer = htmx(page, url, form_of(much, way_out=way))
        assert answer.context["planning"].plan.conflict is None

    def test_saving_leads_to_the_plan(self, page, patient, trained, choice):
        sent = form_of(resolved(trained, patient, choice), save="1", practitioner=str(trained.pk))
        answer = page.post(reverse("plan_new", args=[patient.pk]), sent)
        plan = Plan.objects.get()
        assert answer["Location"] == reverse("plan_page", args=[plan.pk])
        assert (plan.practitioner, plan.title) == (trained, "Classic hair course, weekly ×10")

    def test_a_draft_is_changed(self, page, draft, trained, patient, choice):
        full = resolved(trained, patient, choice)
        sent = form_of(replace(full, depth_mm=3.0), save="1", title="Changed")
        page.post(reverse("plan_edit", args=[draft.pk]), sent)
        draft.refresh_from_db()
        assert (draft.title, plans.to_terms(draft).choice.depth_mm) == ("Changed", 3.0)

    def test_a_blocked_plan_may_be_kept_as_a_draft(self, page, patient, trained, choice):
        formula = Formula("Bad", (Component("buflomedil_10", 1.0),))
        sent = form_of(replace(resolved(trained, patient, choice), formula=formula), save="1")
        page.post(reverse("plan_new", args=[patient.pk]), sent)
        assert plans.to_terms(Plan.objects.get()).blocked

    def test_the_queries_do_not_grow_with_the_clinic(
        self, page, patient, clinic, trained, draft, choice, django_assert_num_queries
    ):
        url = reverse("plan_new", args=[patient.pk])
        # PostgreSQL needs one more than SQLite: it locks the audit chain by itself
        with django_assert_num_queries(30, exact=False) as first:
            page.get(url)
        for number in range(5):
            plans.draft(by=trained, patient=patient, choice=choice, title=f"More {number}")
            save_copy(trained, clinic, number)
        with django_assert_num_queries(len(first.captured_queries)):
            page.get(url)


def save_copy(user, clinic, number: int) -> None:
    known = knowledge().protocols["classic_weekly_10"]
    protocols.save(
        by=user, clinic=clinic, protocol=replace(known, id=f"own_{number}", name=f"Own {number}")
    )
