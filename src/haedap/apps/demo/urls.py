"""Addresses of the demo."""

from django.urls import path

from haedap.apps.demo import views

urlpatterns = [path("demo/phone", views.phone, name="demo_phone")]
