"""What every page tells the browser it may do."""

import pytest


@pytest.fixture
def page(client):
    return client.get("/accounts/login/")


def test_no_script_of_the_page_s_own_text_runs(page):
    policy = page["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["script-src"] == "'self'"
    assert rules["default-src"] == "'self'"
    assert rules["object-src"] == "'none'"
    assert rules["frame-ancestors"] == "'none'"
    assert rules["base-uri"] == "'none'"
    assert rules["form-action"] == "'self'"
    assert "unsafe" not in policy


def test_it_is_not_framed_sniffed_or_told_on(page):
    assert page["X-Frame-Options"] == "DENY"
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["Referrer-Policy"] == "same-origin"
    assert page["Cross-Origin-Opener-Policy"] == "same-origin"


def test_pages_of_somebody_signed_in_are_not_kept(client, practitioner):
    client.force_login(practitioner)
    for address in ("/", "/accounts/2fa/"):
        assert "no-store" in client.get(address).headers.get("Cache-Control", "")


def test_the_server_says_that_it_is_well(client):
    assert client.get("/healthz").content == b"ok\n"
    assert client.post("/healthz").status_code == 405
