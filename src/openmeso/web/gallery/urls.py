from django.urls import path

from openmeso.web.gallery import views

urlpatterns = [path("ui-components/", views.gallery, name="gallery")]
