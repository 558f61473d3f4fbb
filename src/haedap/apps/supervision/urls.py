"""Addresses of supervision."""

from django.urls import path

from haedap.apps.supervision import views

urlpatterns = [
    path("supervision/", views.floor, name="supervision"),
    path("supervision/flags/", views.flagged_numbers, name="flagged_numbers"),
    path("supervision/flags/<int:flag>/extend", views.extend, name="flag_extend"),
    path("supervision/flags/<int:flag>/lift", views.lift, name="flag_lift"),
]
