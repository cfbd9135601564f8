"""A message as mail: headers in which nobody can write another, a text that any server passes on."""

from email.charset import BASE64, Charset
from email.header import Header
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

from kaohe.web.post.drafting import usable
from kaohe.web.post.models import Message
from kaohe.web.post.smtp import line_of

UTF8 = Charset("utf-8")
UTF8.body_encoding = BASE64


class Mail(EmailMessage):
    """Django's mail; a long subject is folded with room for its name, or it would arrive with a blank before it."""

    def message(self) -> Any:
        """Return it as it is sent."""
        made = super().message()
        subject = str(self.subject)
        if not subject.isascii():
            made.replace_header("Subject", Header(subject, "utf-8", header_name="Subject"))
        return made


def mail_of(message: Message) -> EmailMessage:
    """Return a message as mail; ValueError where it cannot be one.

    The text travels as base64: old servers on the way cut long lines and lose the eighth bit.
    """
    answer_to = message.letter.by.person
    mail = Mail(
        line_of(message.subject), message.body, settings.DEFAULT_FROM_EMAIL, [_addressed(message.name, message.address)],
        reply_to=[_addressed(answer_to.name, usable(answer_to.email))] if answer_to and usable(answer_to.email) else None,
        headers={"Message-ID": message.mail_id},
    )  # fmt: skip
    mail.encoding = UTF8
    return mail


def mail_id_of(message: Message) -> str:
    """Return the Message-ID of a message; it is kept with it from the first attempt on."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{message.letter.token}.{message.pk}@{domain}>"


def _addressed(name: str, address: str) -> str:
    return str(Address(display_name=line_of(name), addr_spec=address))
