"""What keeps a deployment from starting: everything is said at once, with what would be right."""

import errno
import ipaddress
import socket
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path

from kaohe.fault import BadInput, Fault, Place
from kaohe.standard.files import library, read_standard
from kaohe.web.config.configuration import FILES, Configuration

SHORTEST_SECRET = 50


def faults(configuration: Configuration, host: str, port: int) -> Iterator[Fault]:
    """Yield what is unsafe in serving at an address; nothing where it may start."""
    yield from of_settings(configuration)
    if not is_loopback(host) and not configuration.secure:
        yield Fault("plain_http", Place("--host"), host)
    if configuration.demo and not is_loopback(host):
        yield Fault("demo_open", Place("--host"), host)
    yield from _address(host, port)


def of_settings(configuration: Configuration) -> Iterator[Fault]:
    """Yield what is unsafe in the settings wherever it is served."""
    if len(configuration.secret_key) < SHORTEST_SECRET or len(set(configuration.secret_key)) < 10:
        yield Fault("secret_weak", Place("keys/secret-key"))
    if "*" in configuration.hosts or any(name.startswith(".") for name in configuration.hosts):
        yield Fault("hosts_open", Place("kaohe.toml", path="hosts"), ",".join(configuration.hosts))
    if bool(configuration.tls_cert) != bool(configuration.tls_key):
        yield Fault("tls_half", Place("kaohe.toml", path="tls_cert"))
    if configuration.smtp_host and not configuration.mail_from:
        yield Fault("mail_half", Place("kaohe.toml", path="mail_from"))
    if bool(configuration.smtp_user) != bool(configuration.smtp_password_file):
        yield Fault("mail_login_half", Place("kaohe.toml", path="smtp_password_file"))
    for name in FILES:
        path = getattr(configuration, name)
        if path and not Path(path).is_file():
            yield Fault("file_missing", Place("kaohe.toml", path=name), path)
    yield from _certificates(configuration)
    yield from _standard(configuration.standard)


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _certificates(configuration: Configuration) -> Iterator[Fault]:
    """Yield which files of certificates are there and cannot be used."""
    certificate, key, authority = configuration.tls_cert, configuration.tls_key, configuration.smtp_ca
    if Path(certificate).is_file() and Path(key).is_file():
        try:
            # without a password: nobody is there to type one when the server starts
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password=str)
        except (OSError, ValueError):
            yield Fault(
                "tls_unusable", Place("kaohe.toml", path="tls_cert"), Path(certificate).name, {"key": Path(key).name}
            )
    if Path(authority).is_file():
        try:
            ssl.create_default_context(cafile=authority)
        except (OSError, ValueError):
            yield Fault("ca_unusable", Place("kaohe.toml", path="smtp_ca"), Path(authority).name)


def _standard(name: str) -> Iterator[Fault]:
    """Yield why the groups of the units are not known: there is no such standard, or its file is none."""
    try:
        read_standard(name)
    except BadInput as error:
        if [fault.code for fault in error.faults.listed] != ["standard_unknown"]:
            yield from error.faults.listed
            return
        known = {"library": ", ".join(library())}
        yield Fault("setting_standard", Place("kaohe.toml", path="standard"), name, known)


def _address(host: str, port: int) -> Iterator[Fault]:
    if not 0 <= port <= 65535:
        yield Fault("port_wrong", Place("--port"), str(port))
        return
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        if sys.platform != "win32":  # there it would let two share the port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                yield Fault("port_taken", Place("--port"), str(port))
            elif error.errno == errno.EACCES:
                yield Fault("port_refused", Place("--port"), str(port))
            else:
                yield Fault("address_unusable", Place("--host"), host)
