"""Addresses of the ledger's export."""

from django.urls import path

from kaohe.web.training import views

urlpatterns = [path("<int:pk>/export/", views.export, name="round-export")]
