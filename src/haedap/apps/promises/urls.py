"""Addresses of promises, and of the page on which citizens write."""

from django.urls import path

from haedap.apps.promises import message_views, views

urlpatterns = [
    path("promises/", views.promises, name="promises"),
    path("promises/promises.csv", views.promises_csv, name="promises_csv"),
    path("promises/<uuid:promise>/", views.promise, name="promise"),
    path("promises/<uuid:promise>/listen", views.listen, name="promise_listen"),
    path("promises/<uuid:promise>/call-now", views.call_now, name="promise_call_now"),
    path("promises/<uuid:promise>/put-off", views.put_off, name="promise_put_off"),
    path("promises/<uuid:promise>/give", views.give, name="promise_give"),
    path("promises/<uuid:promise>/settle", views.settle, name="promise_settle"),
    path("message", message_views.write, name="message"),
    path("message/sent", message_views.sent, name="message_sent"),
]
