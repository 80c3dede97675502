"""Keeps the three in step: clinic, phone and band; now and then, and whenever there's a reason."""

from __future__ import annotations

import asyncio
import logging

from firmware_bridge.link import LinkError, LinkState, TransferBroken
from mobile.engine import consenting, own_words, time_asking
from mobile.engine.context import Context
from mobile.engine.errands import Errands, is_quiet
from mobile.engine.handed_over import is_handed_over
from mobile.engine.screens import Settling, Today
from mobile.engine.session_log import seal_logs
from mobile.engine.setting_up import BUTTON_LIMIT_MS, SettingUp
from mobile.engine.staff_word import hand_over
from mobile.engine.training import bring_to_band
from mobile.engine.updating import Updating, is_at_rest
from mobile.engine.words import KNOWN, sentence_of
from mobile.language import _
from mobile.presenters.refusals import refusal_words
from mobile.presenters.updates import begun, ended
from mobile.store import StoreError
from mobile.sync import Backoff, ClinicUnreachable, SyncError, exchange
from shared.wire.status import DeviceState

log = logging.getLogger(__name__)

LINK_LIMIT_MS = 20_000


class Tending:
    """One round at a time: exchange with the clinic, errands at the band, exchange again."""

    def __init__(self, context: Context, every_ms: int) -> None:
        self._context = context
        self._every_ms = every_ms
        self._wanted = asyncio.Event()
        self._one_round = asyncio.Lock()
        self._backoff = Backoff()
        self._asked_ms = 0
        self._updating = Updating(context.store, context.ingest, context.connection)

    def wake(self) -> None:
        """There's a reason for a round."""
        self._wanted.set()

    async def run(self) -> None:
        """Do rounds until cancelled."""
        while True:
            wait_ms = self._every_ms if self._context.reachable else self._backoff.next_ms()
            asked_ms = self._backoff.asked_ms(self._asked_ms)
            await self._until_wanted(max(min(wait_ms, self._every_ms), asked_ms))
            await self.round()

    async def round(self) -> None:
        """Do one round; what fails is said on the screen and tried again later."""
        context = self._context
        if context.enrolment is None or consenting.is_awaited(context):
            return
        async with self._one_round:
            await self._guarded_exchange()
            await self._guarded_errands()
            if self._has_something_to_send():
                await self._guarded_exchange()
            await self._guarded_update()
            self._context.changed()

    async def visit(self) -> None:
        """Set the band up and run the errands, raising what fails: for the person who waits."""
        async with self._one_round:
            await self._context.connection.until_ready(LINK_LIMIT_MS)
            await self._exchange()
            await self._errands()
            await self._exchange()
            self._context.changed()

    async def exchange(self) -> None:
        """Exchange with the clinic now, raising what fails."""
        async with self._one_round:
            await self._exchange()
            self._context.changed()

    async def settled(self) -> None:
        """Return when no round is under way: then clinic, phone and band were seen as one."""
        async with self._one_round:
            return

    async def _until_wanted(self, limit_ms: int) -> None:
        try:
            await self._context.clock.wait_for(self._wanted.wait(), limit_ms)
        except TimeoutError:
            return
        finally:
            self._wanted.clear()

    def _has_something_to_send(self) -> bool:
        return self._context.reachable and self._context.store.outbox.waiting() > 0

    # The clinic

    async def _guarded_exchange(self) -> None:
        try:
            await self._exchange()
        except ClinicUnreachable as problem:
            log.info("%s", problem)
        except (SyncError, StoreError) as problem:
            log.warning("exchange: %s", problem)
            self._context.say(_("Not everything went through"), sentence_of(problem))

    async def _exchange(self) -> None:
        context = self._context
        self._asked_ms = 0
        try:
            done = await exchange(context.store, context.ingest)
        except SyncError as problem:
            context.reachable = False
            if isinstance(problem, ClinicUnreachable):
                self._asked_ms = problem.wait_ms
            raise
        self._backoff.reset()
        context.keep_server()
        context.reachable = True
        context.reached_wall_ms = done.now_ms
        context.watched_wall_ms = done.heartbeat_ms
        enrolment, now_ms = context.require_enrolment(), context.instants.wall_ms()
        context.caring.take_in(enrolment, now_ms=now_ms)
        context.text_packs.take_in(enrolment, now_ms=now_ms)

    # The band

    async def _guarded_errands(self) -> None:
        context = self._context
        if context.connection.state is not LinkState.READY or context.band_address is None:
            return
        try:
            await self._errands()
        except ClinicUnreachable as problem:
            log.info("errands: %s", problem)
            self._settling_ended(problem)
        except KNOWN as problem:
            log.warning("errands: %s", problem)
            self._settling_ended(problem)
            # A link that is lost heals by itself; what came broken over it doesn't.
            if isinstance(problem, TransferBroken) or not isinstance(problem, LinkError):
                context.say(_("Something needs a look"), sentence_of(problem))
        else:
            self._settling_ended(None)

    async def _guarded_update(self) -> None:
        context, status = self._context, self._context.status
        if context.connection.state is not LinkState.READY or context.band_address is None:
            return
        if status is None or is_handed_over(context.store) or not self._updating.is_due(status):
            return
        try:
            await self._update(context.require_enrolment().device_id)
        except (SyncError, LinkError) as problem:
            log.info("update: %s", problem)

    async def _update(self, device_id: bytes) -> None:
        context, updating = self._context, self._updating
        offered = await updating.offer(device_id)
        if offered is None:
            return
        data = await updating.fetch(device_id, offered)
        async with context.band_lock:
            if not is_at_rest(context.require_status()):
                return
            context.say(*begun())
            outcome = await updating.bring(device_id, offered, data)
        context.say(*ended(outcome))

    def _settling_ended(self, problem: Exception | None) -> None:
        """A round may finish, or break, what the person's own flow left unfinished: no screen may
        say that it takes a few seconds when nobody is at it any more."""
        context = self._context
        if isinstance(context.screen, Settling):
            failed = None if problem is None else Settling(problem=sentence_of(problem))
            context.go(failed or Today())

    async def _errands(self) -> None:
        context = self._context
        enrolment, ledger = context.require_enrolment(), context.ledger
        assert ledger is not None
        if is_handed_over(context.store):
            return
        errands = Errands(context.store, context.stimulator, context.ingest, ledger, enrolment)
        now_ms = context.instants.wall_ms()
        async with context.band_lock:
            await context.unkept.deliver(context.stimulator)
            await own_words.deliver(context.store, context.stimulator, holds_only=True)
            await bring_to_band(context)
            if not is_quiet(context.require_status()):
                await errands.deliver(now_ms=now_ms, holds_only=True)
                await self._tell_time_in_a_pause()
                return
            await self._set_up()
            await self._plan_and_clearance(errands)
            await own_words.deliver(context.store, context.stimulator)
            await errands.fetch_record(now_ms=context.instants.wall_ms())
            await self._ask_for_time()
            seal_logs(context.store, enrolment, now_ms=context.instants.wall_ms())
            context.instants.keep()

    async def _set_up(self) -> None:
        context = self._context
        hello = await self._setting_up().run(
            context.require_enrolment(), context.app_key.public_key, self._ask_for_button
        )
        if isinstance(context.screen, Settling):
            context.go(Settling())
        context.band_firmware = hello.firmware
        context.leads = hello.control_key_id == context.app_key.public_key.key_id
        if context.ledger is not None:
            context.ledger.begin(hello.epoch)
            if hello.before_first is not None:
                context.ledger.begin_behind(hello.first_number - 1, hello.before_first)

    async def _tell_time_in_a_pause(self) -> None:
        """A band that doesn't know the time goes on with no session, and it says that the phone
        fetches it."""
        status = self._context.require_status()
        if status.state is DeviceState.PAUSED and status.clock_ms is None:
            await self._setting_up().tell_time(self._context.require_enrolment())

    async def _ask_for_time(self) -> None:
        context = self._context
        assert context.ledger is not None
        await time_asking.ask(
            context.store,
            context.stimulator,
            context.ledger,
            context.require_status(),
            context.require_enrolment().device_id,
            now_ms=context.instants.wall_ms(),
        )

    def _setting_up(self) -> SettingUp:
        context = self._context
        return SettingUp(context.stimulator, context.ingest, context.clock, self._band_has_failed)

    def _band_has_failed(self) -> bool:
        status = self._context.status
        return status is not None and status.state is DeviceState.FAULT

    def _ask_for_button(self) -> None:
        until_ms = self._context.clock.elapsed_ms() + BUTTON_LIMIT_MS
        self._context.go(Settling(press_button=True, until_ms=until_ms))

    async def _plan_and_clearance(self, errands: Errands) -> None:
        context = self._context
        delivered = await errands.deliver(now_ms=context.instants.wall_ms())
        time_asking.refused(context.store, delivered.refusals)
        if delivered.refusals:
            words = " ".join(refusal_words(code) for code in delivered.refusals)
            context.say(_("The band didn't take a plan"), words)
        status, plan = context.require_status(), context.plan
        if delivered.installed:
            await errands.fetch_clearance(status.serial)
            return
        if hand_over(context.store) is not None:
            # It was signed over the record as it stands: nothing of ours is added to that.
            return
        await errands.clear(
            status,
            now_s=context.instants.wall_ms() // 1000,
            limit_s=None if plan is None else plan.prescription.clearance_limit_s,
        )
