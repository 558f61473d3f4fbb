"""Addresses of the radar."""

from django.urls import path

from haedap.apps.radar import views

urlpatterns = [
    path("radar/", views.radar, name="radar"),
    path("radar/<int:alarm>/", views.alarm, name="radar_alarm"),
    path("radar/<int:alarm>/<slug:step>", views.decide, name="radar_decide"),
    path("radar/pins/new", views.new_pin, name="radar_pin"),
    path("radar/pins/<int:pin>/off", views.take_off, name="radar_pin_off"),
    path("radar/contacts/<uuid:contact>", views.link, name="radar_link"),
]
