"""Addresses of the suggestions."""

from django.urls import path

from haedap.apps.suggestions import views

urlpatterns = [path("effect/suggestions/", views.suggestions, name="suggestions")]
