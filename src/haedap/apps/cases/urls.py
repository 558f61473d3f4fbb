"""Addresses of cases. Those of offices are short, for they are sent in messages."""

from django.urls import path

from haedap.apps.cases import office_views, views

urlpatterns = [
    path("c/<str:token>", office_views.case_at_office, name="case_at_office"),
    path("c/<str:token>/<slug:step>", office_views.act_at_office, name="act_at_office"),
    path("cases/", views.cases, name="cases"),
    path("cases/cases.csv", views.cases_csv, name="cases_csv"),
    path("cases/<uuid:case>/", views.case, name="case"),
    path("cases/<uuid:case>/told", views.told, name="case_told"),
    path("cases/<uuid:case>/withdraw", views.withdraw, name="case_withdraw"),
]
