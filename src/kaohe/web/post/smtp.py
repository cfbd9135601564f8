"""The mail server of the deployment, spoken to through Django, with the certificate authority that the settings name."""

import smtplib
import ssl
import unicodedata
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend

LONGEST = 300
TROUBLE = (smtplib.SMTPException, OSError, UnicodeError)
"""What speaking to a server can raise."""


class Server(EmailBackend):
    """Django's way to a mail server; `ca`: the file of the authority that signed its certificate, in place of the machine's."""

    def __init__(self, *args: Any, ca: str | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self._ca = settings.EMAIL_CA if ca is None else ca

    @cached_property
    def ssl_context(self) -> ssl.SSLContext:
        """What a certificate is held against."""
        return ssl.create_default_context(cafile=self._ca or None)

    def leave(self) -> None:
        """End the connection; a server that is gone already is none the worse for it."""
        try:
            self.close()
        except TROUBLE:
            self.connection = None


def words_of(error: BaseException) -> str:
    """Return what a server said, or what kept it from saying anything, as one line."""
    code = getattr(error, "smtp_code", None)
    said = getattr(error, "smtp_error", None)
    if isinstance(error, UnicodeError):
        return type(error).__name__  # its text would hold a character of a name or of the password
    if said is None:
        return line_of(str(error) or type(error).__name__)
    return server_line(code, said)


def server_line(code: int | None, said: bytes | str) -> str:
    """Return a server's answer as one line, with its number.

    >>> server_line(550, b"5.1.1 no such\\r\\n user")
    '550 5.1.1 no such user'
    """
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return line_of(f"{code or ''} {text}")


def line_of(text: str) -> str:
    """Return a text as one line of printable characters."""
    plain = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text)
    return " ".join(plain.split())[:LONGEST]
