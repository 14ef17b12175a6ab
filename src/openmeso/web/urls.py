"""Every page, by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("openmeso.web.home.urls")),
    path("", include("openmeso.web.patient.urls")),
    path("", include("openmeso.web.assessment.urls")),
    path("", include("openmeso.web.plan.urls")),
    path("", include("openmeso.web.consent.urls")),
    path("", include("openmeso.web.photo.urls")),
    path("", include("openmeso.web.document.urls")),
    path("", include("openmeso.web.forecast.urls")),
    path("", include("openmeso.web.session.urls")),
    path("", include("openmeso.web.measurement.urls")),
    path("", include("openmeso.web.comparison.urls")),
    path("", include("openmeso.web.knowledge.urls")),
    path("", include("openmeso.web.clinic.urls")),
    path("", include("openmeso.web.device.urls")),
    path("", include("openmeso.web.course.urls")),
    path("", include("openmeso.web.lot.urls")),
    path("", include("openmeso.web.recall.urls")),
    path("", include("openmeso.web.adverse_event.urls")),
    path("", include("openmeso.web.patient_report.urls")),
    path("", include("openmeso.web.practitioner.urls")),
    path("", include("openmeso.web.audit.urls")),
    path("", include("openmeso.web.emergency_access.urls")),
    path("", include("openmeso.web.theme.urls")),
    path("", include("openmeso.web.offline.urls")),
    path("", include("openmeso.web.gallery.urls")),
]
