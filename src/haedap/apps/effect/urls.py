"""Addresses of the effect."""

from django.urls import path

from haedap.apps.effect import views

urlpatterns = [
    path("effect/", views.effect, name="effect"),
    path("effect/effect.csv", views.effect_csv, name="effect_csv"),
]
