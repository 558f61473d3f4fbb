"""Addresses of the directory."""

from django.urls import path

from haedap.apps.directory import public_views, views

urlpatterns = [
    path("directory/", views.directory, name="directory"),
    path("directory/groups/", views.groups, name="directory_groups"),
    path("directory/groups/<int:group>/", views.group, name="directory_group"),
    path("directory/groups/<int:group>/remove", views.group_remove, name="directory_group_remove"),
    path("directory/<slug:quarter>/", views.edition, name="directory_edition"),
    path("directory/<slug:quarter>/look-again", views.look_again, name="directory_look_again"),
    path("directory/<slug:quarter>/add", views.add, name="directory_add"),
    path("directory/<slug:quarter>/publish", views.publish, name="directory_publish"),
    path("directory/<slug:quarter>/take-back", views.take_back, name="directory_take_back"),
    path("directory/<slug:quarter>/files/<slug:form>", views.file, name="directory_file"),
    path("directory/<slug:quarter>/entries/<int:entry>/", views.entry, name="directory_entry"),
    path("directory/<slug:quarter>/entries/<int:entry>/<slug:step>", views.act, name="directory_act"),
    path("life-numbers/", public_views.life_numbers, name="life_numbers"),
    path("life-numbers/life-numbers.vcf", public_views.life_numbers_vcard, name="life_numbers_vcard"),
]
