from django.urls import path

from openmeso.web.lot import views

urlpatterns = [
    path("cabinet/", views.cabinet, name="lot_list"),
    path("cabinet/scan/", views.scan, name="lot_scan"),
    path("cabinet/receive/", views.receive, name="lot_receive"),
    path("cabinet/reconcile/", views.reconcile, name="lot_reconcile"),
    path("cabinet/<uuid:pk>/", views.page, name="lot_page"),
    path("cabinet/<uuid:pk>/count/", views.count, name="lot_count"),
    path("cabinet/<uuid:pk>/waste/", views.waste, name="lot_waste"),
    path("cabinet/<uuid:pk>/send-back/", views.send_back, name="lot_send_back"),
    path("cabinet/<uuid:pk>/quarantine/", views.quarantine, name="lot_quarantine"),
    path("cabinet/<uuid:pk>/recall/", views.recall, name="lot_recall"),
    path("cabinet/<uuid:pk>/release/", views.release, name="lot_release"),
]
