"""Where it goes and what to expect: of a plan, on paper, and without a patient."""

from dataclasses import replace
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from openmeso.records.models import AuditEvent
from openmeso.services import assessment as assessments
from openmeso.services import forecast as forecasts
from openmeso.services import plan as plans
from openmeso.terms.formula import Component, Formula
from openmeso.web.forecast.forms import ExploreForm, first_values

HTMX = {"HX-Request": "true"}


@pytest.fixture
def page(client, practitioner):
    client.force_login(practitioner)
    return client


@pytest.fixture
def address(draft):
    return reverse("plan_forecast", args=[draft.pk])


class TestDoors:
    @pytest.mark.parametrize("htmx", [{}, HTMX])
    def test_it_wants_a_sign_in(self, client, address, htmx):
        for url in (address, reverse("explore")):
            answer = client.get(url, headers=htmx)
            assert answer.status_code == 302
            assert answer["Location"].startswith(reverse("account_login"))

    def test_it_only_reads(self, page, address):
        for url in (address, reverse("explore")):
            assert page.post(url).status_code == 405

    def test_a_stranger_learns_nothing(self, client, stranger, address):
        client.force_login(stranger)
        assert client.get(address).status_code == 404

    @pytest.mark.parametrize("who", ["researcher", "auditor", "outsider"])
    def test_who_gives_no_care_sees_no_plan(self, client, cast, address, who):
        client.force_login(getattr(cast, who))
        assert client.get(address).status_code in (403, 404)

    @pytest.mark.parametrize("who", ["researcher", "auditor", "assistant"])
    def test_whoever_signed_in_may_explore(self, client, cast, who):
        client.force_login(getattr(cast, who))
        assert client.get(reverse("explore")).status_code == 200

    def test_the_read_is_noted_with_its_purpose(self, page, address, draft):
        before = AuditEvent.objects.count()
        page.get(address, headers=HTMX)
        event = AuditEvent.objects.order_by("-pk").first()
        assert AuditEvent.objects.count() == before + 1
        assert (event.action, event.purpose, event.object_id) == ("read", "forecast", str(draft.pk))

    def test_exploring_leaves_no_trace(self, page):
        before = AuditEvent.objects.count()
        page.get(reverse("explore"))
        assert AuditEvent.objects.count() == before


class TestOfAPlan:
    def test_the_plan_page_asks_for_it(self, page, draft, address):
        text = page.get(reverse("plan_page", args=[draft.pk])).content.decode()
        assert f'hx-get="{address}"' in text
        assert f'href="{address}"' in text

    def test_the_fragment_says_what_science_said(self, page, draft, address):
        answer = page.get(address, headers=HTMX)
        found, text = answer.context, answer.content.decode()
        assert "<html" not in text
        assert found["course"].forecast.extrapolation.text in text
        assert found["course"].first.course.name == "gain"
        assert text.count('<svg class="chart') == 2 * len(found["course"].outcomes)

    def test_without_scripts_it_is_a_page(self, page, draft, address):
        text = page.get(address).content.decode()
        assert "<html" in text
        assert reverse("plan_page", args=[draft.pk]) in text

    def test_every_drawing_is_told_in_words(self, page, address):
        answer = page.get(address, headers=HTMX)
        for outcome in answer.context["course"].outcomes:
            assert f'aria-label="{outcome.said}"' in answer.content.decode()

    def test_another_condition_gets_reasons_instead(
        self, page, practitioner, patient, assessment, choice, assessed
    ):
        other = replace(assessment, indication="scars", scores=())
        assessments.save(by=practitioner, patient=patient, assessment=other)
        draft = plans.draft(
            by=practitioner, patient=patient, choice=replace(choice, preset="cheeks")
        )
        answer = page.get(reverse("plan_forecast", args=[draft.pk]), headers=HTMX)
        assert answer.status_code == 200
        assert answer.context["course"] is None
        assert "pattern hair loss alone" in answer.content.decode()


class TestOnPaper:
    @pytest.fixture
    def printed(self, page, draft):
        def text_of(voice):
            answer = page.get(reverse("plan_pdf", args=[draft.pk, voice]))
            pages = PdfReader(BytesIO(answer.content)).pages
            return " ".join(" ".join(each.extract_text() for each in pages).split())

        return text_of

    def test_the_record_has_it(self, printed):
        text = printed("record")
        assert "Where it goes and what to expect" in text
        assert "months from the first session" in text

    def test_the_patient_takes_home_no_number_that_nobody_has_tested(self, printed):
        text = printed("patient")
        assert "What to expect, and when" in text
        assert "hairs/cm²" not in text
        assert "nine in ten" not in text


class TestExplore:
    def test_it_opens_with_an_answer(self, page):
        answer = page.get(reverse("explore"))
        assert answer.status_code == 200
        assert answer.context["reach"].substances
        assert answer.context["course"] is not None

    def test_htmx_gets_the_answer_alone(self, page):
        answer = page.get(reverse("explore"), first_values(), headers=HTMX)
        assert "<html" not in answer.content.decode()
        assert answer.context["reach"].substances

    def test_closer_points_reach_more_follicles(self, page):
        def share(spacing_mm):
            asked = first_values() | {"spacing_mm": spacing_mm}
            answer = page.get(reverse("explore"), asked, headers=HTMX)
            return answer.context["reach"].reach.substances[0].size_classes[0].reached_fraction

        assert share(5.0) > share(10.0) > share(20.0)

    def test_dose_follows_concentration(self, page):
        def dose_mg(concentration):
            asked = first_values() | {"concentration_mg_ml": concentration}
            answer = page.get(reverse("explore"), asked, headers=HTMX)
            return answer.context["explored"].doses[0].per_session

        assert dose_mg(2.0) == pytest.approx(2 * dose_mg(1.0))

    @pytest.mark.parametrize(
        ("name", "value", "accepted"),
        [
            ("spacing_mm", "0", "greater than or equal to 5"),
            ("depth_mm", "-1", "greater than or equal to 0.5"),
            ("volume_per_point_ml", "2", "less than or equal to 0.3"),
            ("concentration_mg_ml", "nan", "Enter a number"),
            ("ingredient", "unobtainium", "unobtainium is not one of the available choices"),
            ("sessions", "", "This field is required"),
        ],
    )
    def test_bad_input_is_told_with_what_is_accepted(self, page, name, value, accepted):
        asked = first_values() | {name: value}
        refused = page.get(reverse("explore"), asked)
        assert refused.status_code == 422
        assert accepted in refused.content.decode()
        shown = page.get(reverse("explore"), asked, headers=HTMX)
        assert shown.status_code == 200
        assert accepted in shown.content.decode()

    @pytest.mark.parametrize("name", ["technique", "ingredient"])
    def test_every_choice_offered_can_be_computed(self, page, name):
        for value, _ in ExploreForm(first_values()).fields[name].choices:
            asked = first_values() | {name: value, "spacing_mm": 20}
            answer = page.get(reverse("explore"), asked, headers=HTMX)
            assert not answer.context["form"].errors, value
            assert answer.context["reach"], value

    def test_every_pattern_offered_has_zones(self):
        for value, _ in ExploreForm(first_values()).fields["pattern"].choices:
            form = ExploreForm(first_values() | {"pattern": value, "spacing_mm": 30})
            assert form.is_valid()
            assert plans.compute(forecasts.request_of(form.question())).grid.points, value


@pytest.fixture
def of_minoxidil(assessed, practitioner, choice):
    """The address of a plan whose substance has a known way through the skin."""
    formula = Formula("Minoxidil", (Component("minoxidil_0_5", 1.0),))
    plan = plans.draft(by=practitioner, patient=assessed, choice=replace(choice, formula=formula))
    return reverse("plan_forecast", args=[plan.pk])


class TestBulbsInFat:
    def test_explore_offers_it_and_says_it_is_a_guess(self, page):
        asked = first_values() | {"skin": "dermis_on_fat"}
        said = page.get(reverse("explore"), asked, headers=HTMX).content.decode()
        assert "lie in fat" in said
        assert "With dermis throughout it would be" in said

    def test_dermis_throughout_is_the_rule(self, page):
        said = page.get(reverse("explore"), first_values(), headers=HTMX).content.decode()
        assert "lie in fat. Nothing" not in said

    def test_another_skin_is_refused(self, page):
        answer = page.get(reverse("explore"), first_values() | {"skin": "leather"})
        assert answer.status_code == 422

    def test_the_plan_page_leads_there_and_back(self, page, of_minoxidil):
        assert "?skin=dermis_on_fat" in page.get(of_minoxidil, headers=HTMX).content.decode()
        there = page.get(of_minoxidil, {"skin": "dermis_on_fat"}).content.decode()
        assert "lie in fat. Nothing" in there
        assert f'href="{of_minoxidil}"' in there


class TestInTime:
    def test_charts_of_bulb_bulge_coverage_and_blood_each_have_a_table(self, page, of_minoxidil):
        said = page.get(of_minoxidil, headers=HTMX).content.decode()
        assert said.count('class="chart plot"') == 5
        for caption in (
            "Terminal, ng/mL",
            "Bulbs reached",
            "In the blood, ng/mL",
            "Where the dose is, mg",
        ):
            assert f">{caption}</caption>" in said
        assert "sulfotransferase" in said
