from django.urls import path

from openmeso.web.home import views

urlpatterns = [path("", views.home, name="home")]
