"""Addresses of units and people."""

from django.urls import path

from kaohe.web.organisation import views

urlpatterns = [
    path("units/", views.units, name="units"),
    path("units/<int:pk>/", views.unit, name="unit"),
    path("units/<int:pk>/edit/", views.edit, name="unit-edit"),
    path("people/", views.people, name="people"),
    path("people/<int:pk>/", views.person, name="person"),
]
