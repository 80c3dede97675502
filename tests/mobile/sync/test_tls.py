"""Encrypted always, certificate and name verified, and the clinic's own server or none."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from firmware_bridge.timebase import SystemClock
from mobile.store import open_store
from mobile.sync import (
    AddressProblem,
    AddressRefused,
    IngestClient,
    OtherServer,
    Pin,
    ServerUnproven,
    keep_pin,
    kept_pin,
    read_address,
)
from mobile.sync.signing import RequestSigner
from shared.trust.keys import SoftwareKey
from tests.mobile.sync.authority import Authority, new_key
from tests.mobile.sync.clinic import PHONE, Clinic, serving
from tests.mobile.worlds import MemoryKeyStore

KEY = SoftwareKey.generate()
LOCALHOST = "https://localhost"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "authority")


def clinic() -> Clinic:
    return Clinic(KEY.public_key, origin=LOCALHOST)


@asynccontextmanager
async def phone(
    url: str, authority: Authority | None, pin: Pin | None = None
) -> AsyncIterator[IngestClient]:
    client = IngestClient(
        url, SystemClock(), authority=None if authority is None else authority.file
    )
    client.sign_as(RequestSigner(PHONE, KEY))
    if pin is not None:
        client.pin_to(pin)
    yield client
    await client.close()


# The address


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("http://clinic.example", AddressProblem.NOT_ENCRYPTED),
        ("http://192.168.1.7:8400", AddressProblem.NOT_ENCRYPTED),
        ("http://127.0.0.1.clinic.example", AddressProblem.NOT_ENCRYPTED),
        ("http://localhost.clinic.example", AddressProblem.NOT_ENCRYPTED),
        ("http://[::2]:8400", AddressProblem.NOT_ENCRYPTED),
        ("http://2130706433", AddressProblem.NOT_ENCRYPTED),
        ("HTTP://clinic.example", AddressProblem.NOT_ENCRYPTED),
        ("ftp://clinic.example", AddressProblem.UNREADABLE),
        ("clinic.example", AddressProblem.UNREADABLE),
        ("https://", AddressProblem.UNREADABLE),
        ("https://[clinic", AddressProblem.UNREADABLE),
        ("https://clinic.example:99999", AddressProblem.UNREADABLE),
        ("", AddressProblem.UNREADABLE),
        ("https://clinic.example@other.example", AddressProblem.MORE_THAN_A_PLACE),
        ("https://clinic.example/?next=other", AddressProblem.MORE_THAN_A_PLACE),
    ],
)
def test_address_that_is_not_safe_is_refused_with_its_reason(
    text: str, problem: AddressProblem
) -> None:
    with pytest.raises(AddressRefused, match="doesn't send anything") as refused:
        read_address(text)
    assert (refused.value.address, refused.value.problem) == (text, problem)
    with pytest.raises(AddressRefused):
        IngestClient(text, SystemClock())


@pytest.mark.parametrize(
    ("text", "host", "encrypted"),
    [
        ("https://clinic.example/", "clinic.example", True),
        ("https://Clinic.Example:8443", "clinic.example", True),
        ("http://127.0.0.1:8400", "127.0.0.1", False),
        ("http://127.8.8.8", "127.8.8.8", False),
        ("http://[::1]:8400", "::1", False),
        ("http://localhost:8400", "localhost", False),
    ],
)
def test_address_that_is_safe_is_taken(text: str, host: str, encrypted: bool) -> None:
    address = read_address(text)
    assert (address.host, address.is_encrypted) == (host, encrypted)
    assert not address.url.endswith("/")


# The certificate


async def test_certificate_of_the_trusted_authority_is_taken(authority: Authority) -> None:
    with serving(clinic(), authority.server()) as server:
        async with phone(server.url, authority) as client:
            await client.fetch(0)
            assert client.seen.host == "localhost"
            assert len(client.seen.keys) == 2


async def assert_unproven(server: Clinic, authority: Authority | None, word: str) -> None:
    async with phone(server.url, authority) as client:
        with pytest.raises(ServerUnproven, match="nothing was sent") as unproven:
            await client.fetch(0)
    assert word in unproven.value.reason
    assert server.cursors == [], "the request came to a server that wasn't proven"


async def test_certificate_that_the_system_does_not_know_is_refused(authority: Authority) -> None:
    with serving(clinic(), authority.server()) as server:
        await assert_unproven(server, None, "certificate")


async def test_certificate_of_another_authority_is_refused(
    authority: Authority, tmp_path: Path
) -> None:
    other = Authority(tmp_path / "other", "Test authority")
    with serving(clinic(), other.server()) as server:
        await assert_unproven(server, authority, "certificate")


async def test_certificate_for_another_name_is_refused(authority: Authority) -> None:
    with serving(clinic(), authority.server("clinic.example")) as server:
        await assert_unproven(server, authority, "localhost")


async def test_certificate_that_has_ended_is_refused_and_the_date_is_mentioned(
    authority: Authority,
) -> None:
    ended = authority.server(valid=-timedelta(days=1))
    with serving(clinic(), ended) as server:
        await assert_unproven(server, authority, "expired")
    assert "date is right" in str(ServerUnproven("expired"))


# The pin


async def pin_of(server: Clinic, authority: Authority) -> Pin:
    async with phone(server.url, authority) as client:
        await client.fetch(0)
        return client.seen


async def test_another_host_is_refused_before_anything_is_sent(authority: Authority) -> None:
    with serving(clinic(), authority.server()) as server:
        pin = Pin("clinic.example", (await pin_of(server, authority)).keys)
        server.cursors.clear()
        async with phone(server.url, authority, pin) as client:
            with pytest.raises(OtherServer, match="isn't the server") as other:
                await client.fetch(0)
        assert other.value.host == "localhost"
        assert server.cursors == []


async def test_another_servers_keys_are_refused_though_its_certificate_holds(
    authority: Authority, tmp_path: Path
) -> None:
    with serving(clinic(), authority.server()) as server:
        pin = await pin_of(server, authority)
    other = Authority(tmp_path / "other", "Other authority")
    with serving(clinic(), other.server()) as impostor:
        async with phone(impostor.url, other, pin) as client:
            with pytest.raises(OtherServer, match="Nothing was sent"):
                await client.fetch(0)
        assert impostor.cursors == []


async def test_renewed_certificate_is_taken_by_its_authority_or_by_its_key(
    authority: Authority, tmp_path: Path
) -> None:
    first, second = new_key(), new_key()
    with serving(clinic(), authority.server(key=first)) as server:
        pin = await pin_of(server, authority)

    with serving(clinic(), authority.server(key=second)) as renewed:
        async with phone(renewed.url, authority, pin) as client:
            await client.fetch(0)
            pin = client.seen

    other = Authority(tmp_path / "other", "Other authority")
    with serving(clinic(), other.server(key=second)) as moved:
        async with phone(moved.url, other, pin) as client:
            await client.fetch(0)
            pin = client.seen

    with serving(clinic(), authority.server(key=first)) as back:
        async with phone(back.url, authority, pin) as client:
            with pytest.raises(OtherServer):
                await client.fetch(0)


async def test_pinned_keys_are_not_given_up_for_plain_http(authority: Authority) -> None:
    with serving(clinic(), authority.server()) as server:
        pin = await pin_of(server, authority)
    plain = Clinic(KEY.public_key, origin="http://localhost")
    with serving(plain) as server:
        async with phone(server.url, None, pin) as client:
            with pytest.raises(OtherServer):
                await client.fetch(0)
        assert plain.cursors == []


def test_pin_is_kept_sealed(tmp_path: Path) -> None:
    store = open_store(tmp_path, MemoryKeyStore())
    assert kept_pin(store) is None
    keep_pin(store, Pin("clinic.example", (b"k" * 32, b"l" * 32)))
    assert kept_pin(store) == Pin("clinic.example", (b"k" * 32, b"l" * 32))
    store.close()
    assert b"clinic.example" not in b"".join(p.read_bytes() for p in tmp_path.iterdir())
