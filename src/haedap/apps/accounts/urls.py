"""Addresses of log-in and people."""

from django.urls import path

from haedap.apps.accounts import people, views

urlpatterns = [
    path("", views.home, name="home"),
    path("login", views.log_in, name="login"),
    path("logout", views.log_out, name="logout"),
    path("password", views.password, name="password"),
    path("centre/people/", people.people, name="people"),
    path("centre/people/new", people.create, name="person_new"),
    path("centre/people/<int:account>/", people.person, name="person"),
    path("centre/people/<int:account>/password", people.new_password, name="person_password"),
    path("centre/people/<int:account>/unlock", people.unlock, name="person_unlock"),
    path("centre/people/<int:account>/telephone", people.telephone, name="person_telephone"),
]
