from django.urls import path

from openmeso.web.plan import views

urlpatterns = [
    path("patients/<uuid:pk>/plan/", views.plan_new, name="plan_new"),
    path("plans/<uuid:pk>/", views.plan_page, name="plan_page"),
    path("plans/<uuid:pk>/edit/", views.plan_edit, name="plan_edit"),
    path("plans/<uuid:pk>/approve/", views.approve, name="plan_approve"),
    path("plans/<uuid:pk>/recompute/", views.recompute, name="plan_recompute"),
    path("plans/<uuid:pk>/override/", views.override, name="plan_override"),
    path("plans/<uuid:pk>/supersede/", views.supersede, name="plan_supersede"),
    path("plans/<uuid:pk>/protocol/", views.save_protocol, name="plan_save_protocol"),
    path("plans/<uuid:pk>/<str:voice>.pdf", views.pdf, name="plan_pdf"),
    path("plans/<uuid:pk>/visits.ics", views.calendar, name="plan_calendar"),
]
