"""What a deployment is told: one TOML file, or the environment; the environment decides.

`KAOHE_HOME` is the folder of the deployment: `kaohe.toml`, `kaohe.sqlite3`, `files/`, `keys/`, `backups/`. Every
setting has an environment name, `KAOHE_` and its own in capitals. Every setting is told in `docs/deployment.md`.
"""

import ipaddress
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from kaohe.fault import BadInput, Fault, Faults, Place

PROFILES = ("modern", "dengbao")
SMTP_TLS = ("starttls", "tls", "none")
FILES = ("tls_cert", "tls_key", "smtp_password_file", "smtp_ca")
"""Settings that name a file, relative to the home."""
LEAST = {"idle_minutes": 1, "session_hours": 1, "backup_keep": 1, "smtp_port": 1}
"""Numbers that make no sense below."""
MOST = {"idle_minutes": 1440, "session_hours": 168}
"""Numbers that make no sense above: a session that lasts for ever is none, and no calendar holds its end."""
_HOST = re.compile(r"\.?[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|\*|\[[0-9A-Fa-f:.]+\]")
_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Configuration:
    """A deployment's settings, as read; `home` is absolute.

    title: the letterhead; office: the footer of the sign-in page; contact: whom to call, and when;
    database: `sqlite` (a file in `home`) or a `postgresql://` address; hosts: names and IP addresses under which it is
    reached; proxies: addresses of reverse proxies that speak https for it; password_profile: `modern` (15 characters,
    no common ones) or `dengbao` (complexity, 90 days); standard: whose groups the units belong to;
    idle_minutes and session_hours: when a session ends; backup_keep: daily backups kept; tls_cert and tls_key: files in
    PEM, relative to `home`; smtp_host: the mail server, empty where there is none; smtp_tls: `starttls`, `tls` from the
    first byte, or `none`; smtp_user and smtp_password_file: how it is signed in to, where it asks; smtp_ca: the
    authority (PEM) of its certificate, where the machine does not know it; mail_from: the sender's address.
    """

    home: Path
    title: str = "行政机关公务员基本功训练考核"
    office: str = ""
    contact: str = ""
    database: str = "sqlite"
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    proxies: tuple[str, ...] = ()
    secret_key: str = ""
    time_zone: str = "Asia/Shanghai"
    standard: str = "benxi-2010"
    password_profile: str = "modern"
    idle_minutes: int = 30
    session_hours: int = 10
    backup_keep: int = 14
    tls_cert: str = ""
    tls_key: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_tls: str = "starttls"
    smtp_user: str = ""
    smtp_password_file: str = ""
    smtp_ca: str = ""
    mail_from: str = ""
    demo: bool = False

    @property
    def keys(self) -> Path:
        """The folder of secrets, which no backup holds."""
        return self.home / "keys"

    @property
    def files(self) -> Path:
        """The folder of uploaded files."""
        return self.home / "files"

    @property
    def backups(self) -> Path:
        """The folder of daily backups."""
        return self.home / "backups"

    @property
    def secure(self) -> bool:
        """Whether browsers reach it by https: its own certificate, or a proxy's."""
        return bool(self.tls_cert or self.proxies)

    @property
    def shown_database(self) -> str:
        """The database as it may be shown: without user and password."""
        parts = urlsplit(self.database)
        return f"postgresql://{parts.hostname or ''}{parts.path}" if parts.scheme else self.database


def read(environ: Mapping[str, str]) -> Configuration:
    """Read the configuration; raise BadInput with every setting that is wrong, its place and what would be right."""
    home = Path(environ.get("KAOHE_HOME") or "kaohe-data").absolute()
    path = file_of(environ, home)
    if environ.get("KAOHE_CONFIG") and not path.exists():
        raise BadInput(Faults.of([Fault("file_missing", Place("KAOHE_CONFIG"), str(path))]))
    given = _file(path) if path.exists() else {}
    faults = [Fault("option_unknown", Place(path.name, path=name)) for name in given if name not in _KINDS]
    values: dict[str, Any] = {}
    for name, kind in _KINDS.items():
        named = f"KAOHE_{name.upper()}"
        place = Place(named if named in environ else path.name, path=name)
        raw: Any = environ.get(named, given.get(name))
        if raw is not None:
            try:
                values[name] = _value(name, kind, raw)
            except (TypeError, ValueError):
                faults.append(_mistyped(kind, place, "…" if name in _SECRET else str(raw)))
            else:
                faults += _unfit(name, values[name], place)
    if faults:
        raise BadInput(Faults.of(faults))
    secret = values.pop("secret_key", "") or _secret(home / "keys" / "secret-key")
    for name in FILES:
        if values.get(name):
            values[name] = str(home / values[name])
    return Configuration(home=home, secret_key=secret, **values)


def file_of(environ: Mapping[str, str], home: Path) -> Path:
    """Return where the settings of a deployment are written."""
    return Path(environ.get("KAOHE_CONFIG") or home / "kaohe.toml")


def settings_to_keep(path: Path) -> bytes:
    """Return a file of settings as a backup may hold it: without keys, and without the database's address."""
    kept = {name: value for name, value in _file(path).items() if name in _KINDS and name not in _SECRET}
    return ("\n".join(f"{name} = {toml(value)}" for name, value in kept.items()) + "\n").encode()


def toml(value: object) -> str:
    """Write a value as TOML has it.

    >>> toml(["127.0.0.1", "考核"]), toml(True), toml("a\\n\x7f")
    ('["127.0.0.1", "考核"]', 'true', '"a\\\\n\\\\u007f"')
    """
    import json

    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


_SECRET = frozenset({"secret_key", "database"})


def _mistyped(kind: str, place: Place, found: str) -> Fault:
    if kind == "int":
        return Fault("setting_number", place, found)
    if kind == "bool":
        return Fault("setting_bool", place, found)
    return Fault("setting_list", place, found) if kind == "tuple" else Fault("setting_text", place, found)


def _unfit(name: str, value: Any, place: Place) -> Iterator[Fault]:
    """Yield what is wrong with a value of the right type."""
    if name == "password_profile" and value not in PROFILES:
        yield Fault("setting_profile", place, value)
    if name in LEAST and value < LEAST[name]:
        yield Fault("setting_number", place, str(value))
    if name in MOST and value > MOST[name]:
        yield Fault("setting_large", place, str(value), {"most": str(MOST[name])})
    if name == "database" and value != "sqlite":
        yield from _unfit_address(value, place)
    if name == "time_zone" and not _is_zone(value):
        yield Fault("setting_zone", place, value)
    if name == "hosts" and not value:
        yield Fault("hosts_none", place)
    if name == "hosts":
        yield from (Fault("setting_host", place, host) for host in value if not _HOST.fullmatch(host))
    if name == "smtp_host" and value and (not _HOST.fullmatch(value) or value[0] in ".*"):
        yield Fault("setting_host", place, value)
    if name == "smtp_port" and value > 65_535:
        yield Fault("setting_port", place, str(value))
    if name == "smtp_tls" and value not in SMTP_TLS:
        yield Fault("setting_smtp_tls", place, value)
    if name == "mail_from" and value and not _is_mailbox(value):
        yield Fault("setting_mailbox", place, value)
    if name == "proxies":
        yield from (Fault("setting_proxy", place, proxy) for proxy in value if not _is_address(proxy))


def _unfit_address(address: str, place: Place) -> Iterator[Fault]:
    """Yield why a database cannot be reached by an address; the address itself, which may hold a password, is not told."""
    kind = address.partition(":")[0]
    if kind not in ("postgresql", "postgres"):
        yield Fault("setting_database", place, kind)
        return
    try:
        parts = urlsplit(address)
        whole = parts.port != 0 and len(parts.path) > 1 and not parts.fragment
    except ValueError:
        whole = False
    if not whole:
        yield Fault("setting_address", place)
        return
    asked = parse_qsl(parts.query, keep_blank_values=True)
    yield from (Fault("setting_address_option", place, name) for name, _ in asked if name != "host")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        return False
    return True


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True


def _is_mailbox(text: str) -> bool:
    """Whether a text is an address for mail, perhaps with a name before it."""
    address = parseaddr(text)[1]
    return text.isprintable() and bool(_MAILBOX.fullmatch(address)) and address in text


_KINDS = {
    f.name: str(getattr(f.type, "__name__", f.type)).partition("[")[0]
    for f in fields(Configuration)
    if f.name != "home"
}


def _file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))  # editors on Windows put a mark before the text
    except UnicodeDecodeError:
        raise BadInput(Faults.of([Fault("settings_not_utf8", Place(path.name))])) from None
    except tomllib.TOMLDecodeError as error:
        raise BadInput(Faults.of([Fault("settings_broken", Place(path.name), str(error))])) from None


def _value(name: str, kind: str, raw: Any) -> Any:
    if kind == "tuple":
        parts = [str(part).strip() for part in (raw.split(",") if isinstance(raw, str) else _listed(raw))]
        return tuple(_bracketed(part) if name == "hosts" else part.strip("[]") for part in parts if part)
    if kind == "bool":
        if str(raw).lower() not in ("true", "false", "1", "0"):
            raise ValueError(raw)
        return str(raw).lower() in ("true", "1")
    if kind == "int":
        if isinstance(raw, bool | float):
            raise ValueError(raw)
        return int(raw)
    if not isinstance(raw, str):
        raise TypeError(raw)
    return raw


def _listed(raw: Any) -> list[Any]:
    if not isinstance(raw, list):
        raise TypeError(raw)
    return raw


def _bracketed(name: str) -> str:
    """Return a host as it stands in a URL: an address of IPv6 in brackets."""
    return f"[{name}]" if name.count(":") > 1 and _is_address(name) and not name.startswith("[") else name


def _secret(path: Path) -> str:
    """Return the key in a file; one that holds no text holds no key, and is told like one that is too short."""
    try:
        return path.read_text(encoding="utf-8").strip() if path.exists() else ""
    except UnicodeDecodeError:
        return ""


def current() -> Configuration:
    """Return the configuration of this process."""
    return read(os.environ)
