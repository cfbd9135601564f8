"""Somebody at the desk: signed in, with nothing owed."""

import pytest
from django.test import Client

from kaohe.web.accounts.models import User
from tests.web.city import City
from tests.web.conftest import SignIn


@pytest.fixture
def at_desk(city: City) -> SignIn:
    """Sign in as an account of the city; demo accounts owe no second factor."""

    def sign_in(username: str) -> Client:
        User.objects.filter(username=username).update(demo=True)
        client = Client()
        client.force_login(User.objects.get(username=username))
        return client

    return sign_in
