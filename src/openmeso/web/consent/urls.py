from django.urls import path

from openmeso.web.consent import views

urlpatterns = [
    path("plans/<uuid:pk>/consent/", views.of_plan, name="consent_of_plan"),
    path("consents/<uuid:pk>/", views.page, name="consent_page"),
    path("consents/<uuid:pk>/read/", views.read, name="consent_read"),
    path("consents/<uuid:pk>/withdraw/", views.withdraw, name="consent_withdraw"),
    path("consents/<uuid:pk>/sheet/", views.sheet, name="consent_sheet"),
]
