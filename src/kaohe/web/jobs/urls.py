"""Addresses."""

from django.urls import path

from kaohe.web.jobs import views

urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("system/", views.jobs, name="system"),
]
