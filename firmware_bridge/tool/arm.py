"""`circlet-device arm`: one session of a demonstration's band, from the arm message to its end.

The phone's half: it signs, beats and asks whether the person is still there. With --control the
command stands for the person too: it presses the button of the emulated band and answers.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from firmware_bridge.demo.clinic import DemoClinic
from firmware_bridge.demo.keys import load_keys
from firmware_bridge.demo.sitting import Armed, arm, pass_gates
from firmware_bridge.hand.asking import ask
from firmware_bridge.hand.hand import EmulatedHand, Hand
from firmware_bridge.link import Beat, LinkError
from firmware_bridge.tool import options as shared_options
from firmware_bridge.tool.errors import UsageWrong
from firmware_bridge.tool.exits import Exit
from firmware_bridge.tool.options import Parser, hand_of
from firmware_bridge.tool.reach import Band, open_band
from firmware_bridge.tool.voice import Voice
from shared.wire.operations import Outcome, OutcomeResult
from shared.wire.status import DeviceState, Status

SUMMARY = "run a session on a demonstration's band"
DESCRIPTION = (
    "Answers the screening, arms, opens the half minute for the band's button, and follows the "
    "session to its end. Ctrl-C stops and closes it. Only a band that `demo-setup` made ready "
    "takes it; the band decides by itself whether it may."
)
PARENTS = (shared_options.on_air, shared_options.at_the_button, shared_options.with_keys)

_UNDER_WAY = {
    DeviceState.ARMED,
    DeviceState.STIMULATING,
    DeviceState.PAUSED,
    DeviceState.REPOSITIONING,
    DeviceState.CLOSING,
}


def add(parser: Parser) -> None:
    """Its own options."""
    parser.add_argument(
        "--only-arm", action="store_true", help="arm, and let it lapse: nobody starts it"
    )


async def run(options: argparse.Namespace, voice: Voice) -> Exit:
    """Arm, start and follow."""
    clinic_keys, hand = load_keys(options.keys), hand_of(options)
    async with open_band(options) as band:
        clinic = DemoClinic(clinic_keys, band.way.clock)
        status = band.connection.status
        if status is None or status.prescription_hash is None:
            raise UsageWrong("The band holds no plan: circlet-device demo-setup puts one on it.")
        await pass_gates(band.client, clinic)
        armed = await arm(band.client, clinic, status.prescription_hash)
        if not options.only_arm:
            await _sit(band, hand, voice)
        outcome = await band.client.session_outcome(armed.session_id)
    return _report(armed, outcome, voice)


async def _sit(band: Band, hand: Hand, voice: Voice) -> None:
    over, asked = asyncio.Event(), asyncio.Event()
    with _progress(voice) as progress:
        task = progress.add_task("pulses", total=None)

        def heard(status: Status) -> None:
            progress.update(
                task,
                description=status.state.name.lower(),
                completed=status.charged_pulses or 0,
                total=status.planned_pulses,
            )
            if status.state not in _UNDER_WAY:
                over.set()
            if status.still_here_due_ms is not None:
                asked.set()

        leave = band.connection.watch_status(heard)
        beat = Beat(band.client, band.way.clock)
        try:
            async with _beside(beat.run(), _stay(band, hand, asked)):
                await band.client.open_start_window()
                await hand.press()
                await over.wait()
        except BaseException:
            await asyncio.shield(_end(band))
            raise
        finally:
            leave()


async def _stay(band: Band, hand: Hand, asked: asyncio.Event) -> None:
    """Answer for the person, who is asked where there is one."""
    while True:
        await asked.wait()
        if not isinstance(hand, EmulatedHand):
            await ask("Are you still there? Press Enter. ")
        asked.clear()
        with suppress(LinkError):
            await band.client.still_here()


async def _end(band: Band) -> None:
    with suppress(LinkError):
        await band.client.stop()
        await band.client.close()


@asynccontextmanager
async def _beside(*works: Coroutine[Any, Any, Any]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _report(armed: Armed, outcome: OutcomeResult, voice: Voice) -> Exit:
    voice.document({"session_id": armed.session_id, "outcome": outcome})
    words = outcome.outcome.name.lower().replace("_", " ")
    voice.show(f"Session {armed.session_id.hex()}: {words}, {outcome.charged_pulses} pulses.")
    return Exit.DONE if outcome.outcome in (Outcome.COMPLETED, Outcome.ARMED) else Exit.PARTLY


def _progress(voice: Voice) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=voice.err,
        transient=True,
        disable=voice.as_json or not voice.err.is_terminal,
    )
