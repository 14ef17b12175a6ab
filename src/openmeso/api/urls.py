"""Addresses of the API."""

from django.urls import path

from openmeso.api import plan

app_name = "api"
urlpatterns = [
    path("plan", plan.compute, name="plan-compute"),
    path("plan/schema", plan.schema, name="plan-schema"),
    path("patients/<uuid:patient>/plans", plan.of_patient, name="patient-plans"),
    path("plans/<uuid:plan>", plan.one, name="plan"),
    path("plans/<uuid:plan>/approve", plan.approve, name="plan-approve"),
]
