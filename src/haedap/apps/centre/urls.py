"""Addresses of the centre's configuration."""

from django.urls import path

from haedap.apps.centre import csv_views, prompts, queue_views, topics, views

urlpatterns = [
    path("", views.start, name="centre"),
    path("settings", views.settings, name="centre_settings"),
    path("prompts/", prompts.prompts, name="prompts"),
    path("prompts/new", prompts.add, name="prompt_new"),
    path("prompts/<slug:pk>/", prompts.prompt, name="prompt"),
    path("prompts/<slug:pk>/upload", prompts.upload, name="prompt_upload"),
    path("prompts/<slug:pk>/drop-upload", prompts.drop_upload, name="prompt_drop_upload"),
    path("prompts/<slug:pk>/remove", prompts.remove, name="prompt_remove"),
    path("prompts/<slug:pk>/sound", prompts.sound, name="prompt_sound"),
    path("hours/<slug:pk>/days", views.add_day, name="centre_add_day"),
    path("hours/<slug:pk>/days/<int:day>/remove", views.remove_day, name="centre_remove_day"),
    path("queues/<slug:pk>/overflows", queue_views.add_overflow, name="centre_add_overflow"),
    path("queues/<slug:pk>/overflows/<int:rule>/remove", queue_views.remove_overflow, name="centre_remove_overflow"),
    path("queues/<slug:pk>/widenings", queue_views.add_widening, name="centre_add_widening"),
    path("queues/<slug:pk>/widenings/<int:rule>/remove", queue_views.remove_widening, name="centre_remove_widening"),
    path("topics/", topics.tree, name="topics"),
    path("topics/new", topics.add, name="topic_new"),
    path("topics/<int:topic>/", topics.edit, name="topic"),
    path("topics/<int:topic>/move", topics.move, name="topic_move"),
    path("topics/<int:topic>/remove", topics.remove, name="topic_remove"),
    path("<slug:key>/export", csv_views.export, name="centre_export"),
    path("<slug:key>/import", csv_views.take_in, name="centre_import"),
    path("<slug:key>/", views.section, name="centre_section"),
    path("<slug:key>/new", views.add, name="centre_add"),
    path("<slug:key>/<slug:pk>/", views.edit, name="centre_edit"),
    path("<slug:key>/<slug:pk>/remove", views.remove, name="centre_remove"),
]
