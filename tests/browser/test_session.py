"""At the chair, on a tablet: from the list to the signature, whatever becomes of the line."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from openmeso.records.models import Session, SessionPoint
from openmeso.services import session as sessions
from openmeso.terms.contraindication import Answer
from tests.browser.conftest import DESKTOP, PHONE
from tests.conftest import PASSWORD

SHOTS = os.environ.get("SHOTS")  # a folder to look at the screens in


class Thumb:
    """Counts what a practitioner touches."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.touches = 0

    def touch(self, target) -> None:
        self.touches += 1
        target.click()

    def button(self, name) -> None:
        self.touch(self.page.get_by_role("button", name=name))


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def saved(page: Page) -> None:
    expect(page.locator('#save-state[data-state="saved"]')).to_be_visible()


def nothing_unsaved(page: Page) -> None:
    kept = "Object.keys(localStorage).filter((key) => key.startsWith('openmeso-session:')).length"
    for _ in range(50):
        if not page.evaluate(kept):
            return
        page.wait_for_timeout(100)
    raise AssertionError("something typed still lies on the device")


def sign(page: Page) -> None:
    page.get_by_label(re.compile("Password of")).fill(PASSWORD)
    page.get_by_role("button", name=re.compile("Sign as")).click()
    expect(page.get_by_text("The session is signed")).to_be_visible()


def test_from_the_list_to_the_signature(
    trained, approved, session, stocked, open_page, no_grave_fault
) -> None:
    sessions.abandon(by=trained, session=session, reason="begun by mistake")
    page = open_page(trained)
    no_grave_fault(page)
    shot(page, "today")
    thumb = Thumb(page)
    thumb.button(re.compile("^Start Deniz"))
    shot(page, "chair")
    no_grave_fault(page)
    thumb.button("All asked: no to the rest")
    thumb.button("These lots, earliest expiry first")
    thumb.button("Start the timer")
    thumb.button("All zones given as planned")
    thumb.touch(page.locator("#id_pain label", has_text=re.compile("^3$")))
    thumb.touch(page.locator("label.chip", has_text="None"))
    thumb.touch(page.locator("label.check", has_text="Aftercare explained"))
    expect(page.get_by_text("Ready to be signed")).to_be_visible()
    shot(page, "chair-done")
    no_grave_fault(page)
    thumb.touch(page.get_by_label(re.compile("Password of")))
    page.get_by_label(re.compile("Password of")).fill(PASSWORD)
    thumb.button(re.compile("Sign as"))
    expect(page.get_by_text("The session is signed")).to_be_visible()
    no_grave_fault(page)
    shot(page, "signed")
    assert thumb.touches == 10
    signed = Session.objects.get(status="signed")
    assert signed.points_given == SessionPoint.objects.filter(session=signed).count()
    assert signed.pain == 3
    nothing_unsaved(page)


def test_offline_and_reloaded_in_the_middle_nothing_is_lost(
    trained, session, stocked, open_page
) -> None:
    page = open_page(trained, f"/sessions/{session.pk}/")
    page.get_by_role("button", name="All asked: no to the rest").click()
    page.get_by_role("button", name="Start the timer").click()
    saved(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="These lots").click()
    page.get_by_role("button", name="All zones given").click()
    page.locator("#id_pain label", has_text=re.compile("^7$")).click()
    expect(page.locator("#offline")).to_be_visible()
    shot(page, "offline")
    # nobody reads the device without the page's key
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert "openmeso-session:" in kept
    assert "pain" not in kept
    page.route("**/save/", lambda route: route.abort())
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("#restored")).to_be_visible()
    expect(page.locator('[name="pain"][value="7"]')).to_be_checked()
    assert page.locator("[data-zone]:checked").count() == page.locator(".zone-tick").count()
    page.unroute("**/save/")
    saved(page)
    nothing_unsaved(page)
    entry = sessions.entry_of(Session.objects.get())
    assert entry.pain == 7
    assert entry.anything_new is Answer.NO
    assert entry.began_ms
    assert len(entry.lots) == len(stocked)


def test_an_answer_lost_on_the_way_is_no_conflict(trained, session, open_page) -> None:
    """The server took the save and its answer never came: the same save is sent again."""
    page = open_page(trained, f"/sessions/{session.pk}/")
    lost = []

    def lose_first(route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())
            route.abort()

    page.route("**/save/", lose_first)
    page.locator("#id_pain label", has_text=re.compile("^4$")).click()
    expect(page.locator("#offline")).to_be_visible()
    saved(page)
    expect(page.locator("#conflict")).to_be_hidden()
    assert Session.objects.get().version == 2


def test_signed_out_in_the_middle_one_signs_in_and_goes_on(trained, session, open_page) -> None:
    page = open_page(trained, f"/sessions/{session.pk}/")
    page.context.clear_cookies(name="sessionid")
    page.locator("#id_pain label", has_text=re.compile("^5$")).click()
    expect(page.locator("#signed-out")).to_be_visible()
    page.get_by_role("link", name="Sign in and go on").click()
    page.get_by_label("Username").fill("practitioner")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("#restored")).to_be_visible()
    saved(page)
    assert sessions.entry_of(Session.objects.get()).pain == 5


def test_signing_out_leaves_nothing_on_the_device(trained, session, open_page) -> None:
    page = open_page(trained, f"/sessions/{session.pk}/")
    page.route("**/save/", lambda route: route.abort())
    page.locator("#id_pain label", has_text=re.compile("^5$")).click()
    expect(page.locator("#offline")).to_be_visible()
    page.get_by_label("Account").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("login"))
    nothing_unsaved(page)


@pytest.mark.parametrize("mine", [True, False])
def test_two_tablets_are_told_of_each_other(
    trained, assistant, session, typed, open_page, mine
) -> None:
    page = open_page(trained, f"/sessions/{session.pk}/")
    sessions.save(by=assistant, session=session, entry=typed, version=1, token="other")
    page.locator("#id_pain label", has_text=re.compile("^9$")).click()
    conflict = page.locator("#conflict")
    expect(conflict).to_contain_text("Assistant Test")
    assert sessions.entry_of(Session.objects.get()).pain == typed.pain
    if mine:
        page.get_by_role("button", name="Keep what stands").click()
        saved(page)
    else:
        page.get_by_role("button", name="Take what was saved").click()
        expect(page.locator('[name="pain"][value="3"]')).to_be_checked()
    assert sessions.entry_of(Session.objects.get()).pain == (9 if mine else typed.pain)


def test_points_are_skipped_moved_and_given_another_dose(
    trained, session, stocked, open_page
) -> None:
    page = open_page(trained, f"/sessions/{session.pk}/")
    page.get_by_role("button", name="All zones given").click()
    dot = page.locator(".dot").first
    dot.scroll_into_view_if_needed()
    dot.click(force=True)
    expect(page.locator(".dot--skipped")).to_have_count(1)
    page.get_by_role("button", name="Move", exact=True).click()
    second = page.locator(".dot").nth(5)
    second.click(force=True)
    box = second.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2 + 9, box["y"] + box["height"] / 2 + 5)
    expect(page.locator(".dot--moved")).to_have_count(1)
    page.get_by_role("button", name="Other dose").click()
    page.get_by_label("Volume", exact=True).fill("0.05")
    page.get_by_label("Point by number").fill("12")
    page.get_by_role("button", name="Apply to this point").click()
    saved(page)
    expect(page.locator("#tally")).to_contain_text("Points skipped")
    shot(page, "points")
    states = {each.number: each for each in sessions.entry_of(Session.objects.get()).exceptions}
    assert states[1].state == "skipped"
    assert states[6].state == "moved"
    assert states[12].volume_ml == 0.05


def test_a_scanned_vial_is_chosen_and_a_recalled_one_is_not(
    trained, session, stocked, open_page, clinic
) -> None:
    from openmeso.services import lot as lots
    from openmeso.services import scan as scans

    product, lot = next(iter(stocked.items()))
    scans.bind(by=trained, clinic=clinic, gtin="09506000134352", product=product)
    code = f"010950600013435217{lot.expires_on:%y%m%d}10{lot.number}"
    page = open_page(trained, f"/sessions/{session.pk}/")
    page.get_by_label("Scan a vial").fill(code)
    page.keyboard.press("Enter")
    expect(page.locator(f'[data-product="{product}"] select').first).to_have_value(str(lot.pk))
    lots.recall(by=trained, lot=lot, reason="glass found")
    page.get_by_label("Scan a vial").fill(code)
    page.keyboard.press("Enter")
    expect(page.locator("#scan-refusal")).to_contain_text("recalled")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_reads_well_everywhere(
    trained, session, stocked, open_page, no_grave_fault, size, scheme
) -> None:
    page = open_page(trained, f"/sessions/{session.pk}/", viewport=size, color_scheme=scheme)
    no_grave_fault(page)
    shot(page, f"chair-{size['width']}-{scheme}")
