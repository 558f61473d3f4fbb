"""Addresses of the wallboard."""

from django.urls import path

from haedap.apps.wallboard import views

urlpatterns = [
    path("wallboard/", views.wallboard, name="wallboard"),
    path("wallboard/figures/<slug:key>/", views.figure, name="figure"),
]
