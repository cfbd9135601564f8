"""Addresses."""

from django.urls import path

from kaohe.web.intake import views

urlpatterns = [
    path("", views.imports, name="imports"),
]
