from django.urls import path

from openmeso.web.session import record, views

urlpatterns = [
    path("plans/<uuid:pk>/sessions/<int:number>/start/", views.start, name="session_start"),
    path("sessions/<uuid:pk>/", views.page, name="session_page"),
    path("sessions/<uuid:pk>/save/", views.save, name="session_save"),
    path("sessions/<uuid:pk>/scan/", views.scan, name="session_scan"),
    path("sessions/<uuid:pk>/sign/", views.sign, name="session_sign"),
    path("sessions/<uuid:pk>/abandon/", views.abandon, name="session_abandon"),
    path("sessions/<uuid:pk>/addend/", record.addend, name="session_addend"),
    path("sessions/<uuid:pk>/record.pdf", record.pdf, name="session_pdf"),
]
