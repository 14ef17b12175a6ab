"""What a device may keep, and what the server tells it of whose it is."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

from openmeso.gateways import static_file

KEEP, READER = "OpenMeso-Keep-Seconds", "OpenMeso-Reader"


@pytest.fixture
def asking(client, trained):
    client.force_login(trained)
    return client


def test_the_worker_serves_the_whole_site_and_is_asked_for_anew(client):
    answer = client.get("/worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in answer["Content-Security-Policy"]
    text = answer.content.decode()
    assert f'const VERSION = "{static_file.version()}";' in text
    assert f'const SIGN_OUT = "{reverse("account_logout")}";' in text


def test_its_version_changes_with_any_static_file(tmp_path, settings):
    settings.STATICFILES_DIRS = [tmp_path]
    style = tmp_path / "one.css"
    style.write_text("a")
    static_file.finders.get_finder.cache_clear()
    first = static_file._hash_of_all()
    style.write_text("b")
    second = static_file._hash_of_all()
    static_file.finders.get_finder.cache_clear()
    assert first != second


def test_the_page_without_a_connection_is_about_nobody(asking, trained, patient):
    page = asking.get("/offline/")
    text = page.content.decode()
    assert page.status_code == 200
    for word in (trained.get_full_name(), trained.username, patient.name, patient.record_number):
        assert word not in text
    assert "csrfmiddlewaretoken" not in text
    files = re.findall(r'(?:href|src)="(/static/[^"#]+)', text)
    assert any(name.endswith("offline/page.js") for name in files)


def test_only_the_chair_of_a_session_under_way_may_be_kept(asking, session, patient, typed):
    page = f"/sessions/{session.pk}/"
    assert asking.get(page)[KEEP] == "7200"
    for other in ("/", f"/patients/{patient.pk}/", f"/plans/{session.plan_id}/"):
        answer = asking.get(other)
        assert answer.status_code == 200
        assert KEEP not in answer
    refused = asking.post(f"{page}save/", {"version": 1, "pain": "a lot"})
    assert refused.status_code == 422
    assert KEEP not in refused


def test_a_session_given_up_or_signed_is_not_kept(asking, session):
    asking.post(f"/sessions/{session.pk}/abandon/", {"reason": "did not come"})
    assert KEEP not in asking.get(f"/sessions/{session.pk}/")


def test_a_clinic_may_keep_none(asking, session, settings):
    settings.OFFLINE_MINUTES = 0
    assert KEEP not in asking.get(f"/sessions/{session.pk}/")


def test_what_the_device_keeps_is_still_not_stored_by_caches(asking, session):
    assert asking.get(f"/sessions/{session.pk}/")["Cache-Control"] == "no-store, private"


def test_every_page_says_whose_sign_in_it_was_given_to(client, trained, assistant):
    assert READER not in client.get("/accounts/login/")
    client.force_login(trained)
    first = client.get("/")[READER]
    assert client.get("/patients/")[READER] == first
    assert client.session.session_key not in first
    client.logout()
    client.force_login(assistant)
    other = client.get("/")[READER]
    client.logout()
    client.force_login(trained)
    assert len({first, other, client.get("/")[READER]}) == 3


def test_signing_out_clears_what_the_browser_keeps(asking):
    assert "Clear-Site-Data" not in asking.get("/")
    assert asking.post(reverse("account_logout"))["Clear-Site-Data"] == '"storage"'
    assert "Clear-Site-Data" not in asking.get("/accounts/login/")


def test_a_patient_s_private_page_brings_no_worker(client):
    assert "offline/register.js" not in client.get("/accounts/login/").content.decode()


def test_the_files_named_exist():
    assert static_file.text("offline/worker.js")
    with pytest.raises(FileNotFoundError):
        static_file.text(str(Path("offline") / "nothing.js"))
