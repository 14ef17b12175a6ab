from django.urls import path

from openmeso.web.device import views

urlpatterns = [
    path("clinic/devices/", views.devices, name="device_list"),
    path("clinic/devices/new/", views.add, name="device_add"),
    path("clinic/devices/<uuid:pk>/", views.page, name="device_page"),
    path("clinic/devices/<uuid:pk>/calibrate/", views.calibrate, name="device_calibrate"),
    path("clinic/devices/<uuid:pk>/retire/", views.retire, name="device_retire"),
]
