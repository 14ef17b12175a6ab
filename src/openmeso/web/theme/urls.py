from django.urls import path

from openmeso.web.theme import views

urlpatterns = [path("theme/", views.theme, name="theme")]
