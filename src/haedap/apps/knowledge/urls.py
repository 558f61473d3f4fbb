"""Addresses of the centre's knowledge."""

from django.urls import path

from haedap.apps.knowledge import approval_views, edit_views, file_views, views, work_views

_VERSION = "knowledge/articles/<slug:code>/versions/<int:number>"

urlpatterns = [
    path("knowledge/", views.articles, name="articles"),
    path("knowledge/new", edit_views.new, name="article_new"),
    path("knowledge/preview", edit_views.preview, name="article_preview"),
    path("knowledge/propose", work_views.propose, name="article_propose"),
    path("knowledge/missing/", work_views.missing, name="article_gaps"),
    path("knowledge/missing/<slug:source>/<int:gap>", work_views.settle_gap, name="article_gap_settle"),
    path("knowledge/wrong/", work_views.wrong, name="article_ratings"),
    path("knowledge/wrong/<int:rating>", work_views.settle_rating, name="article_rating_settle"),
    path("knowledge/import/", file_views.start, name="article_files"),
    path("knowledge/import/starting", file_views.starting_set, name="article_starting"),
    path("knowledge/import/<uuid:draft>/", file_views.preview, name="article_import_preview"),
    path("knowledge/import/<uuid:draft>/confirm", file_views.confirm, name="article_import_confirm"),
    path("knowledge/export/<slug:form>", file_views.export, name="article_export"),
    path("knowledge/files/<uuid:key>", file_views.file, name="article_file"),
    path("knowledge/articles/<slug:code>/", views.article, name="article"),
    path("knowledge/articles/<slug:code>/edit", edit_views.edit, name="article_edit"),
    path("knowledge/articles/<slug:code>/withdraw", edit_views.withdraw, name="article_withdraw"),
    path("knowledge/articles/<slug:code>/rate", work_views.rate, name="article_rate"),
    path("knowledge/articles/<slug:code>/export/<slug:form>", file_views.export_one, name="article_export_one"),
    path(f"{_VERSION}/", views.version, name="article_version"),
    path(f"{_VERSION}/differences", views.differences, name="article_differences"),
    path(f"{_VERSION}/submit", edit_views.submit, name="article_submit"),
    path(f"{_VERSION}/take-back", edit_views.take_back, name="article_take_back"),
    path(f"{_VERSION}/discard", edit_views.discard, name="article_discard"),
    path(f"{_VERSION}/attach", edit_views.attach, name="article_attach"),
    path(f"{_VERSION}/detach/<int:attachment>", edit_views.detach, name="article_detach"),
    path(f"{_VERSION}/ask", approval_views.ask, name="article_ask"),
    path(f"{_VERSION}/approve", approval_views.approve, name="article_approve"),
    path(f"{_VERSION}/send-back", approval_views.send_back, name="article_send_back"),
    path("k/done", approval_views.officer_done, name="article_approval_done"),
    path("k/<str:token>", approval_views.officer, name="article_approval"),
    path("k/<str:token>/answer", approval_views.officer_answer, name="article_approval_answer"),
    path("k/<str:token>/files/<int:attachment>", approval_views.officer_file, name="article_approval_file"),
]
