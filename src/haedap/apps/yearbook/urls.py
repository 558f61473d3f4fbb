"""Addresses of the yearbook."""

from django.urls import path

from haedap.apps.yearbook import views

urlpatterns = [
    path("yearbook/", views.yearbooks, name="yearbooks"),
    path("yearbook/<int:edition>/", views.yearbook, name="yearbook"),
    path("yearbook/<int:edition>/text", views.text, name="yearbook_text"),
    path("yearbook/<int:edition>/proposal", views.proposal, name="yearbook_proposal"),
    path("yearbook/<int:edition>/make", views.make, name="yearbook_make"),
    path("yearbook/<int:edition>/book/", views.book, name="yearbook_book"),
    path("yearbook/<int:edition>/<slug:form>", views.download, name="yearbook_file"),
]
