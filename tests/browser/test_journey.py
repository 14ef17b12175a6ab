"""The outcome itself: from a new patient to an approved plan on paper, as a practitioner would."""

import re

from playwright.sync_api import Page, expect

from openmeso.records.models import Plan


def add_patient(page: Page) -> None:
    page.get_by_role("link", name="New patient").first.click()
    page.get_by_label("Given name").fill("Emre")
    page.get_by_label("Family name").fill("Aksoy")
    page.get_by_label("Date of birth").fill("1986-05-17")
    page.get_by_role("radio", name="male", exact=True).check(force=True)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Emre Aksoy")


def assess(page: Page) -> None:
    page.get_by_role("link", name=re.compile("^Assess")).first.click()
    page.get_by_label("What is it for?").select_option("androgenetic_alopecia_male")
    page.get_by_role("radio", name=re.compile("Vertex thinning")).check(force=True)
    page.get_by_label("Weight").fill("82")
    page.get_by_label("Head circumference").fill("575")
    page.get_by_label("Blood pressure, upper").fill("126")
    page.get_by_label("Blood pressure, lower").fill("80")
    page.get_by_role("button", name="No to all the rest").first.click()
    page.get_by_role("button", name="Save and plan a course").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan a course")


def points_of(page: Page) -> int:
    return int(re.search(r"(\d+) points", page.locator("#planner-glance").inner_text())[1])


def draw_zone(page: Page) -> None:
    """A triangle behind the hairline, with the mouse."""
    before = points_of(page)
    page.get_by_role("button", name="Zone", exact=True).click()
    surface = page.locator("[data-surface]")
    surface.scroll_into_view_if_needed()
    box = surface.bounding_box()
    for x, y in ((0.40, 0.38), (0.60, 0.38), (0.50, 0.50)):
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
    page.keyboard.press("Enter")
    expect(page.locator("#planner-glance")).not_to_contain_text(f"{before} points")
    assert points_of(page) > before


def give_reasons(page: Page) -> None:
    boxes = page.get_by_role("textbox", name=re.compile("Reason for going on"))
    while boxes.count():
        boxes.first.fill("Discussed with the patient; documented in the letter of today.")
        page.get_by_role("button", name="Record the reason").first.click()
        page.wait_for_load_state()


def test_from_a_new_patient_to_an_approved_plan_on_paper(
    trained, open_page, no_grave_fault, tmp_path
) -> None:
    page = open_page(trained)
    no_grave_fault(page)
    add_patient(page)
    no_grave_fault(page)
    assess(page)
    no_grave_fault(page)
    draw_zone(page)
    page.get_by_role("button", name="Save the draft").click()
    page.wait_for_url(re.compile("/plans/"))
    give_reasons(page)
    page.get_by_role("button", name="Approve the plan").click()
    expect(page.get_by_text("This version is fixed")).to_be_visible()
    no_grave_fault(page)

    for link, head in (("For the patient", b"%PDF-"), ("For the record", b"%PDF-")):
        reply = page.request.get(page.get_by_role("link", name=link).get_attribute("href"))
        assert reply.ok
        assert reply.body().startswith(head)
    calendar = page.request.get(
        page.get_by_role("link", name="Calendar").get_attribute("href")
    ).text()
    plan = Plan.objects.get()
    assert plan.status == "approved"
    assert calendar.count("BEGIN:VEVENT") == len(plan.result["visits"])
    assert "Aksoy" not in calendar


def test_what_blocks_cannot_be_approved(trained, assessed, open_page, no_grave_fault) -> None:
    page = open_page(trained, f"/patients/{assessed.pk}/plan/")
    products = page.get_by_role("combobox", name=re.compile("Product"))
    products.first.select_option("buflomedil_10")
    panel = page.locator("#panel")
    expect(panel).to_contain_text("Buflomedil is never injected")
    no_grave_fault(page)
    page.get_by_role("button", name="Save the draft").click()
    page.wait_for_url(re.compile("/plans/"))
    approve = page.get_by_role("button", name="Approve the plan")
    expect(approve).to_be_disabled()
    # the button is no lock: the server refuses by itself
    page.evaluate("document.querySelector('form[action$=\"approve/\"] button').disabled = false")
    approve.click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("Buflomedil")
    assert Plan.objects.get().status == "draft"


def test_plan_without_javascript(trained, assessed, open_page) -> None:
    page = open_page(trained, f"/patients/{assessed.pk}/plan/", java_script_enabled=False)
    first = points_of(page)
    page.get_by_label("Spacing of points").fill("20")
    page.get_by_role("button", name="Recalculate").last.click()
    expect(page.locator("#planner-glance")).not_to_contain_text(f"{first} points")
    assert 0 < points_of(page) < first
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("button", name="Approve the plan")).to_be_visible()
