"""Addresses."""

from django.urls import path

from kaohe.web.intake import views

urlpatterns = [
    path("", views.imports, name="imports"),
    path("new/", views.new, name="import-new"),
    path("templates/<slug:table>.xlsx", views.template, name="import-template"),
    path("<int:pk>/", views.one, name="import"),
    path("<int:pk>/progress/", views.progress, name="import-progress"),
    path("<int:pk>/annotated/", views.annotated, name="import-annotated"),
    path("<int:pk>/confirm/", views.confirm, name="import-confirm"),
    path("<int:pk>/drop/", views.drop, name="import-drop"),
    path("<int:pk>/read-again/", views.read_again, name="import-read-again"),
    path("<int:pk>/take-back/", views.take_back, name="import-take-back"),
]
