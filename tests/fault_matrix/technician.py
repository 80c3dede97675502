"""A person with the link's own `Update` beside the app: brings a new firmware, then is a patient.

The app has no screen for it; whoever updates does what the outcome's words say: tries again, or
calls for service. Not for judging the words, nor what became of the band.
"""

from __future__ import annotations

import asyncio

from firmware_bridge.emulator.update.slots import FIRST, SLOT_BYTES
from firmware_bridge.emulator.update.trailer import TRAILER_BYTES, read_trailer
from firmware_bridge.link import LinkError, LinkState
from firmware_bridge.link.update import Confirmed, RolledBack, Update, broken_off
from mobile.presenters.views import PairView, TodayView, View
from shared.dose.reasons import WORDS, ReasonCode
from shared.firmware.image import MAXIMUM_IMAGE_BYTES, Image, length_in, read
from shared.wire.errors import WireError
from shared.wire.status import DeviceState
from tests.fault_matrix.evidence import Look, UpdateSeen, look
from tests.fault_matrix.patient import NOTHING, Patient, Step
from tests.fault_matrix.stage import Stage
from tests.shared.firmware.releases import NEXT, Maker

SIZE_BYTES = 6_000
"""Two blocks of flash, four requests: every step of an update is in it."""
LOOKS_EVERY_MS = 100
TRIES_AGAIN_MS = 15_000
GIVES_UP_AFTER = 12
"""Tries, without an end that the words call one."""


class Technician(Patient):
    """Updates the band, and leaves the rest of the day to the patient."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        maker = Maker(root=stage.server.clinic.manufacturer)
        self._content = maker.image(filler=bytes(range(250)) * (SIZE_BYTES // 250))
        self._outcomes: list[str] = []
        self._counters: list[int] = []
        self._locks: set[tuple[bool, bool]] = set()
        self._doses: list[Look] = []
        self._plans: list[bytes | None] = []
        self._paired_anew = False
        self._settled = False
        self._working: list[asyncio.Task[None]] = []

    @property
    def is_free(self) -> bool:
        return self._settled

    @property
    def was_held_up(self) -> bool:
        """Whether the update came to its end otherwise than at the first try."""
        return self._outcomes != [Confirmed.__name__]

    async def leave(self) -> None:
        for task in self._working:
            task.cancel()
        await asyncio.gather(*self._working, return_exceptions=True)

    def _step(self, view: View) -> Step:
        if not self._working:
            if isinstance(view, TodayView):
                self._begin()
            return NOTHING
        self._paired_anew |= isinstance(view, PairView)
        is_theirs = self._settled or isinstance(view, PairView)
        return super()._step(view) if is_theirs else NOTHING

    # The update

    def _begin(self) -> None:
        self._note()
        self._working = [
            asyncio.create_task(self._bring()),
            asyncio.create_task(self._look_on()),
        ]

    async def _bring(self) -> None:
        for _ in range(GIVES_UP_AFTER):
            said = await self._try()
            self.words.say(said)
            if self._is_through(said):
                break
            await self.stage.clock.sleep_ms(TRIES_AGAIN_MS)
        self._note()
        self._settled = True

    def _is_through(self, said: str) -> bool:
        """Whether what was told asks for no further try."""
        if "ask the band's maker" in said:
            return self._outcomes.count(RolledBack.__name__) > 1
        return self._outcomes[-1] == Confirmed.__name__ or "needs service" in said

    async def _try(self) -> str:
        """Update once; what is told of it."""
        try:
            connection = self.stage.phone.life.context.connection
            outcome = await Update(connection).run(self._content)
        except LinkError as problem:
            self._outcomes.append(type(problem).__name__)
            return broken_off(problem)
        self._outcomes.append(type(outcome).__name__)
        return outcome.sentence

    # What is seen of it

    def _note(self) -> None:
        self._doses.append(look(self.stage))
        self._plans.append(self.stage.core.status().prescription_hash)

    async def _look_on(self) -> None:
        while not self._settled:
            context = self.stage.phone.context
            if context is not None and context.connection.state is LinkState.READY:
                self._counters.append(self.stage.board.security.read())
                if self.stage.core.state is not DeviceState.FAULT:
                    self._locks.add((on_trial(self.stage), self._is_locked_for_trial()))
            await self.stage.clock.sleep_ms(LOOKS_EVERY_MS)

    def _is_locked_for_trial(self) -> bool:
        reasons = self.stage.core.status().reasons
        return any(reason.code == ReasonCode.FIRMWARE_UNCONFIRMED for reason in reasons)

    def update_seen(self) -> UpdateSeen:
        status = self.stage.core.status()
        return UpdateSeen(
            outcomes=tuple(self._outcomes),
            runs=self._runs(),
            confirmed=not on_trial(self.stage),
            counters=(*self._counters, self.stage.board.security.read()),
            locks=tuple(sorted(self._locks)),
            doses=tuple(self._doses),
            plans=tuple(self._plans),
            paired_anew=self._paired_anew,
            lock_words=tuple(WORDS[ReasonCode(each.code)] for each in status.reasons),
        )

    def _runs(self) -> str:
        """By the cells of the first slot, where the firmware says the same of itself."""
        cells = self.stage.board.flash.chip.cells(FIRST)
        is_new = self.stage.core.firmware_version == str(NEXT)
        sent, held = read(self._content), _image_in(cells)
        if held is not None and held.hash == sent.hash and is_new:
            return "new"
        is_blank = not cells[:MAXIMUM_IMAGE_BYTES].strip(b"\xff")
        return "old" if held is None and is_blank and not is_new else "neither"


def on_trial(stage: Stage) -> bool:
    """Whether the cells say that what runs has still to confirm itself."""
    end = stage.board.flash.chip.cells(FIRST)[:SLOT_BYTES].ljust(SLOT_BYTES, b"\xff")
    return read_trailer(end[-TRAILER_BYTES:]).on_trial


def _image_in(cells: bytes) -> Image | None:
    try:
        return read(cells[: length_in(cells)])
    except WireError:
        return None
