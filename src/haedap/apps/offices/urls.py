"""Addresses of the offices."""

from django.urls import path

from haedap.apps.offices import import_views, officer_views, views

urlpatterns = [
    path("", views.offices, name="offices"),
    path("search", views.search_json, name="offices_search"),
    path("new", views.department_new, name="department_new"),
    path("<int:department>/", views.department, name="department"),
    path("<int:department>/edit", views.department_edit, name="department_edit"),
    path("<int:department>/duties/new", views.duty_new, name="duty_new"),
    path("duties/<int:duty>/", views.duty_edit, name="duty_edit"),
    path("duties/<int:duty>/remove", views.duty_remove, name="duty_remove"),
    path("<int:department>/officers/new", officer_views.officer_new, name="officer_new"),
    path("officers/<int:officer>/", officer_views.officer, name="officer"),
    path("officers/<int:officer>/edit", officer_views.officer_edit, name="officer_edit"),
    path("officers/<int:officer>/deputies", officer_views.deputies, name="officer_deputies"),
    path("officers/<int:officer>/absences", officer_views.absence_add, name="absence_add"),
    path("officers/<int:officer>/absences/<int:absence>/remove", officer_views.absence_remove, name="absence_remove"),
    path("synonyms/", views.synonyms, name="synonyms"),
    path("synonyms/<int:synonym>/remove", views.synonym_remove, name="synonym_remove"),
    path("import/", import_views.start, name="offices_import"),
    path("import/directory", import_views.directory, name="offices_import_directory"),
    path("import/<uuid:draft>/", import_views.preview, name="offices_preview"),
    path("import/<uuid:draft>/confirm", import_views.confirm, name="offices_confirm"),
    path("officers.csv", import_views.download, name="offices_download"),
]
