"""What a test script can ask of the engine beyond touches: facts, a wrong clock, old messages.

Not a way round the app or the band: whatever it sends, the band decides.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from firmware_bridge.link import DeviceRefused
from mobile.engine import verdict
from mobile.engine.context import Context
from mobile.engine.errands import Errands
from mobile.engine.present_lock import lock_of
from mobile.engine.session import prepare_arm
from mobile.engine.tending import Tending
from mobile.engine.words import KNOWN, sentence_of
from mobile.language import _
from mobile.presenters.refusals import refusal_words
from mobile.store.outbox import Outbox
from shared.trust.statements import HASH_BYTES

Arguments = Mapping[str, Any]
Answer = dict[str, Any]


class DriveRefused(Exception):
    """The script asked for something that can't be done now."""


class Driving:
    """The verbs of the drive port that need the engine."""

    def __init__(self, context: Context, tending: Tending) -> None:
        self._context = context
        self._tending = tending
        self._verbs: dict[str, Callable[[Arguments], Awaitable[Answer]]] = {
            "facts": self._facts,
            "phone-clock": self._phone_clock,
            "try-session": self._try_session,
            "replay-arm": self._replay_arm,
            "install-blob": self._install_blob,
            "sync": self._sync,
        }

    async def do(self, name: str, arguments: Arguments) -> Answer:
        """Do one verb; raise DriveRefused for an unknown one or one that fails."""
        verb = self._verbs.get(name)
        if verb is None:
            raise DriveRefused(f"{name!r} is none of {', '.join(sorted(self._verbs))}")
        try:
            return await verb(arguments)
        except KNOWN as problem:
            raise DriveRefused(sentence_of(problem)) from problem

    async def _facts(self, _: Arguments) -> Answer:
        await self._tending.settled()
        context = self._context
        lock, status, ledger = lock_of(context), context.status, context.ledger
        state = None if ledger is None else ledger.state
        last = None if state is None else state.last_session
        return {
            "permitted": lock.permitted,
            "by_band": lock.by_band,
            "reasons": [
                {
                    "code": int(line.code),
                    "name": line.code.name,
                    "words": line.reason.words,
                    "ends_wall_ms": line.ends_wall_ms,
                }
                for line in lock.reasons
            ],
            "wall_ms": context.instants.wall_ms(),
            "phone_wall_ms": context.clock.wall_ms(),
            "link": context.connection.state.value,
            "link_losses_healed": context.losses_healed,
            "device_state": None if status is None else status.state.name,
            "device_head": None if status is None else status.head_number,
            "records": 0 if state is None else state.number,
            "pulses_planned": 0 if last is None else last.planned_pulses,
            "pulses_recorded": 0 if last is None else last.charged_pulses,
            "pulses_total": 0 if state is None else state.total_pulses,
            "sessions_completed": 0 if state is None else state.sessions_completed,
            "sessions_partial": 0 if state is None else state.sessions_partial,
            "holds": 0 if state is None else len(state.holds),
            **_outbox_facts(context.store.outbox),
        }

    async def _phone_clock(self, arguments: Arguments) -> Answer:
        """Set the phone's own clock wrong by so much."""
        offset = arguments.get("offset_ms")
        if type(offset) is not int:
            raise DriveRefused("phone-clock needs offset_ms, a whole number")
        self._context.clock.offset_ms = offset
        self._context.changed()
        return {"phone_wall_ms": self._context.clock.wall_ms()}

    async def _try_session(self, _: Arguments) -> Answer:
        """Ask the band to arm as the app would, though the app itself wouldn't offer it now."""
        context = self._context
        async with context.band_lock:
            status = context.require_status()
            plan_hash = status.prescription_hash or bytes(HASH_BYTES)
            arming = await prepare_arm(
                context.stimulator, context.require_enrolment(), plan_hash, context.app_key
            )
            return await self._refusal(lambda: self._armed_and_stopped(arming.message))

    async def _replay_arm(self, _: Arguments) -> Answer:
        """Send the last accepted arm message again, byte for byte."""
        arming = self._context.last_arm
        if arming is None:
            raise DriveRefused("this app has armed nothing since it was started")
        async with self._context.band_lock:
            return await self._refusal(lambda: self._armed_and_stopped(arming.message))

    async def _install_blob(self, arguments: Arguments) -> Answer:
        """Offer the prescription in a file to the band."""
        path = Path(str(arguments.get("path", "")))
        try:
            blob = await asyncio.to_thread(path.read_bytes)
        except OSError as problem:
            raise DriveRefused(f"{path.name}: {problem.strerror}") from problem
        errands = self._errands()
        async with self._context.band_lock:
            return await self._refusal(lambda: errands.offer_prescription(blob))

    async def _sync(self, _: Arguments) -> Answer:
        """Do a round now and wait for its end."""
        await self._tending.round()
        return _outbox_facts(self._context.store.outbox)

    async def _armed_and_stopped(self, message: bytes) -> None:
        await self._context.stimulator.arm(message)
        await self._context.stimulator.stop()

    async def _refusal(self, command: Callable[[], Awaitable[None]]) -> Answer:
        try:
            await command()
        except DeviceRefused as refused:
            words = refusal_words(refused.reason, refused.reason_codes)
            self._context.say(_("The band said no"), words)
            codes = [verdict.reason_code(code) for code in refused.reason_codes]
            return {
                "refused": True,
                "status": refused.status.name,
                "code": refused.reason,
                "reasons": [{"code": int(code), "name": code.name} for code in codes],
                "words": words,
            }
        return {"refused": False}

    def _errands(self) -> Errands:
        context = self._context
        if context.ledger is None:
            raise DriveRefused("this phone isn't enrolled")
        return Errands(
            context.store,
            context.stimulator,
            context.ingest,
            context.ledger,
            context.require_enrolment(),
        )


def _outbox_facts(outbox: Outbox) -> Answer:
    return {
        "outbox": outbox.waiting(),
        "refused": [{"id": name, "reason": reason} for name, reason in outbox.refusals()],
    }
