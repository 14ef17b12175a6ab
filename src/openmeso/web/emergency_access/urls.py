from django.urls import path

from openmeso.web.emergency_access import views

urlpatterns = [
    path("emergency/", views.open_record, name="emergency_open"),
    path("patients/<uuid:pk>/emergency/close/", views.close, name="emergency_close"),
    path("audit/emergency/", views.accesses, name="emergency_list"),
]
