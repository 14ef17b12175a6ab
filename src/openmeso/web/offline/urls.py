from django.urls import path

from openmeso.web.offline import views

urlpatterns = [
    path("worker.js", views.worker, name="offline_worker"),
    path("offline/", views.page, name="offline_page"),
]
