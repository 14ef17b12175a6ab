from django.urls import path

from openmeso.web.document import views

urlpatterns = [
    path("patients/<uuid:pk>/documents/", views.of_patient, name="document_list"),
    path("documents/<uuid:pk>/", views.download, name="document_download"),
]
