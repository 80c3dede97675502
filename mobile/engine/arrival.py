"""The way in: enrolment by a code, pairing by a number, and the band made the person's own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date

from firmware_bridge.link import Limits
from mobile.engine import enrolment as enrolments
from mobile.engine.context import CLINIC_ADDRESS, Context
from mobile.engine.screens import Comparing, Finding, Settling, Today, Welcome
from mobile.engine.session import ENDED_BY_ITSELF_MS, is_under_way
from mobile.engine.tending import Tending
from mobile.engine.words import KNOWN, sentence_of
from mobile.language import _, mark, told
from mobile.platform import KeyName, create_signer
from mobile.platform.links import LetterLink, letter_link
from mobile.presenters.birth_date import read_birth_date
from mobile.presenters.letter_code import read_letter_code
from mobile.sync import ClinicUnreachable, SyncError
from mobile.sync.address import url_of_host

COMPARE_LIMIT_MS = 110_000
SEARCH_LIMIT_MS = round(Limits().search_s * 1000)
_UNREACHABLE = mark(
    "Your clinic can't be reached just now. Look whether this phone has a network, then try again; "
    "the code stays good."
)
_SESSION_FIRST = mark(
    "The session that was open pauses and ends by itself within ten minutes; the band pairs after "
    "that. To stop it now, press its button."
)
_LETTER_KEPT = mark("The letter's code stays good for another phone.")
_NO_CODE = mark("Type the code from your clinic's letter.")


class Arrival:
    """Flows of the first day; each ends with a screen, also where it fails."""

    def __init__(
        self, context: Context, tending: Tending, after_enrolment: Callable[[], None]
    ) -> None:
        self._context = context
        self._tending = tending
        self._after_enrolment = after_enrolment
        self._same: asyncio.Future[bool] | None = None

    def open_link(self, link: str) -> None:
        """Take up the link of a clinic's letter; what isn't one is said, and does nothing."""
        context = self._context
        letter = letter_link(link)
        if letter is None:
            context.say(_("This link isn't from a clinic's letter"), told(_NO_CODE))
        elif context.enrolment is not None:
            context.say(_("This phone is connected with your clinic already"), told(_LETTER_KEPT))
        else:
            self._take_letter(letter)

    def _take_letter(self, letter: LetterLink) -> None:
        """Have the code typed, and ask the clinic that the letter names."""
        context = self._context
        try:
            context.ingest.move_to(url_of(letter))
        except SyncError as problem:
            context.say(_("This link isn't from a clinic's letter"), str(problem))
            return
        context.letter = letter
        context.changed()

    async def enrol(self, code: str, birth_date: str) -> None:
        """Enrol with the clinic; keep nothing unless all of it holds."""
        context = self._context
        read, born = (
            read_letter_code(code),
            read_birth_date(birth_date, today=context.now.here.date()),
        )
        if read.code is None or born.date is None:
            context.go(Welcome(problem=read.problem or born.problem))
            return
        context.go(Welcome(busy=True))
        try:
            await self._enrol(read.code, born.date)
        except ClinicUnreachable:
            context.go(Welcome(problem=told(_UNREACHABLE)))
            return
        except KNOWN as problem:
            context.go(Welcome(problem=sentence_of(problem)))
            return
        self._after_enrolment()
        self._tending.wake()

    async def _enrol(self, code: str, born: date) -> None:
        context = self._context
        app_key = create_signer(context.keys, KeyName.APP)
        request_key = create_signer(context.keys, KeyName.REQUEST)
        # A code is good once: find out first whether this phone has room to keep what it opens.
        context.store.settings.put("enrolling", b"x" * 4_096)
        enrolled = await context.ingest.enrol(
            code=code,
            birth_date=born.isoformat(),
            app_key=app_key.public_key,
            request_key=request_key.public_key,
        )
        enrolment = enrolments.check(
            enrolled, app_key=app_key.public_key, now_s=context.instants.wall_ms() // 1000
        )
        former = context.enrolment
        with context.store.transaction():
            enrolments.keep(context.store, enrolment)
            context.keep_server()
            if context.letter is not None:
                context.store.settings.put(CLINIC_ADDRESS, url_of(context.letter).encode())
        context.take_enrolment(enrolment)
        if former is not None and former.device_id != enrolment.device_id:
            context.forget_band()

    async def pair(self) -> None:
        """Find the band, compare the number, make the band the person's."""
        context = self._context
        until_ms = context.clock.elapsed_ms() + SEARCH_LIMIT_MS
        context.go(Finding(searching=True, until_ms=until_ms))
        try:
            address = await context.connection.pair(self)
            context.take_band(address)
        except KNOWN as problem:
            context.go(Finding(problem=why_not_paired(context, problem)))
            return
        finally:
            self._same = None
        await self.settle()

    async def settle(self) -> None:
        """Make the paired band the person's; may be tried again."""
        context = self._context
        context.go(Settling())
        try:
            await self._tending.visit()
        except KNOWN as problem:
            context.go(Settling(problem=sentence_of(problem)))
            return
        context.go(Today())
        self._tending.wake()

    # The link asks this while pairing

    async def confirm_number(self, number: int) -> bool:
        """Show the number and wait for the person's answer; no answer is a no."""
        context = self._context
        self._same = asyncio.get_running_loop().create_future()
        context.go(Comparing(number, context.clock.elapsed_ms() + COMPARE_LIMIT_MS))
        try:
            return await context.clock.wait_for(self._same, COMPARE_LIMIT_MS)
        except TimeoutError:
            return False

    def compare(self, *, same: bool) -> None:
        """The person has compared."""
        if self._same is not None and not self._same.done():
            self._same.set_result(same)


def url_of(letter: LetterLink) -> str:
    """Return the address of the server that a letter names."""
    return url_of_host(letter.clinic)


def why_not_paired(context: Context, problem: Exception) -> str:
    """Say why there is no bond; a band in a session pairs with nobody before that has ended."""
    status = context.status
    heard_lately = context.instants.since_heard_ms() < ENDED_BY_ITSELF_MS
    if status is not None and is_under_way(status) and heard_lately:
        return f"{sentence_of(problem)} {told(_SESSION_FIRST)}"
    return sentence_of(problem)
