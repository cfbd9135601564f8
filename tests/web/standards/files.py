"""Files of standards for tests: the one of 2010, and what a person makes of it."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from kaohe.standard.files import read_standard
from kaohe.web.organisation.models import Unit

CONTENT = read_standard("benxi-2010").content
TEXT = CONTENT.decode()
NEW = "/standards/new/"


def edited(*changes: tuple[str, str]) -> bytes:
    """The standard of 2010 with pieces of its text replaced, each at its first place."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text.encode()


SECOND = edited(('version: "1"', 'version: "2"'), ("at_least: 90.00", "at_least: 85.00"))
"""A second version, in which the first band begins lower."""


def send(client: Client, authority: Unit, content: bytes, name: str = "standard.yaml") -> HttpResponse:
    """Send a file for an authority."""
    file = SimpleUploadedFile(name, content)
    return client.post(NEW, {"authority": authority.pk, "file": file})  # type: ignore[return-value]
