"""Every address, by room."""

from django.urls import include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from openmeso.config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
    path("api/", include("openmeso.api.urls")),
    path("i18n/setlang/", require_POST(set_language), name="set_language"),
    path("", include("openmeso.web.urls")),
]
