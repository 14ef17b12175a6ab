from django.urls import path

from openmeso.web.patient_report import tell, views

urlpatterns = [
    path("tell/<str:key>/", tell.page, name="patient_report_tell"),
    path("patients/<uuid:pk>/report-link/", views.link, name="patient_report_link"),
    path("patients/<uuid:pk>/report-link/end/", views.end, name="patient_report_end"),
    path("reports/<uuid:pk>/", views.page, name="patient_report_page"),
    path("reports/<uuid:pk>/take-up/", views.take_up, name="patient_report_take_up"),
    path("reports/<uuid:pk>/join/", views.join, name="patient_report_join"),
    path("reports/<uuid:pk>/lay-aside/", views.lay_aside, name="patient_report_lay_aside"),
]
