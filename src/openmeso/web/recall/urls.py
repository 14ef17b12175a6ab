from django.urls import path

from openmeso.web.recall import views

urlpatterns = [
    path("recall/", views.index, name="recall_index"),
    path("recall/product/", views.product, name="recall_product"),
    path("recall/product/list.csv", views.product_list, name="recall_product_export"),
    path("recall/practitioner/", views.practitioner, name="recall_practitioner"),
    path(
        "recall/practitioner/list.csv", views.practitioner_list, name="recall_practitioner_export"
    ),
    path("recall/lot/<uuid:pk>/", views.lot, name="recall_lot"),
    path("recall/lot/<uuid:pk>/list.csv", views.export, name="recall_export"),
    path("recall/lot/<uuid:pk>/letters/", views.letters, name="recall_letters"),
    path("recall/lot/<uuid:pk>/emails/", views.emails, name="recall_emails"),
    path("recall/lot/<uuid:pk>/told/<uuid:patient>/", views.told, name="recall_told"),
]
