from django.urls import path

from openmeso.web.forecast import views

urlpatterns = [
    path("plans/<uuid:pk>/forecast/", views.plan_forecast, name="plan_forecast"),
    path("explore/", views.explore, name="explore"),
]
