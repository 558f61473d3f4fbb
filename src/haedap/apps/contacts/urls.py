"""Addresses of the record."""

from django.urls import path

from haedap.apps.contacts import access_log, citizen_views, listening, views

urlpatterns = [
    path("contacts/", views.contacts, name="contacts"),
    path("contacts/search", views.seek, name="contacts_search"),
    path("contacts/<uuid:contact>/", views.contact, name="contact"),
    path("contacts/<uuid:contact>/listen", views.listen, name="contact_listen"),
    path("contacts/<uuid:contact>/citizen", views.name_citizen, name="contact_citizen"),
    path("contacts/<uuid:contact>/recording", listening.recording, name="contact_recording"),
    path("citizens/<int:citizen>/", citizen_views.citizen, name="citizen"),
    path("citizens/<int:citizen>/same/", citizen_views.same, name="citizen_same"),
    path("citizens/<int:citizen>/same/search", citizen_views.seek_same, name="citizen_same_search"),
    path("citizens/<int:citizen>/merge", citizen_views.merge, name="citizen_merge"),
    path("citizens/<int:citizen>/split", citizen_views.split, name="citizen_split"),
    path("citizens/<int:citizen>/numbers", citizen_views.add_number, name="citizen_number_add"),
    path("citizens/<int:citizen>/numbers/<int:row>", citizen_views.remove_number, name="citizen_number_remove"),
    path("centre/access-log/", access_log.access_log, name="access_log"),
]
