"""Addresses of standards."""

from django.urls import path

from kaohe.web.standards import views

urlpatterns = [
    path("", views.standards, name="standards"),
    path("new/", views.new, name="standard-new"),
    path("library/", views.take, name="standard-take"),
    path("compare/", views.compare, name="standard-compare"),
    path("<int:pk>/", views.standard, name="standard"),
    path("<int:pk>/file/", views.file, name="standard-file"),
    path("<int:pk>/remove/", views.remove, name="standard-remove"),
]
