"""Addresses of the desk."""

from django.urls import path

from kaohe.web.desk import views

urlpatterns = [
    path("", views.home, name="home"),
    path("display/", views.display, name="display"),
    path("help/", views.own_help, name="help"),
    path("help/<slug:role>/", views.help_page, name="help-of"),
    path("styleguide/", views.styleguide, name="styleguide"),
]
