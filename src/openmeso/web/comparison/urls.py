from django.urls import path

from openmeso.web.comparison import views

urlpatterns = [
    path("measurements/<uuid:pk>/compare/", views.choose, name="comparison_choose"),
    path("comparisons/<uuid:pk>/", views.page, name="comparison_page"),
    path("comparisons/<uuid:pk>/accept/", views.accept, name="comparison_accept"),
    path("comparisons/<uuid:pk>/withdraw/", views.withdraw, name="comparison_withdraw"),
]
