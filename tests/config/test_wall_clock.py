"""A request's dates and hours are those of its clinic; nobody else's."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from openmeso.gateways import clock

LATE = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)  # half past one on 1 July in Istanbul
ON_THE_PAGE = "Wednesday 1 July 2026"


def test_today_is_the_clinic_s(client, practitioner):
    client.force_login(practitioner)
    with clock.as_of(LATE), timezone.override("UTC"):
        assert clock.today() == date(2026, 6, 30)
        assert ON_THE_PAGE in client.get(reverse("home")).content.decode()
        assert timezone.get_current_timezone_name() == "UTC", "the zone ends with the request"


def test_whoever_works_in_another_zone_has_another_day(client, stranger, other_clinic):
    other_clinic.timezone = "America/New_York"
    other_clinic.save()
    client.force_login(stranger)
    with clock.as_of(LATE):
        assert "Tuesday 30 June 2026" in client.get(reverse("home")).content.decode()


def test_a_stranger_s_page_stands_on_the_server_s_clock(client, settings):
    with clock.as_of(LATE), timezone.override("Asia/Tokyo"):
        assert client.get(reverse("account_login")).status_code == 200
        assert timezone.get_current_timezone() == ZoneInfo("Asia/Tokyo")


def test_a_signature_s_hour_is_that_of_the_chair(client, signed, practitioner):
    client.force_login(practitioner)
    page = client.get(reverse("session_page", args=[signed.pk])).content.decode()
    on_the_wall = signed.signed_at.astimezone(ZoneInfo("Europe/Istanbul"))
    assert f"{on_the_wall:%H:%M}" in page
