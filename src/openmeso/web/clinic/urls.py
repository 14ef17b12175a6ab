from django.urls import path

from openmeso.web.clinic import members, shelf, templates, views

urlpatterns = [
    path("clinic/", views.page, name="clinic_page"),
    path("clinic/edit/", views.edit, name="clinic_edit"),
    path("clinic/closing-days/", views.closing_days, name="clinic_closing_days"),
    path("clinic/sessions/", views.sessions, name="clinic_sessions"),
    path("clinic/members/", members.members, name="clinic_members"),
    path("clinic/members/new/", members.add, name="clinic_member_add"),
    path("clinic/members/<uuid:pk>/", members.member, name="clinic_member"),
    path("clinic/members/<uuid:pk>/role/", members.change_role, name="clinic_member_role"),
    path("clinic/members/<uuid:pk>/training/", members.train, name="clinic_member_training"),
    path("clinic/members/<uuid:pk>/reset-mfa/", members.reset_mfa, name="clinic_member_reset_mfa"),
    path(
        "clinic/members/<uuid:pk>/password/", members.give_password, name="clinic_member_password"
    ),
    path("clinic/members/<uuid:pk>/end/", members.end, name="clinic_member_end"),
    path("clinic/products/", shelf.products, name="clinic_products"),
    path("clinic/products/new/", shelf.add, name="clinic_product_add"),
    path("clinic/products/<uuid:pk>/", shelf.edit, name="clinic_product"),
    path("clinic/products/<uuid:pk>/withdraw/", shelf.withdraw, name="clinic_product_withdraw"),
    path("clinic/protocols/", templates.protocols, name="clinic_protocols"),
    path("clinic/protocols/new/", templates.add, name="clinic_protocol_add"),
    path("clinic/protocols/<uuid:pk>/", templates.edit, name="clinic_protocol"),
    path(
        "clinic/protocols/<uuid:pk>/withdraw/", templates.withdraw, name="clinic_protocol_withdraw"
    ),
]
