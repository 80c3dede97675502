"""Webhooks: signed, and unable to reach inside."""

import socket
import time
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from http_message_signatures import HTTPMessageVerifier, MappingKeyResolver, algorithms

from cloud.channels import webhook
from cloud.channels.errors import NotSent
from cloud.channels.webhook import Call, call, check_url, is_public, judged_address
from cloud.clock import instant
from cloud.errors import Refused
from tests.cloud.channels.servers import gateway

SECRET = b"s" * 32


def ring(url: str, *, allow_private: bool = True) -> None:
    now = instant(time.time_ns() // 1_000_000)
    call(url, SECRET, "key", {"id": "1"}, name="1", created=now, allow_private=allow_private)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1",
        "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1",
        "2001:0:7f00:1::1", "64:ff9b:1::7f00:1", "fec0::1", "::10.0.0.1", "::ffff:0:10.0.0.1",
        "4000::1",
    ],
)  # fmt: skip
def test_an_address_of_an_inner_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["9.9.9.9", "2620:fe::fe", "::ffff:9.9.9.9"])
def test_an_address_of_the_public_network_is(address: str) -> None:
    assert is_public(address)


def test_a_host_with_one_inner_address_among_public_ones_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def resolve(host: str, port: int, **_kind: Any) -> list[Any]:
        asked.append(host)
        return [(0, 0, 0, "", (address, port)) for address in ("9.9.9.9", "127.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(NotSent, match="not a public one"):
        judged_address("gateway.example", 443, allow_private=False)
    assert asked == ["gateway.example"]


def test_the_connection_goes_to_the_address_that_was_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with gateway() as there:
        port = there.url.rpartition(":")[2].partition("/")[0]
        monkeypatch.setattr(webhook, "judged_address", lambda *_args, **_kind: "127.0.0.1")
        ring(f"http://no-such-host.invalid:{port}/ring")
    assert [came.headers["Host"] for came in there.came] == [f"no-such-host.invalid:{port}"]


def test_loopback_and_plain_http_are_refused_unless_the_operator_allows_them() -> None:
    with gateway() as there:
        with pytest.raises(NotSent, match="https"):
            ring(there.url, allow_private=False)
        with pytest.raises(NotSent, match="not a public one"):
            ring(there.url.replace("http:", "https:"), allow_private=False)
        assert there.came == []
        ring(there.url)
        assert len(there.came) == 1


def test_a_redirect_is_not_followed() -> None:
    with gateway() as there, gateway() as elsewhere:
        there.status, there.headers = 302, {"Location": elsewhere.url}
        with pytest.raises(NotSent, match="answered 302"):
            ring(there.url)
        assert elsewhere.came == []


def test_a_gateway_that_never_answers_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "WHOLE_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(NotSent):
        ring(f"http://127.0.0.1:{silent.getsockname()[1]}/")


def test_nothing_is_sent_once_the_time_is_over_by_which_a_host_was_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(webhook, "WHOLE_S", 0)
    with gateway() as there, pytest.raises(NotSent, match="came too late"):
        ring(there.url)
    assert there.came == []


def test_a_call_that_is_cut_off_while_it_connects_stays_so() -> None:
    with gateway() as there:
        connection = webhook._connection(urlsplit(there.url), "127.0.0.1", port_of(there.url))
        webhook._cut(connection)
        with pytest.raises(TimeoutError):
            connection.request("POST", "/ring", b"{}", {})
        connection.close()
    assert there.came == []


def port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


def verified(came: Any, url: str, secret: bytes = SECRET) -> None:
    message = Call("POST", url, came.headers)
    keys = MappingKeyResolver(public_keys={"key": secret}, private_keys={})
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.HMAC_SHA256, key_resolver=keys)
    verifier.verify(message, body=came.body)


def test_a_gateway_can_check_who_called_and_that_nothing_was_changed() -> None:
    with gateway() as there:
        ring(there.url)
    (came,) = there.came
    assert came.headers["Idempotency-Key"] == "1"
    verified(came, there.url)
    for changed in (
        (came, there.url, b"t" * 32),
        (came, there.url + "2", SECRET),
        (replace(came, body=came.body + b" "), there.url, SECRET),
        (
            type(came)(came.path, came.headers | {"Idempotency-Key": "2"}, came.body),
            there.url,
            SECRET,
        ),
    ):
        with pytest.raises(Exception, match=r"(?i)signature|digest"):
            verified(*changed)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/", "https://", "https://user@a.example/", "https://u:p@a.example/",
        "https://a.example/#x", "https://a.example:0/", "https://a.example:99999/", "a.example",
        "file:///etc/passwd", "https://[::1/",
    ],
)  # fmt: skip
def test_what_cannot_be_a_webhooks_address_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        check_url(url)
