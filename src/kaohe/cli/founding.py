"""`kaohe init`: a deployment founded, with its first account; asked in the terminal what was not said.

It is there whole, or not at all: interrupted or failed, nothing stays behind. The settings are put in place last.
"""

import argparse
import getpass
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kaohe.cli import server
from kaohe.cli.console import Console
from kaohe.fault import BadInput, Fault, Faults, Place
from kaohe.web.config import deployment
from kaohe.web.config.configuration import Configuration, file_of, toml


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: its option, its words, what it is where nothing is typed, and what an answer looks like."""

    key: str
    zh: str
    en: str
    default: str = ""
    form: str = r"[^\x00-\x1f\x7f]{1,200}"

    @property
    def option(self) -> str:
        """The option by which it is answered."""
        return f"--{self.key.replace('_', '-')}"


MAYBE = r"[^\x00-\x1f\x7f]{0,200}"
QUESTIONS = (
    Question("title", "系统名称（红头）", "title of the system (its letterhead)", "行政机关公务员基本功训练考核"),
    Question("office", "主办单位", "the office that runs it", form=MAYBE),
    Question("contact", "登录不了时找谁（电话、时间）", "whom to call when one cannot sign in", form=MAYBE),
    Question("authority_code", "主管机关代码", "code of the authority", "0001", r"[^\s/\\\x00-\x1f\x7f]{1,60}"),
    Question("authority_name", "主管机关名称", "name of the authority"),
    Question(
        "username",
        "安全管理员用户名",
        "user name of the security administrator",
        "security",
        r"[A-Za-z0-9][A-Za-z0-9._-]{1,59}",
    ),
    Question("name", "安全管理员姓名", "name of the security administrator", form=r"[^\x00-\x1f\x7f]{1,100}"),
)
Answers = dict[str, str]


def run(options: argparse.Namespace, console: Console) -> int:
    """Found a deployment; with `--certificate` also give it, or one that is there, a certificate of its own authority."""
    home = server.home_of(options)
    settings = file_of(os.environ, home)
    if settings.exists():
        if not options.certificate:
            raise BadInput(Faults.of([Fault("home_taken", Place(str(home)))]))
        _certify(server.opened(options), options.host, settings, console)
        return 0
    if home.exists() and any(home.iterdir()):
        raise BadInput(Faults.of([Fault("place_not_empty", Place(str(home)))]))
    answers = _asked(options, console) if sys.stdin.isatty() else _given(options)
    with _whole_or_nothing(home, settings):
        _found(home, settings, answers, options, console)
    console.say(
        f"建好了：{home}　启动：kaohe serve --home {home}", f"Founded: {home}   start it: kaohe serve --home {home}"
    )
    return 0


def _given(options: argparse.Namespace) -> Answers:
    """Return what the options say; every answer that is missing or will not do is named."""
    found = {q.key: getattr(options, q.key) for q in QUESTIONS}
    answers = {q.key: q.default if found[q.key] is None else found[q.key].strip() for q in QUESTIONS}
    faults = [
        Fault("answer_missing", Place(q.option)) if not answers[q.key] else Fault("answer_unfit", Place(q.option), answers[q.key])
        for q in QUESTIONS
        if not re.fullmatch(q.form, answers[q.key])
    ]  # fmt: skip
    if faults:
        raise BadInput(Faults.of(faults))
    return answers


def _asked(options: argparse.Namespace, console: Console) -> Answers:
    """Ask what the options do not say, until it will do."""
    return {q.key: _answer(q, getattr(options, q.key), console) for q in QUESTIONS}


def _answer(question: Question, said: str | None, console: Console) -> str:
    words = question.zh if console.language == "zh" else question.en
    while said is None or not re.fullmatch(question.form, said):
        if said:
            console.say("这样写不行，再写一遍。", "That will not do. Write it again.")
        try:
            said = input(f"{words}{f' [{question.default}]' if question.default else ''}: ").strip() or question.default
        except EOFError:
            raise KeyboardInterrupt from None
    return said


@contextmanager
def _whole_or_nothing(home: Path, settings: Path) -> Iterator[None]:
    """Where founding fails or is interrupted, leave the place as it was found."""
    existed = home.exists()
    try:
        yield
    except BaseException:
        _forsake(home, existed)
        shutil.rmtree(_draft_of(settings).parent, ignore_errors=True)
        raise


def _forsake(home: Path, existed: bool) -> None:
    from django.conf import settings

    if settings.configured and _founding.begun:
        deployment.empty_database()
    for path in list(home.iterdir()) if home.exists() else []:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if not existed and home.exists():
        home.rmdir()


class _Founding:
    """Whether the database was found empty, so that what is in it now is ours."""

    begun = False


_founding = _Founding()


def _draft_of(settings: Path) -> Path:
    return settings.parent / ".init" / settings.name


def _found(home: Path, settings: Path, answers: Answers, options: argparse.Namespace, console: Console) -> None:
    deployment.make_secret(home)
    draft = _draft_of(settings)
    deployment.write_private(draft, _settings(answers, options))
    kept = os.environ.get("KAOHE_CONFIG")
    found = server.awake({"KAOHE_HOME": str(home), "KAOHE_CONFIG": str(draft)})
    if found.database != "sqlite":
        server.reach(found)
    if not deployment.is_database_empty():
        raise BadInput(Faults.of([Fault("database_not_empty", Place(found.shown_database))]))
    _founding.begun = True
    password = _password(answers["username"], console) if sys.stdin.isatty() else None
    with server.permitted(found):
        deployment.migrate()
    _first_account(answers, password, console)
    if options.certificate:
        _certify(found, options.host, draft, console)
    deployment.collect_static(found)
    draft.replace(settings)
    draft.parent.rmdir()
    del os.environ["KAOHE_CONFIG"]
    if kept:
        os.environ["KAOHE_CONFIG"] = kept


def _settings(answers: Answers, options: argparse.Namespace) -> str:
    """Return the settings as a file that an administrator can go on editing."""
    said: dict[str, object] = {key: answers[key] for key in ("title", "office", "contact")}
    said["hosts"] = [*dict.fromkeys(["127.0.0.1", "localhost", *options.host])]
    if options.database:
        said["database"] = options.database
    lines = [f"{name} = {toml(value)}\n" for name, value in said.items()]
    return "".join(["# docs/deployment.zh.md, docs/deployment.md\n", *lines])


def _certify(found: Configuration, hosts: list[str], settings: Path, console: Console) -> None:
    """Make a certificate, and name it in the settings where they name none."""
    from django.utils import timezone

    from kaohe.web.config import certificates

    names = [*dict.fromkeys([*hosts, *found.hosts])]
    certificate, _ = certificates.make(found.keys, found.title, names, timezone.now())
    text = settings.read_text(encoding="utf-8")
    if not re.search(r"^\s*tls_cert\s*=", text, re.MULTILINE):
        end = "" if text.endswith("\n") else "\n"
        settings.write_text(f'{text}{end}tls_cert = "keys/server.crt"\ntls_key = "keys/server.key"\n', encoding="utf-8")
    console.say(
        f"证书：{certificate}（{'、'.join(names)}）。各电脑的浏览器导入一次 {found.keys / 'ca.crt'}。",
        f"Certificate: {certificate} ({', '.join(names)}). Import {found.keys / 'ca.crt'} into each computer's browser, once.",
    )
    lacking = [name for name in hosts if name not in found.hosts]
    if lacking:
        console.say(
            f"还要把 {'、'.join(lacking)} 写进 {settings} 的 hosts。",
            f"Also write {', '.join(lacking)} into `hosts` of {settings}.",
        )


def _first_account(answers: Answers, password: str | None, console: Console) -> None:
    """Make the authority and the security administrator; without a terminal, a one-time link sets the password."""
    from django.utils import timezone

    from kaohe.web.accounts import links, procedure
    from kaohe.web.accounts.roles import Duty
    from kaohe.web.journal import signing_key
    from kaohe.web.organisation import founding

    now = timezone.now()
    signing_key.ensure_key()
    top = founding.found(answers["authority_code"], answers["authority_name"], now)
    user = procedure.create_administrator(answers["username"], answers["name"], Duty.SECURITY, top, "system", now)
    token = procedure.invite(user, None, now)
    if password is not None:
        links.use_link(token, password, now)
        return
    console.say(
        f"安全管理员第一次登录（7 天内，一次有效）：系统地址后面加 /link/{token}/",
        f"The security administrator's first sign-in (once, within 7 days): the system's address and /link/{token}/",
    )


def _password(username: str, console: Console) -> str:
    from django.utils import translation

    from kaohe.web.accounts import passwords
    from kaohe.web.accounts.models import User
    from kaohe.web.lang.choice import DJANGO_CODES, say

    with translation.override(DJANGO_CODES[console.language]):
        console.lines([passwords.asked()])
        while True:
            try:
                first = getpass.getpass(say("安全管理员密码：", "Password of the security administrator: "))
                again = getpass.getpass(say("再输一遍：", "Once more: "))
            except EOFError:
                raise KeyboardInterrupt from None
            faults = passwords.faults(first, User(username=username))
            if first == again and not faults:
                return first
            console.lines(faults or [say("两次不一样。", "The two differ.")])
