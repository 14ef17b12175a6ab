from django.urls import path

from openmeso.web.measurement import views, views_correction, views_result

urlpatterns = [
    path("patients/<uuid:pk>/measure/", views.measure, name="measurement_add"),
    path("patients/<uuid:pk>/measure/values/", views.values, name="measurement_values"),
    path("patients/<uuid:pk>/measure/score/", views.score, name="measurement_score"),
    path("measurements/<uuid:pk>/", views_result.page, name="measurement_page"),
    path("measurements/<uuid:pk>/picture/", views_result.picture, name="measurement_picture"),
    path("measurements/<uuid:pk>/accept/", views_result.accept, name="measurement_accept"),
    path("measurements/<uuid:pk>/withdraw/", views_result.withdraw, name="measurement_withdraw"),
    path("measurements/<uuid:pk>/scale/", views_correction.rescale, name="measurement_rescale"),
    path("measurements/<uuid:pk>/correct/", views_correction.correct, name="measurement_correct"),
    path("measurements/<uuid:pk>/dicom/", views_result.dicom, name="measurement_dicom"),
]
