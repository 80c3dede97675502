"""Where the clinic's server is: https, or plain http within this very machine."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from mobile.sync.errors import AddressProblem, AddressRefused


@dataclass(frozen=True)
class ClinicAddress:
    """An address that may be used. ``host`` is in small letters, without the port."""

    url: str
    host: str
    is_encrypted: bool


def read_address(text: str) -> ClinicAddress:
    """Return the address; raise AddressRefused, with the reason, for any that isn't safe."""
    try:
        parts = urlsplit(text.strip())
        host, _port = parts.hostname, parts.port
    except ValueError as problem:
        raise AddressRefused(text, AddressProblem.UNREADABLE) from problem
    if parts.scheme not in ("https", "http") or not host:
        raise AddressRefused(text, AddressProblem.UNREADABLE)
    if parts.username is not None or parts.query or parts.fragment:
        raise AddressRefused(text, AddressProblem.MORE_THAN_A_PLACE)
    if parts.scheme == "http" and not _is_loopback(host):
        raise AddressRefused(text, AddressProblem.NOT_ENCRYPTED)
    return ClinicAddress(text.strip().rstrip("/"), host, parts.scheme == "https")


def url_of_host(host: str) -> str:
    """Return the address of a host, with its port where it has one: encrypted, unless it's here."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    return f"{'http' if _is_loopback(name) else 'https'}://{host}"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
