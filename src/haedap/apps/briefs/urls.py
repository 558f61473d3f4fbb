"""Addresses of briefs. Short, for they are sent in messages."""

from django.urls import path

from haedap.apps.briefs import views

urlpatterns = [
    path("b/<str:token>", views.brief, name="brief"),
    path("b/<str:token>/answer", views.answer, name="brief_answer"),
]
