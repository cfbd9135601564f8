"""Addresses of where everyone stands: a unit, a person, the city."""

from django.urls import path

from kaohe.web.standing import city_views, handbook_views, remind, unit_views

urlpatterns = [
    # --- a unit
    path("standing/", unit_views.mine, name="my-standing"),
    path("rounds/<int:round_pk>/units/<int:pk>/", unit_views.standing, name="standing"),
    path("rounds/<int:round_pk>/units/<int:pk>/lacking/<str:criterion>/", unit_views.lacking, name="standing-lacking"),
    path("rounds/<int:round_pk>/units/<int:pk>/remind/<str:criterion>/", remind.remind, name="remind"),
    # --- a person
    path("handbook/", handbook_views.mine, name="my-handbook"),
    path("handbook/<int:pk>/", handbook_views.current, name="person-handbook"),
    path("rounds/<int:round_pk>/people/<int:pk>/", handbook_views.handbook, name="handbook"),
    path("rounds/<int:round_pk>/people/<int:pk>/sheet.pdf", handbook_views.sheet, name="record-sheet"),
    # --- the city
    path("rounds/<int:pk>/city/", city_views.city, name="round-city"),
]
