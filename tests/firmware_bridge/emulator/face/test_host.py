"""A phone that hung up before it got its key is no fault; every other refusal still is one."""

from __future__ import annotations

import asyncio

import pytest
import pytest_asyncio
from bumble import hci
from bumble.controller import Controller
from bumble.core import PhysicalTransport
from bumble.host import Connection
from bumble.link import LocalLink
from bumble.transport.common import AsyncPipeSink
from bumble.utils import AsyncRunner

from firmware_bridge.emulator.face.host import BandHost

GONE = 7
"""A link that the host still has, and the controller no longer."""


@pytest_asyncio.fixture
async def host() -> BandHost:
    controller = Controller("band", link=LocalLink(), public_address="F1:A2:B3:C4:D5:01")
    host = BandHost(controller, AsyncPipeSink(controller))
    async with asyncio.timeout(5):
        await host.reset()
    phone = hci.Address("F1:A2:B3:C4:D5:02")
    host.connections[GONE] = Connection(host, GONE, phone, PhysicalTransport.LE)
    return host


@pytest.mark.parametrize("key", [bytes(range(16)), None])
async def test_a_phone_that_hung_up_before_its_key_is_no_fault(
    host: BandHost, key: bytes | None
) -> None:
    async def provide(_handle: int, _random: bytes, _diversifier: int) -> bytes | None:
        return key

    host.long_term_key_provider = provide
    before = set(AsyncRunner.running_tasks)
    host.on_hci_le_long_term_key_request_event(
        hci.HCI_LE_Long_Term_Key_Request_Event(
            connection_handle=GONE, random_number=bytes(8), encryption_diversifier=0
        )
    )
    (answering,) = set(AsyncRunner.running_tasks) - before
    async with asyncio.timeout(5):
        await answering


async def test_any_other_command_to_a_link_that_is_gone_is_refused(host: BandHost) -> None:
    async with asyncio.timeout(5):
        with pytest.raises(hci.HCI_Error):
            await host.send_sync_command(hci.HCI_Read_RSSI_Command(handle=GONE))
