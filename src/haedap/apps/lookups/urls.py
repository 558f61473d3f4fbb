"""Addresses of the systems' configuration."""

from django.urls import path

from haedap.apps.lookups import views

urlpatterns = [
    path("", views.systems, name="systems"),
    path("new", views.add, name="system_new"),
    path("<slug:key>/", views.edit, name="system"),
    path("<slug:key>/fields", views.fields, name="system_fields"),
    path("<slug:key>/secrets", views.secrets, name="system_secrets"),
    path("<slug:key>/try", views.try_it, name="system_try"),
    path("<slug:key>/remove", views.remove, name="system_remove"),
]
