"""The link to the band as the day needs it: kept, paced, and heard.

What comes over it may end a wait, bring back a lost session's screen, or end that screen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from firmware_bridge.link import LinkState, NotABand, PairingRefused
from mobile.engine import afterwards, flagging
from mobile.engine.arrival import why_not_paired
from mobile.engine.context import Context
from mobile.engine.flows import Flows
from mobile.engine.handed_over import is_handed_over
from mobile.engine.places.place import Ways
from mobile.engine.screens import Finding, Sitting, Today
from mobile.engine.session import is_under_way
from mobile.engine.silent_band import is_in_session
from mobile.engine.tending import Tending
from mobile.engine.treating import Treating
from shared.wire.status import Status


class LinkKeeping:
    """Watches the connection from `begin` to `end`."""

    def __init__(
        self,
        context: Context,
        flows: Flows,
        tending: Tending,
        treating: Treating,
        ways: Ways,
        bluetooth_tried: Callable[[], Awaitable[None]],
    ) -> None:
        self._context, self._flows = context, flows
        self._tending, self._treating, self._ways = tending, treating, ways
        self._bluetooth_tried = bluetooth_tried
        self._was_ready = False
        self._in_sight = True
        self._leave: list[Callable[[], None]] = []

    def begin(self) -> None:
        """Hear what the link says."""
        connection = self._context.connection
        self._leave = [
            connection.watch(self._link_changed),
            connection.watch_status(self._status_heard),
        ]

    async def end(self) -> None:
        """Hear nothing more, and let the link go."""
        for end in self._leave:
            end()
        await self._context.connection.let_go()

    def look(self, in_sight: bool) -> None:
        """The person looks at the app, or away."""
        self._in_sight = in_sight
        self._pace()

    async def keep(self) -> None:
        """Keep the link to the paired band; a bond that's gone asks for pairing anew."""
        context = self._context
        await self._bluetooth_tried()
        while True:
            address = await context.until_paired()
            try:
                await self._keep_while_paired(address)
            except (PairingRefused, NotABand) as problem:
                context.forget_band()
                if is_handed_over(context.store):
                    continue
                # A flow that waits for this link waits in vain, and would keep the person from
                # pairing anew.
                await self._flows.end()
                context.go(Finding(problem=why_not_paired(context, problem)))

    async def _keep_while_paired(self, address: str) -> None:
        """Keep the link until the band is forgotten; raise what ends it before."""
        keeping = asyncio.ensure_future(self._context.connection.keep(address))
        forgotten = asyncio.ensure_future(self._context.until_forgotten())
        try:
            await asyncio.wait({keeping, forgotten}, return_when=asyncio.FIRST_COMPLETED)
            if keeping.done():
                keeping.result()
        finally:
            keeping.cancel()
            forgotten.cancel()
            await asyncio.wait({keeping, forgotten})

    def _pace(self) -> None:
        """Try often while somebody waits for the band: who looks at the app, or is in a session."""
        pace = self._context.connection.pace
        if self._in_sight or is_in_session(self._context):
            pace.hurry()
        else:
            pace.take_time()

    def _link_changed(self, state: LinkState) -> None:
        context = self._context
        if state is LinkState.LOST and self._was_ready and context.lost_wall_ms is None:
            context.lost_wall_ms = context.instants.wall_ms()
            if context.session is not None:
                context.session.event("link lost")
        elif state is LinkState.READY:
            self._was_ready = True
            self._link_back()
        context.changed()

    def _link_back(self) -> None:
        context = self._context
        if context.lost_wall_ms is not None:
            context.losses_healed += 1
            context.lost_wall_ms = None
            if context.session is not None:
                context.session.event("link back")
        if context.stop_waits:
            self._flows.spawn(self._treating.stop())
        if context.unkept.waiting():
            self._flows.spawn(flagging.deliver(context))
        self._tending.wake()

    def _status_heard(self, status: Status) -> None:
        context = self._context
        context.instants.heard(status)
        was_left = context.under_way.is_left
        if is_under_way(status):
            context.under_way.note(status, wall_ms=context.instants.wall_ms())
        else:
            context.under_way.over()
        self._pace()
        if context.session is None and is_under_way(status) and self._may_show_session():
            context.go(Sitting())
        elif context.session is None and not is_under_way(status):
            self._leave_session(was_left=was_left)
        context.changed()

    def _leave_session(self, *, was_left: bool) -> None:
        """A session has ended that this start of the app didn't arm, or whose page was left."""
        is_shown = isinstance(self._context.screen, Sitting)
        if is_shown:
            self._context.go(Today())
        if is_shown or was_left:
            self._flows.spawn(self._ask_afterwards())

    async def _ask_afterwards(self) -> None:
        """The band's record says what the session came to; then it's asked how it was."""
        await self._tending.round()
        here = isinstance(self._context.screen, Today)
        if here and afterwards.unanswered(self._context) is not None:
            self._ways.open_first("after", {})

    def _may_show_session(self) -> bool:
        """A session of before this start, or another phone's: STOP must be in reach."""
        return not self._flows.is_busy and not isinstance(self._context.screen, Sitting)
