"""Addresses of rounds."""

from django.urls import path

from kaohe.web.rounds import views

urlpatterns = [
    path("", views.rounds, name="rounds"),
    path("new/", views.new, name="round-new"),
    path("<int:pk>/", views.one_round, name="round"),
    path("<int:pk>/change/", views.change, name="round-change"),
    path("<int:pk>/remove/", views.remove, name="round-remove"),
    path("<int:pk>/open/", views.open_, name="round-open"),
    path("<int:pk>/close/", views.close, name="round-close"),
]
