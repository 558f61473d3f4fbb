"""Addresses of reports."""

from django.urls import path

from haedap.apps.reports import schedule_views, views

urlpatterns = [
    path("reports/", views.report, name="reports"),
    path("reports/report.<slug:form>", views.report_file, name="report_file"),
    path("reports/agents", views.agents, name="report_agents"),
    path("reports/figures/<slug:key>/", views.figure, name="report_figure"),
    path("reports/mine/", views.mine, name="my_reports"),
    path("reports/mine/figures/<slug:key>/", views.my_figure, name="my_report_figure"),
    path("reports/schedules/", schedule_views.schedules, name="report_schedules"),
    path("reports/schedules/new", schedule_views.schedule, name="new_report_schedule"),
    path("reports/schedules/<int:key>/", schedule_views.schedule, name="report_schedule"),
    path(
        "reports/schedules/<int:key>/send", schedule_views.schedule_step, {"step": "send"}, name="send_report_schedule"
    ),
    path(
        "reports/schedules/<int:key>/remove",
        schedule_views.schedule_step,
        {"step": "remove"},
        name="remove_report_schedule",
    ),
]
