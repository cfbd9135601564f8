"""What a deployment is told: one TOML file, or the environment; the environment decides.

`KAOHE_HOME` is the folder of the deployment: `kaohe.toml`, `kaohe.sqlite3`, `files/`, `keys/`, `backups/`. Every
setting has an environment name, `KAOHE_` and its own in capitals.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from kaohe.fault import BadInput, Fault, Faults, Place

PROFILES = ("modern", "dengbao")


@dataclass(frozen=True, slots=True)
class Configuration:
    """A deployment's settings, as read; `home` is absolute.

    title: the letterhead; office: the footer of the sign-in page; contact: whom to call, and when;
    database: `sqlite` (a file in `home`) or a `postgresql://` address; hosts: names and IP addresses under which it is
    reached; proxies: addresses of reverse proxies that speak https for it; password_profile: `modern` (15 characters,
    no common ones) or `dengbao` (complexity, 90 days); standard: whose groups the units belong to;
    idle_minutes and session_hours: when a session ends; backup_keep: daily backups kept.
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
    def secure(self) -> bool:
        """Whether browsers reach it by https: its own certificate, or a proxy's."""
        return bool(self.tls_cert or self.proxies)


def read(environ: Mapping[str, str]) -> Configuration:
    """Read the configuration; raise BadInput with every setting that is wrong, its place and what would be right."""
    home = Path(environ.get("KAOHE_HOME") or "kaohe-data").absolute()
    path = Path(environ.get("KAOHE_CONFIG") or home / "kaohe.toml")
    given = _file(path) if path.exists() else {}
    faults = [Fault("setting_unknown", Place(path.name, path=name)) for name in given if name not in _KINDS]
    values: dict[str, Any] = {}
    for name, kind in _KINDS.items():
        named = f"KAOHE_{name.upper()}"
        place = Place(named if named in environ else path.name, path=name)
        raw: Any = environ.get(named, given.get(name))
        if raw is not None:
            try:
                values[name] = _value(kind, raw)
            except ValueError:
                faults.append(Fault("setting_wrong", place, str(raw), {"kind": kind}))
    if values.get("password_profile", "modern") not in PROFILES:
        faults.append(
            Fault("setting_wrong", Place("password_profile"), values["password_profile"], {"kind": "profile"})
        )
    if faults:
        raise BadInput(Faults.of(faults))
    secret = values.pop("secret_key", "") or _secret(home / "keys" / "secret-key")
    return Configuration(home=home, secret_key=secret, **values)


_KINDS = {f.name: str(getattr(f.type, "__name__", f.type)) for f in fields(Configuration) if f.name != "home"}


def _file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(Faults.of([Fault("settings_broken", Place(path.name), str(error))])) from None


def _value(kind: str, raw: Any) -> Any:
    if kind.startswith("tuple"):
        parts = raw.split(",") if isinstance(raw, str) else raw
        return tuple(str(part).strip() for part in parts if str(part).strip())
    if kind == "bool":
        if str(raw).lower() not in ("true", "false", "1", "0"):
            raise ValueError(raw)
        return str(raw).lower() in ("true", "1")
    return int(raw) if kind == "int" else str(raw)


def _secret(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def current() -> Configuration:
    """Return the configuration of this process."""
    return read(os.environ)
