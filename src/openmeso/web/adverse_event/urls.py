from django.urls import path

from openmeso.web.adverse_event import changes, rates, report, views

urlpatterns = [
    path("reactions/rates/", rates.rates, name="adverse_event_rates"),
    path("patients/<uuid:pk>/reactions/new/", views.add, name="adverse_event_add"),
    path("patients/<uuid:pk>/reactions/quick/", views.quick, name="adverse_event_quick"),
    path("reactions/<uuid:pk>/", views.page, name="adverse_event_page"),
    path("reactions/<uuid:pk>/follow/", changes.follow, name="adverse_event_follow"),
    path("reactions/<uuid:pk>/close/", changes.close, name="adverse_event_close"),
    path("reactions/<uuid:pk>/correct/", changes.correct, name="adverse_event_correct"),
    path("reactions/<uuid:pk>/reopen/", changes.reopen, name="adverse_event_reopen"),
    path("reactions/<uuid:pk>/report/", report.report, name="adverse_event_report"),
    path("reactions/<uuid:pk>/withdraw/", changes.withdraw, name="adverse_event_withdraw"),
]
