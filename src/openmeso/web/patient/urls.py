from django.urls import path

from openmeso.web.patient import views

urlpatterns = [
    path("patients/", views.patients, name="patient_list"),
    path("patients/new/", views.add, name="patient_add"),
    path("patients/<uuid:pk>/", views.page, name="patient_page"),
    path("patients/<uuid:pk>/journey/", views.journey, name="patient_journey"),
    path("patients/<uuid:pk>/edit/", views.edit, name="patient_edit"),
    path("patients/<uuid:pk>/access/", views.access_log, name="patient_access_log"),
    path("patients/<uuid:pk>/access/print/", views.access_log_print, name="patient_access_log_pdf"),
]
