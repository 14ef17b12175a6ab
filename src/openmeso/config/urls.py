"""Every address, by room."""

from django.urls import include, path

from openmeso.config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
    path("api/", include("openmeso.api.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("openmeso.web.urls")),
]
