"""Without a connection: the chair opens from the device, and nothing of it outlives its reader."""

import os
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from openmeso.records.models import Session
from openmeso.services import session as sessions
from openmeso.terms.contraindication import Answer
from tests.browser.conftest import DESKTOP, PHONE, TABLET, sign_in
from tests.conftest import PASSWORD

SHOTS = os.environ.get("SHOTS")  # a folder to look at the screens in
KEPT = """async () => {
    const kept = await caches.open("openmeso-kept");
    const about = await kept.match("/kept/about");
    return about && (await kept.match("/kept/page")) ? await about.json() : null;
}"""
DRAFTS = "Object.keys(localStorage).filter((key) => key.startsWith('openmeso-session:')).length"


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def until(page: Page, said: str, wanted) -> None:
    """Ask the page until it answers as wanted: what a worker does shows in no element."""
    found = None
    for _ in range(150):
        found = page.evaluate(said)
        if wanted(found):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{said} says {found}")


def kept(page: Page) -> None:
    """The page stands on the device, with the files it is made of."""
    until(page, KEPT, bool)
    files = "async () => (await (await caches.open('openmeso-kept')).keys()).map((one) => one.url)"
    until(page, files, lambda urls: any(url.endswith("session/points.js") for url in urls))


def gone(page: Page) -> None:
    until(page, KEPT, lambda about: about is None)


def saved(page: Page) -> None:
    expect(page.locator('#save-state[data-state="saved"]')).to_be_visible()


def answer_and_save(page: Page) -> None:
    page.get_by_role("button", name="All asked: no to the rest").click()
    page.get_by_role("button", name="Start the timer").click()
    saved(page)


def pain(page: Page, value: int) -> None:
    page.locator("#id_pain label", has_text=re.compile(f"^{value}$")).click()


def test_reloaded_offline_typed_on_back_online_saved_once_and_signed(
    trained, session, stocked, open_page, no_grave_fault
) -> None:
    page = open_page(trained, f"/sessions/{session.pk}/")
    kept(page)
    answer_and_save(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="These lots").click()
    page.get_by_role("button", name="All zones given").click()
    pain(page, 7)
    expect(page.locator("#offline")).to_be_visible()
    page.reload()
    expect(page.locator("#from-device")).to_be_visible()
    expect(page.locator('[name="pain"][value="7"]')).to_be_checked()
    assert page.locator("[data-zone]:checked").count() == page.locator(".zone-tick").count()
    assert page.locator('[name="anything_new"][value="no"]').is_checked()
    assert int(page.locator('[name="began_ms"]').input_value())
    no_grave_fault(page)
    shot(page, "reloaded-offline")
    page.locator("label.chip", has_text="None").click()
    page.reload()
    page.locator("label.check", has_text="Aftercare explained").click()
    before = Session.objects.get().version
    page.context.set_offline(False)
    saved(page)
    expect(page.locator("#from-device")).to_be_hidden()
    until(page, DRAFTS, lambda count: count == 0)
    # what was being sent when the line went, and what was typed since: each taken once
    assert Session.objects.get().version <= before + 2
    entry = sessions.entry_of(Session.objects.get())
    assert (entry.pain, entry.aftercare_given, len(entry.lots)) == (7, True, len(stocked))
    page.get_by_label(re.compile("Password of")).fill(PASSWORD)
    page.get_by_role("button", name=re.compile("Sign as")).click()
    expect(page.get_by_text("The session is signed")).to_be_visible()
    assert Session.objects.get().status == "signed"
    gone(page)


def test_all_saved_and_reloaded_offline_it_shows_what_was_saved_last(
    trained, session, stocked, open_page
) -> None:
    page = open_page(trained, f"/sessions/{session.pk}/")
    kept(page)
    pain(page, 4)
    saved(page)
    until(page, KEPT, lambda about: about["saved"] is not None)
    page.context.set_offline(True)
    page.reload()
    expect(page.locator('[name="pain"][value="4"]')).to_be_checked()
    page.context.set_offline(False)
    saved(page)
    expect(page.locator("#conflict")).to_be_hidden()


def test_another_tablet_saved_meanwhile_is_told_after_an_offline_reload(
    trained, assistant, session, typed, open_page
) -> None:
    page = open_page(trained, f"/sessions/{session.pk}/")
    kept(page)
    page.context.set_offline(True)
    pain(page, 9)
    expect(page.locator("#offline")).to_be_visible()
    page.reload()
    expect(page.locator("#from-device")).to_be_visible()
    sessions.save(by=assistant, session=session, entry=typed, version=1, token="other")
    page.context.set_offline(False)
    expect(page.locator("#conflict")).to_contain_text("Assistant Test")
    assert sessions.entry_of(Session.objects.get()).pain == typed.pain


def test_a_flat_battery_offline_brings_the_chair_back(
    trained, session, chromium, live_server, tmp_path
) -> None:
    """The browser is closed and started anew without a connection, on the same tablet."""

    def start(*, offline: bool) -> Page:
        context = chromium.browser_type.launch_persistent_context(
            tmp_path / "tablet",
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            viewport=TABLET,
            base_url=live_server.url,
            offline=offline,
        )
        context.set_default_timeout(15_000)
        return context.pages[0]

    path = f"/sessions/{session.pk}/"
    page = start(offline=False)
    sign_in(page, trained.username)
    page.goto(path)
    kept(page)
    pain(page, 4)
    saved(page)
    page.context.set_offline(True)
    pain(page, 6)
    expect(page.locator("#offline")).to_be_visible()
    page.context.close()
    page = start(offline=True)
    page.goto(path)
    expect(page.locator("#from-device")).to_be_visible()
    expect(page.locator('[name="pain"][value="6"]')).to_be_checked()
    page.locator("label.chip", has_text="None").click()
    expect(page.locator("#offline")).to_be_visible()
    # the sign-in ended with the browser: signing in brings back what was typed
    page.context.set_offline(False)
    page.get_by_role("link", name="Sign in and go on").click()
    page.get_by_label("Username").fill(trained.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("#restored")).to_be_visible()
    saved(page)
    page.context.close()
    entry = sessions.entry_of(Session.objects.get())
    assert (entry.pain, entry.reactions_seen) == (6, Answer.NO)


def test_elsewhere_offline_a_calm_page_leads_back_to_the_chair(
    trained, session, open_page, no_grave_fault
) -> None:
    page = open_page(trained, f"/sessions/{session.pk}/")
    kept(page)
    page.context.set_offline(True)
    page.goto("/patients/")
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    expect(page.get_by_text("Nothing unsent")).to_be_visible()
    assert session.patient.name not in page.content()
    no_grave_fault(page)
    shot(page, "calm")
    page.get_by_role("link", name="Go on with the session").click()
    expect(page.locator("#from-device")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_calm_page_reads_well_everywhere(
    trained, session, open_page, no_grave_fault, size, scheme
) -> None:
    page = open_page(trained, f"/sessions/{session.pk}/", viewport=size, color_scheme=scheme)
    kept(page)
    page.context.set_offline(True)
    pain(page, 3)
    page.goto("/")
    expect(page.get_by_text("It comes back when its page opens again")).to_be_visible()
    no_grave_fault(page)
    shot(page, f"calm-{size['width']}-{scheme}")
    page.get_by_role("link", name="Go on with the session").click()
    expect(page.locator("#from-device")).to_be_visible()
    shot(page, f"from-device-{size['width']}-{scheme}")


def test_a_form_sent_offline_stays_on_its_page(trained, patient, open_page) -> None:
    page = open_page(trained, f"/patients/{patient.pk}/edit/")
    until(page, "navigator.serviceWorker.controller !== null", bool)
    page.context.set_offline(True)
    page.get_by_label("Name").first.fill("Deniz Offline")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#not-sent")).to_be_visible()
    assert page.get_by_label("Name").first.input_value() == "Deniz Offline"
    shot(page, "not-sent")
    page.context.set_offline(False)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(f"{patient.pk}/$"))


def opens_nothing(page: Page, path: str) -> None:
    """Whoever holds the tablet now, without a connection, sees a page about nobody."""
    page.context.set_offline(True)
    page.goto(path)
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    expect(page.locator("#kept-session")).to_be_hidden()


def test_signing_out_lets_go_of_the_page(trained, session, open_page) -> None:
    path = f"/sessions/{session.pk}/"
    page = open_page(trained, path)
    kept(page)
    page.get_by_label("Account").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("login"))
    gone(page)
    assert page.evaluate("localStorage.length") == 0


def test_signing_out_offline_lets_go_of_the_page_and_says_what_is_left(
    trained, session, open_page
) -> None:
    path = f"/sessions/{session.pk}/"
    page = open_page(trained, path)
    kept(page)
    page.context.set_offline(True)
    pain(page, 3)
    page.get_by_label("Account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#still-in")).to_be_visible()
    shot(page, "signed-out-offline")
    gone(page)
    assert page.evaluate(DRAFTS) == 0
    opens_nothing(page, path)


def test_an_ended_sign_in_lets_go_of_the_page_and_keeps_the_draft(
    trained, session, open_page
) -> None:
    path = f"/sessions/{session.pk}/"
    page = open_page(trained, path)
    kept(page)
    page.context.clear_cookies(name="sessionid")
    pain(page, 5)
    expect(page.locator("#signed-out")).to_be_visible()
    gone(page)
    opens_nothing(page, path)
    # the calm page goes on by itself, to the sign-in and from there to the session
    page.context.set_offline(False)
    page.get_by_label("Username").fill(trained.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator('[name="pain"][value="5"]')).to_be_checked()


def test_the_next_person_s_sign_in_lets_go_of_the_page(
    trained, assistant, session, open_page
) -> None:
    path = f"/sessions/{session.pk}/"
    page = open_page(trained, path)
    kept(page)
    page.context.clear_cookies(name="sessionid")
    sign_in(page, assistant.username)
    gone(page)
    opens_nothing(page, path)


def test_two_hours_without_the_server_let_go_of_the_page(trained, session, open_page) -> None:
    path = f"/sessions/{session.pk}/"
    page = open_page(trained, path)
    kept(page)
    page.evaluate("""async () => {
        const kept = await caches.open("openmeso-kept");
        const about = await (await kept.match("/kept/about")).json();
        about.until = Date.now() - 1;
        await kept.put("/kept/about", new Response(JSON.stringify(about)));
    }""")
    opens_nothing(page, path)
    gone(page)


def test_a_session_given_up_lets_go_of_the_page(trained, session, open_page) -> None:
    page = open_page(trained, f"/sessions/{session.pk}/")
    kept(page)
    page.get_by_text("The session is not given after all").click()
    page.get_by_label("Why?").fill("The patient did not come")
    page.get_by_role("button", name="Give up this session").click()
    gone(page)


def test_a_clinic_may_keep_no_page_at_all(trained, session, open_page, settings) -> None:
    settings.OFFLINE_MINUTES = 0
    path = f"/sessions/{session.pk}/"
    page = open_page(trained, path)
    until(page, "navigator.serviceWorker.controller !== null", bool)
    pain(page, 3)
    saved(page)
    opens_nothing(page, path)
