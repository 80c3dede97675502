"""A word that stands alone, while no store is open: help and the numbers work from it as well."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mobile.glance.sealed import kept
from mobile.platform import KeyStoreError, Phone
from mobile.platform.errors import PlatformError
from mobile.presenters.actions import dialled_by
from mobile.presenters.help import help_view
from mobile.presenters.reach import read_off
from mobile.presenters.views import Call, HelpView, MessageView, View

log = logging.getLogger(__name__)


class Alone:
    """Shows a word until the person takes the step that it names."""

    def __init__(
        self, show: Callable[[View], None], phone: Phone, pressed: asyncio.Queue[str]
    ) -> None:
        self._show, self._phone, self._pressed = show, phone, pressed
        self._dials = True

    async def until(self, wanted: str, view: MessageView, help_page: HelpView) -> None:
        """Return once ``wanted`` is pressed."""
        page: HelpView | MessageView = view
        while True:
            self._show(page if self._dials else _to_read_off(page))
            button = await self._pressed.get()
            number = dialled_by(button)
            if number is not None:
                await self._dial(number)
            elif button == "help":
                page = help_page
            elif isinstance(page, HelpView):
                page = view
            elif button == wanted:
                return

    async def _dial(self, number: str) -> None:
        try:
            await self._phone.ways_out.dial(number)
        except PlatformError:
            self._dials = False


def kept_help(data: Path, phone: Phone) -> HelpView:
    """Return whom to call, as the app last knew it; without that, an ambulance alone."""
    try:
        glance = kept(data, phone.open_keys(data))
    except (OSError, KeyStoreError) as problem:
        log.info("whom to call isn't known: %s", problem)
        glance = None
    page = None if glance is None else glance.help_page
    return page if isinstance(page, HelpView) else help_view(None)


def clinic_among(page: HelpView) -> tuple[Call, ...]:
    """Return the calls of a help page that reach the clinic."""
    return tuple(call for call in page.calls if not call.urgent and call.number)


def _to_read_off(page: HelpView | MessageView) -> HelpView | MessageView:
    if isinstance(page, HelpView):
        return replace(page, calls=read_off(page.calls), others=read_off(page.others))
    return replace(page, calls=read_off(page.calls))
