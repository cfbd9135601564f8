"""Addresses of the desk."""

from django.urls import path

from kaohe.web.desk import views

urlpatterns = [
    path("", views.home, name="home"),
    path("help/", views.help_page, name="help"),
]
