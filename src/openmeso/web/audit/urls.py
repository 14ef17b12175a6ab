from django.urls import path

from openmeso.web.audit import views

urlpatterns = [path("audit/", views.events, name="audit_list")]
