"""Webhooks to a gateway that rings: signed, and unable to reach inside the clinic's own network.

The host is resolved once, every address that it has must be a public one, and the connection goes
to the address that was judged; no redirect is followed, time and size are bounded.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import secrets
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import SplitResult, urlsplit

from http_message_signatures import HTTPMessageSigner, MappingKeyResolver, algorithms

from cloud.channels.errors import NotSent
from cloud.errors import Refused

CONNECT_S = 5.0
WHOLE_S = 10.0
"""For finding the address, connecting, sending and the answer together."""
COVERED = ("@method", "@target-uri", "content-type", "idempotency-key")
_UNICAST = ipaddress.IPv6Network("2000::/3")
"""All of IPv6 that is given out to the public network (RFC 4291, IANA)."""
_HIDDEN = tuple(map(ipaddress.ip_network, ("2002::/16", "2001::/32")))
"""Networks whose addresses carry another address within, which may be a private one."""


@dataclass
class Call:
    """One call as it is signed and sent."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)


def check_url(url: str) -> SplitResult:
    """Return the parts of a webhook's address; raise Refused where it can't be one."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        raise Refused("This is no address of a webhook.", code="address") from problem
    if parts.scheme not in ("https", "http") or not parts.hostname or port == 0:
        raise Refused("A webhook's address begins with https:// and a host.", code="address")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Refused("A webhook's address has no name, password or fragment.", code="address")
    return parts


def call(
    url: str,
    secret: bytes,
    key_id: str,
    body: dict[str, str],
    *,
    name: str,
    created: datetime,
    allow_private: bool,
) -> None:
    """Call a webhook with a signed body; ``name`` is the same each time that it is tried again.

    Raise NotSent unless the gateway says that it took it (2xx).
    """
    until_s = time.monotonic() + WHOLE_S
    parts = check_url(url)
    if parts.scheme != "https" and not allow_private:
        raise NotSent("address", "a webhook is called over https")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = judged_address(parts.hostname or "", port, allow_private=allow_private)
    left_s = until_s - time.monotonic()
    if left_s <= 0:
        raise NotSent("host", "the host's address came too late")
    content = json.dumps(body, separators=(",", ":")).encode()
    signed = sign(url, secret, key_id, content, name=name, created=created)
    connection = _connection(parts, address, port)
    timer = threading.Timer(left_s, _cut, [connection])
    timer.start()
    try:
        target = parts.path or "/"
        connection.request(
            signed.method,
            f"{target}?{parts.query}" if parts.query else target,
            content,
            signed.headers,
        )
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as problem:
        raise NotSent("connection", type(problem).__name__) from problem
    finally:
        timer.cancel()
        connection.close()
    if not 200 <= status < 300:
        raise NotSent("status", f"the gateway answered {status}")


def sign(
    url: str, secret: bytes, key_id: str, content: bytes, *, name: str, created: datetime
) -> Call:
    """Return the call, signed over method, address, body and name (RFC 9421, HMAC-SHA-256)."""
    made = Call("POST", url, {"Content-Type": "application/json", "Idempotency-Key": name})
    signer = HTTPMessageSigner(
        signature_algorithm=algorithms.HMAC_SHA256,
        key_resolver=MappingKeyResolver(public_keys={}, private_keys={key_id: secret}),
    )
    signer.sign(
        made,
        key_id=key_id,
        created=created,
        nonce=secrets.token_urlsafe(16),
        covered_component_ids=COVERED,
        body=content,
    )
    return made


def judged_address(host: str, port: int, *, allow_private: bool) -> str:
    """Return the address to connect to; raise NotSent where any that the host has is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        raise NotSent("host", "the host has no address") from problem
    addresses = [str(each[4][0]) for each in found]
    if not allow_private and not all(is_public(each) for each in addresses):
        raise NotSent("address", "the host is not a public one")
    return addresses[0]


def is_public(text: str) -> bool:
    """Return whether an address is one of the public network, and none that hides another."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if isinstance(address, ipaddress.IPv6Address) and address not in _UNICAST:
        return False
    hidden = any(address in network for network in _HIDDEN)
    return address.is_global and not address.is_multicast and not hidden


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was judged, whatever the name says by now."""

    def __init__(self, host: str, port: int, address: str, tls: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=CONNECT_S)
        self._address, self._tls = address, tls
        self.is_cut = False

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), timeout=CONNECT_S)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host) if self._tls else plain
        if self.is_cut:
            raise TimeoutError


def _connection(parts: SplitResult, address: str, port: int) -> _Pinned:
    tls = ssl.create_default_context() if parts.scheme == "https" else None
    return _Pinned(parts.hostname or "", port, address, tls)


def _cut(connection: _Pinned) -> None:
    connection.is_cut = True
    if connection.sock is not None:
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            connection.sock.close()
