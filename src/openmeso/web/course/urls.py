from django.urls import path

from openmeso.web.course import appointments, booking, views

urlpatterns = [
    path("plans/<uuid:pk>/course/", views.start, name="course_start"),
    path("courses/", views.funnel, name="course_funnel"),
    path("courses/<uuid:pk>/", views.page, name="course_page"),
    path("courses/<uuid:pk>/book/", booking.book, name="course_book"),
    path("courses/<uuid:pk>/decision/", views.decision, name="course_decision"),
    path("courses/<uuid:pk>/pause/", views.pause, name="course_pause"),
    path("courses/<uuid:pk>/resume/", views.resume, name="course_resume"),
    path("courses/<uuid:pk>/stop/", views.stop, name="course_stop"),
    path("appointments/", appointments.days, name="appointment_list"),
    path("appointments/<uuid:pk>/cancel/", appointments.cancel, name="appointment_cancel"),
    path("appointments/<uuid:pk>/miss/", appointments.miss, name="appointment_miss"),
    path("clinic/opening-hours/", appointments.opening_hours, name="clinic_opening_hours"),
]
