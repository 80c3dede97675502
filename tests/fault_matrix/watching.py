"""An onlooker: hears each word, notes each screen, compares app and device, holds the balance.

It looks from the strike on and touches nothing. Not for judging what it saw.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from firmware_bridge.link import LinkState
from mobile.presenters.views import (
    AfterView,
    MessageView,
    Notice,
    PairView,
    ReadyView,
    SessionView,
    TodayView,
    View,
    WelcomeView,
)
from shared.wire.status import DeviceState
from tests.fault_matrix.evidence import Look, Screen, look
from tests.fault_matrix.stage import Stage
from tests.fault_matrix.words import Words, key_of

LOOKS_EVERY_MS = 100
MOMENT_MS = 1_500
PULSES_BETWEEN_LOOKS = 25
_AGREE = {
    DeviceState.ARMED: lambda view: isinstance(view, ReadyView),
    DeviceState.STIMULATING: lambda view: _sits(view) and not _paused(view),
    DeviceState.PAUSED: lambda view: _sits(view) and _paused(view),
    DeviceState.FAULT: lambda view: says_service(view),
}


@dataclass
class _Standing:
    view: View
    since_ms: int


class Onlooker:
    """Looks at one stage from the strike on."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.words = Words()
        self.screens: list[Screen] = []
        self.looks: list[Look] = []
        self.struck_ms: int | None = None
        self.over_ms: int | None = None
        self.agreed_ms: int | None = None
        self.agreed_as: tuple[str, str] | None = None
        self.pulsed = asyncio.Event()
        self._standing: _Standing | None = None
        self._key: tuple[str, ...] = ()

    def struck(self) -> None:
        """From here on it looks."""
        self.struck_ms = self._now_ms()
        self._stage.on_pulse = self._pulse
        self.looks.append(look(self._stage))

    def over(self) -> None:
        """The fault is taken back; from here on nothing is the matter."""
        self.over_ms = self._now_ms()
        if self._standing is not None:
            self._standing.since_ms = self.over_ms

    def see(self, view: View) -> None:
        """Take a screen."""
        if self.struck_ms is None:
            return
        self.words.hear(view)
        if key_of(view) != self._key:
            self.screen_ends()
            self._key = key_of(view)
            self._standing = _Standing(view, self._now_ms())

    def screen_ends(self) -> None:
        """Note how long the present screen has stood while nothing was the matter."""
        standing, over_ms = self._standing, self.over_ms
        if standing is not None and over_ms is not None:
            view = standing.view
            stood_ms = self._now_ms() - max(standing.since_ms, over_ms)
            self.screens.append(
                Screen(type(view).__name__, title_of(view), offers_a_step(view), stood_ms)
            )

    async def look_on(self) -> None:
        """Note when app and device last came to agree, until cancelled.

        What is made good within a moment is on its way and no disagreement.
        """
        since_ms: int | None = self._now_ms()
        while True:
            if not self.in_step():
                since_ms = self._now_ms() if since_ms is None else since_ms
                if self._now_ms() - since_ms > MOMENT_MS:
                    self.agreed_ms = self.agreed_as = None
            elif since_ms is not None:
                self._agree()
                since_ms = None
            await self._stage.clock.sleep_ms(LOOKS_EVERY_MS)

    @property
    def recovered_ms(self) -> int | None:
        """How long after the fault's end they agreed for good; None where they don't."""
        if self.agreed_ms is None or self.over_ms is None:
            return None
        return max(0, self.agreed_ms - self.over_ms)

    def _agree(self) -> None:
        if self.agreed_ms is None:
            self.agreed_ms = self._now_ms()
            self.agreed_as = (title_of(self._stage.phone.view), self._stage.core.state.name)

    def in_step(self) -> bool:
        """Whether the app shows what the device is doing, and each hears the other."""
        view, context = self._stage.phone.view, self._stage.phone.context
        if view is None or context is None:
            return False
        if context.connection.state is not LinkState.READY:
            return False
        agrees = _AGREE.get(self._stage.core.state)
        return agrees(view) if agrees is not None else not (_sits(view) or _armed(view))

    def _pulse(self) -> None:
        self.pulsed.set()
        if len(self._stage.pulse_times_ms) % PULSES_BETWEEN_LOOKS == 0:
            self.looks.append(look(self._stage))

    def _now_ms(self) -> int:
        return self._stage.clock.elapsed_ms()


def title_of(view: View | None) -> str:
    """Name a screen as a person would: by what is written largest."""
    match view:
        case None:
            return "nothing yet"
        case TodayView(chip=chip, title=title):
            return f"{chip.text}: {title}"
        case SessionView(title=title, subtitle=subtitle) if view.paused or view.link_lost:
            return f"{title}: {subtitle}"
        case PairView(title=title, step=step):
            return f"{title}, {step.lower()}"
    return str(getattr(view, "title", type(view).__name__))


def offers_a_step(view: View) -> bool:
    """Whether the screen says what the person can do, or rightly lets them wait for a named end."""
    match view:
        case PairView(button=button, choices=choices, body=body):
            return button is not None or bool(choices) or "once more" in body
        case WelcomeView(busy=busy):
            return busy is None
        case MessageView(button=button):
            return button is not None
        case SessionView(link_lost=lost):
            return not lost
        case TodayView():
            return view.button is not None or not _is_waiting(view)
    return True


def _is_waiting(view: TodayView) -> bool:
    return view.chip.text in ("Waiting", "Not yet") or any(
        row.value in ("Looking for it", "Not near") for row in view.rows
    )


def _sits(view: View) -> bool:
    return isinstance(view, SessionView) and not view.link_lost


def _paused(view: View) -> bool:
    return isinstance(view, SessionView) and view.paused


def _armed(view: View) -> bool:
    return isinstance(view, ReadyView)


def says_service(view: View | None) -> bool:
    """Whether the person is told that the band has failed."""
    match view:
        case AfterView(summary=summary):
            return "needs service" in summary
        case TodayView(chip=chip):
            return chip.text == "Needs service"
        case PairView(problem=Notice(body=body)):
            return "needs service" in body
    return False
