"""Dates and hours stand on the wall clock of the clinic that somebody works in."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from openmeso.services.member import membership_of


class WallClockMiddleware:
    """While a request is answered, its time zone is the clinic's; the server's for anybody else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        place = membership_of(request.user)
        zone = ZoneInfo(place.clinic.timezone) if place else None
        with timezone.override(zone):
            return self.get_response(request)
