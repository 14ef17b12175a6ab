"""The planner and the plan: the same questions of every view, and what only they can do."""

import json
from dataclasses import replace

import pytest
from django.urls import reverse

from openmeso.gateways import clock
from openmeso.records.models import AuditEvent, Plan
from openmeso.services import assessment as assessments
from openmeso.services import plan as plans
from openmeso.services import practitioner as practitioners
from openmeso.services import protocol as protocols
from openmeso.services.knowledge import knowledge
from openmeso.terms.contraindication import Answer
from openmeso.terms.formula import Component, Formula
from openmeso.terms.plan import PlanChoice
from openmeso.web.plan.forms import initial_data

SQUARE = [[-20, -20], [20, -20], [20, 20], [-20, 20]]


@pytest.fixture
def trained(practitioner, lead, assessed):
    for technique in ("point_by_point", "nappage"):
        practitioners.record_training(
            by=lead, user=practitioner, technique=technique, trained_on=clock.today()
        )
    return practitioner


@pytest.fixture
def choice():
    return PlanChoice(start_on=clock.today(), protocol="classic_weekly_10")


@pytest.fixture
def draft(trained, patient, choice):
    return plans.draft(by=trained, patient=patient, choice=choice, title="Ten weeks")


@pytest.fixture
def page(client, trained):
    client.force_login(trained)
    return client


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


def addresses(patient, draft):
    at = {"pk": draft.pk}
    return {
        "plan_new": ("get", reverse("plan_new", args=[patient.pk])),
        "plan_page": ("get", reverse("plan_page", kwargs=at)),
        "plan_edit": ("get", reverse("plan_edit", kwargs=at)),
        "plan_approve": ("post", reverse("plan_approve", kwargs=at)),
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
        with django_assert_num_queries(27, exact=False) as first:
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
            page.post(
                reverse("plan_override", args=[plan.pk]),
                {"finding": finding, "reason": "INR 2.0, agreed with the prescriber"},
            )
        assert page.post(reverse("plan_approve", args=[plan.pk])).status_code == 302
        plan.refresh_from_db()
        assert plan.status == "approved"

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
        page.post(reverse("plan_save_protocol", args=[draft.pk]), {"name": " "})
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
