"""A real browser against a live server, signed in as somebody of the cast."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import PASSWORD

# Playwright's own event loop runs in this thread; Django would refuse to touch the database in it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

TABLET = {"width": 1024, "height": 768}
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}

GRAVE = ("serious", "critical")
COLOUR_RULES = ("color-contrast", "link-in-text-block")

expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "Chromium is missing: scripts/test installs it."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """Open a page signed in as ``user`` (or nobody); a script error fails the test."""
    contexts, faults = [], []

    def open_one(user=None, path: str = "/", **options: object) -> Page:
        options = {"viewport": TABLET, "base_url": live_server.url, **options}
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.set_default_timeout(15_000)
        if user is not None:
            sign_in(page, user.username)
        page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not faults, faults


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/login" not in url)


def fits(page: Page) -> None:
    """Nothing scrolls sideways."""
    wider = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wider <= 0, f"{page.url} is {wider} px wider than the screen"


@pytest.fixture
def no_grave_fault() -> Callable[..., None]:
    """Axe finds nothing serious on the page as it stands, and nothing scrolls sideways.

    With ``rules`` named it asks those only.
    """

    def look(page: Page, rules: Sequence[str] = ()) -> None:
        options: dict[str, object] = {"resultTypes": ["violations"]}
        if rules:
            options["runOnly"] = {"type": "rule", "values": [*rules]}
        found = [
            f"{one['id']}: {one['help']} at {[node['target'] for node in one['nodes']][:3]}"
            for one in Axe().run(page, options=options).response["violations"]
            if one["impact"] in GRAVE
        ]
        assert not found, f"{page.url}: {found}"
        fits(page)

    return look


@pytest.fixture
def inspect_as(no_grave_fault) -> Callable[[str], Callable[[Page], None]]:
    """How to inspect the pages of a look, which the tablet's comes with: all of axe on the tablet,
    in the dark what axe says of colours; names are the same in both lights and at every width."""
    ways = {"tablet": no_grave_fault, "dark": partial(no_grave_fault, rules=COLOUR_RULES)}
    return lambda look: ways.get(look, fits)
