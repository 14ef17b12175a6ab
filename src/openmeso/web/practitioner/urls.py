from django.urls import path

from openmeso.web.practitioner import views

urlpatterns = [path("me/", views.page, name="practitioner_page")]
