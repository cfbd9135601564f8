"""A certificate authority of the office's own, for a network without names: browsers are given its certificate once."""

import ipaddress
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kaohe.web.config.deployment import write_private

AUTHORITY_DAYS = 3650
SERVER_DAYS = 397
"""The longest that browsers take a server's certificate for."""


def make(keys: Path, title: str, names: Sequence[str], now: datetime) -> tuple[Path, Path]:
    """Make a certificate for these names and IP addresses, signed by the authority in `keys` (made where it is not).

    Returns the paths of the certificate and of its key; one that was there is replaced. `ca.crt` is what browsers need.
    """
    authority, authority_key = _authority(keys, title, now)
    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        _builder(_name(names[0]), authority.subject, key.public_key(), now, SERVER_DAYS)
        .add_extension(x509.SubjectAlternativeName([_alternative(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    certificate, private = keys / "server.crt", keys / "server.key"
    private.unlink(missing_ok=True)
    write_private(private, _pem(key))
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return certificate, private


def _authority(keys: Path, title: str, now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    certificate, private = keys / "ca.crt", keys / "ca.key"
    if certificate.exists() and private.exists():
        key = serialization.load_pem_private_key(private.read_bytes(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError("ca.key")
        return x509.load_pem_x509_certificate(certificate.read_bytes()), key
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(title)
    made = (
        _builder(name, name, key.public_key(), now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(False, False, False, False, False, True, True, False, False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    write_private(private, _pem(key))
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return made, key


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=days))
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        return x509.DNSName(name)


def _pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def expires(certificate: Path) -> datetime:
    """Return when a certificate ends."""
    return x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc
