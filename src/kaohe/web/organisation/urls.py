"""Addresses."""

from django.urls import path

from kaohe.web.organisation import views

urlpatterns = [
    path("units/", views.units, name="units"),
    path("people/", views.people, name="people"),
]
