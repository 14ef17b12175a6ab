from django.urls import path

from openmeso.web.assessment import views

urlpatterns = [
    path("patients/<uuid:pk>/assess/", views.assess, name="assessment_add"),
]
