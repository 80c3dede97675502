"""The app is ended at a bad moment: it ends all the same, and nothing of it waits.

The worst moment is the turn of the loop in which an answer of the band arrives: the Bluetooth stack
may then lose being told to end.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from bumble.att import ATT_PDU, ATT_Read_Response, ATT_Write_Response
from bumble.gatt_client import Client

from firmware_bridge.link import LinkState
from firmware_bridge.link.blob_door import BlobDoor
from mobile.platform.cues import Cue
from mobile.presenters.actions import Press, Stop
from mobile.presenters.views import ReadyView, SessionView, TodayView
from shared.wire.status import DeviceState
from tests.mobile.engine.world import WITHIN_S, World, whole_day
from tests.shared.clinic import itbs

LONG_BREAK_MS = 20_000
ANSWERS = (ATT_Read_Response, ATT_Write_Response)


async def end_with_an_answer(world: World) -> None:
    """End the app so that an answer comes in the very turn in which who waits for it is told."""
    ask, take, told = Client.send_request, Client.on_gatt_pdu, asyncio.Event()
    loop, asking = asyncio.get_running_loop(), asyncio.current_task()

    async def send_request(client: Client, request: ATT_PDU) -> ATT_PDU:
        nonlocal asking
        asking = asyncio.current_task()
        answer: ATT_PDU = await ask(client, request)
        return answer

    def on_gatt_pdu(client: Client, pdu: ATT_PDU) -> None:
        if isinstance(pdu, ANSWERS) and not told.is_set():
            world.tell_phone_to_end()
            told.set()
            once_told(client, pdu)
        else:
            take(client, pdu)

    def once_told(client: Client, pdu: ATT_PDU) -> None:
        if asking is not None and not asking.cancelling():
            loop.call_soon(once_told, client, pdu)
        else:
            take(client, pdu)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "send_request", send_request)
        patch.setattr(Client, "on_gatt_pdu", on_gatt_pdu)
        async with asyncio.timeout(WITHIN_S):
            await told.wait()
        await world.end_phone()


async def end_in_a_transfer(world: World) -> None:
    """End the app as the band says how much of a blob it has."""
    received, told = BlobDoor.received, asyncio.Event()

    def received_and_ended(door: BlobDoor, value: bytes) -> None:
        received(door, value)
        world.tell_phone_to_end()
        told.set()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BlobDoor, "received", received_and_ended)
        async with asyncio.timeout(WITHIN_S):
            await told.wait()
        await world.end_phone()


async def sit_down(world: World) -> None:
    """Come to a session with long breaks, armed."""
    (part,) = itbs().parts
    world.prescribe(parts=(replace(part, interval_ms=LONG_BREAK_MS),))
    await world.enrol_and_pair()
    await world.answer_safety_questions()
    await world.see(ReadyView, lambda view: view.button is not None)


async def test_app_that_is_ended_while_the_link_is_being_made_ends(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        world.prescribe()
        await world.enrol_and_pair()
        await world.end_phone()
        world.views.clear()
        world.begin_phone()
        await world.see(TodayView)
        connection = world.life.context.connection
        states = [connection.state]
        connection.watch(states.append)

        await world.end_phone()

        assert LinkState.READY not in states
        assert states[-1] is LinkState.OFF


async def test_an_app_that_is_ended_in_a_session_ends_and_leaves_the_band_to_itself(
    tmp_path: Path,
) -> None:
    async with whole_day(tmp_path) as world:
        await sit_down(world)
        await end_with_an_answer(world)
        assert world.shell.core.state is DeviceState.ARMED


async def test_an_app_that_is_ended_in_a_long_break_ends(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await sit_down(world)
        await world.begin_session()
        await world.until(lambda: Cue.BREAK in world.senses.given)
        await end_with_an_answer(world)
        assert world.shell.core.state in (DeviceState.STIMULATING, DeviceState.PAUSED)


async def test_an_app_that_is_ended_in_a_pause_ends(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await sit_down(world)
        await world.begin_session()
        world.act(Stop())
        await world.see(SessionView, lambda view: view.paused)
        await end_with_an_answer(world)
        assert world.shell.core.state is DeviceState.PAUSED


async def test_an_app_that_is_ended_in_a_practice_ends(tmp_path: Path) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        await world.life.context.connection.until_ready(LONG_BREAK_MS)
        world.act(Press("practice"))
        await world.see_part("practice")
        world.act(Press("begin"))
        await world.see(SessionView)
        await world.end_phone()
        assert world.shell.core.state is DeviceState.PRACTICE


async def test_an_app_that_is_ended_at_rest_and_in_the_middle_of_a_transfer_ends(
    tmp_path: Path,
) -> None:
    async with whole_day(tmp_path) as world:
        await world.enrol_and_pair()
        # At rest the link asks the band now and then whether it is there.
        await end_with_an_answer(world)
        world.begin_phone()
        await world.see(TodayView)
        world.prescribe()
        await end_in_a_transfer(world)
