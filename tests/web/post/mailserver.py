"""A real SMTP server on this machine, which takes, refuses, puts off or breaks off as a test says."""

import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class MailServer:
    """What the server answers, by recipient (`recipients`), sender, and after the text; and what it took.

    cut: recipients at whose text it hangs up; after: how many it answers before it does, None for all.
    """

    recipients: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    sender: str = ""
    cut: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    taken: list[EmailMessage] = field(default_factory=list)
    tried: Counter[str] = field(default_factory=Counter)
    users: list[str] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    @property
    def got(self) -> list[str]:
        """To whom something was taken, in order."""
        return [str(mail["To"].addresses[0].addr_spec) for mail in self.taken]

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender:
            return self.sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.tried[address] += 1
        if address in self.recipients:
            return self.recipients[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        (address,) = envelope.rcpt_tos
        if address in self.cut:
            cast(Any, server).transport.abort()
            return ""
        if address in self.texts:
            return self.texts[address]
        self.raw.append(cast(bytes, envelope.content))
        self.taken.append(cast(EmailMessage, message_from_bytes(self.raw[-1], policy=policy.default)))
        self.secure.append(session.ssl is not None)
        if address in self.lost:
            cast(Any, server).transport.abort()
        return "250 OK"

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        known = isinstance(data, LoginPassword) and data == LoginPassword(b"kaohe", b"correct horse")
        if known:
            self.users.append("kaohe")
        return AuthResult(success=known, handled=False)


@contextmanager
def serving(
    server: MailServer, port: int = 0, tls: ssl.SSLContext | None = None, *, login: bool = False
) -> Iterator[int]:
    """Run a server; gives its port, which is a free one unless it is named."""
    options: dict[str, Any] = {"tls_context": tls, "require_starttls": tls is not None, "decode_data": False}
    if login:
        options |= {"authenticator": server.authenticate, "auth_required": True, "auth_require_tls": tls is not None}
    controller = Controller(server, hostname="127.0.0.1", port=port or free_port(), ready_timeout=5, **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def free_port() -> int:
    """A port where nothing listens."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
