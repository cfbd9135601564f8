"""What the doctor asks of mail: whether the server answers, takes the login, and what waits for it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Min

from kaohe.web.config.configuration import Configuration
from kaohe.web.config.finding import Finding, bad, good, warn
from kaohe.web.config.safety import is_loopback
from kaohe.web.config.settings import mail_password

LONGEST_WAIT = timedelta(days=1)
PATIENCE = 10
"""Seconds that the server has to answer the doctor."""


def mail(configuration: Configuration, now: datetime) -> Iterator[Finding]:
    """Look for a mail server that answers, and for messages that have waited for a day."""
    if not configuration.smtp_host:
        yield warn(
            "没有配置邮件服务器：邮件等着，系统里的通知照常", "there is no mail server: mail waits, notices in the system go on",
            "在 kaohe.toml 里写 smtp_host 和 mail_from，再重启", "write smtp_host and mail_from into kaohe.toml, and restart",
        )  # fmt: skip
    else:
        yield from _server(configuration)
    yield from _waiting(now)


def _server(configuration: Configuration) -> Iterator[Finding]:
    from kaohe.web.post.smtp import TROUBLE, Server, words_of

    server = Server(
        host=configuration.smtp_host.strip("[]"), port=configuration.smtp_port, username=configuration.smtp_user,
        password=mail_password(configuration), use_tls=configuration.smtp_tls == "starttls",
        use_ssl=configuration.smtp_tls == "tls", timeout=PATIENCE, ca=configuration.smtp_ca,
    )  # fmt: skip
    named = f"{configuration.smtp_host}:{configuration.smtp_port}"
    try:
        server.open()
    except TROUBLE as error:
        said = words_of(error)
        yield bad(
            f"邮件服务器 {named} 用不了：{said}", f"the mail server {named} cannot be used: {said}",
            "对照 docs/deployment.zh.md 的“邮件”一节查设置和网络", "check settings and network by the section on mail in docs/deployment.md",
        )  # fmt: skip
    else:
        yield good(f"邮件服务器 {named} 连得上", f"the mail server {named} answers")
    finally:
        server.leave()
    if configuration.smtp_user and configuration.smtp_tls == "none" and not is_loopback(configuration.smtp_host):
        yield warn(
            "邮件服务器的密码明文经过网络", "the mail server's password crosses the network in the clear",
            "把 smtp_tls 改为 starttls 或 tls", "set smtp_tls to starttls or tls",
        )  # fmt: skip


def _waiting(now: datetime) -> Iterator[Finding]:
    from kaohe.web.post.models import Message, State

    waiting = Message.objects.filter(state=State.QUEUED, letter__settled_at__lt=now - LONGEST_WAIT)
    count, since = waiting.count(), waiting.aggregate(since=Min("letter__settled_at"))["since"]
    if count:
        yield warn(
            f"{count} 封邮件等了一天以上，最早的 {since:%Y-%m-%d}", f"mails that have waited for over a day: {count}, the first since {since:%Y-%m-%d}",
            "发件人在发件箱里看得到原因，也可以不再发", "their senders see the reason in the outbox, and can drop them",
        )  # fmt: skip
