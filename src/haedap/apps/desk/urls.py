"""Addresses of the desk."""

from django.urls import path

from haedap.apps.desk import views

urlpatterns = [path("desk/", views.desk, name="desk")]
