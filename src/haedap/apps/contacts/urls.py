"""Addresses of the record."""

from django.urls import path

from haedap.apps.contacts import access_log, listening, views

urlpatterns = [
    path("contacts/", views.contacts, name="contacts"),
    path("contacts/search", views.seek, name="contacts_search"),
    path("contacts/<uuid:contact>/", views.contact, name="contact"),
    path("contacts/<uuid:contact>/listen", views.listen, name="contact_listen"),
    path("contacts/<uuid:contact>/citizen", views.name_citizen, name="contact_citizen"),
    path("contacts/<uuid:contact>/recording", listening.recording, name="contact_recording"),
    path("centre/access-log/", access_log.access_log, name="access_log"),
]
