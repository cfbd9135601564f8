"""Addresses of accounts and sign-in."""

from allauth.account.views import login, logout
from django.urls import path

from kaohe.web.accounts import views

urlpatterns = [
    path("sign-in/", login, name="sign-in"),
    path("sign-out/", logout, name="sign-out"),
    path("account/", views.account, name="account"),
    path("accounts/", views.accounts, name="accounts"),
]
