"""Addresses."""

from django.urls import path

from kaohe.web.journal import views

urlpatterns = [
    path("", views.journal, name="journal"),
    path("security/", views.security_log, name="security-log"),
]
