"""With no store open: Emergency and the numbers work, and the step that is named leads on."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from mobile.engine.alone import Alone, clinic_among
from mobile.platform.errors import NotOpened
from mobile.platform.silent import silent_phone
from mobile.presenters.help import help_view
from mobile.presenters.reach import Reach
from mobile.presenters.views import HelpView, MessageView, View
from mobile.presenters.welcome import broken_view

HELP = help_view("Clinic", reach=Reach("Clinic", "030 23125 001"))
BROKEN = broken_view("No room.", enrol_anew=False, calls=clinic_among(HELP))


class Telephone:
    """Dials, until it's told that it can't."""

    def __init__(self, *, works: bool) -> None:
        self.works, self.dialled = works, list[str]()

    async def dial(self, number: str) -> None:
        if not self.works:
            raise NotOpened(number)
        self.dialled.append(number)

    async def open(self, address: str) -> None:
        raise NotOpened(address)

    async def hand_on(self, text: str) -> None:
        raise NotOpened(text)


async def shown_after(telephone: Telephone, *buttons: str) -> list[View]:
    """What stood there, in order, until "try again" was pressed."""
    shown: list[View] = []
    pressed: asyncio.Queue[str] = asyncio.Queue()
    for button in (*buttons, "try-again"):
        pressed.put_nowait(button)
    phone = replace(silent_phone(), ways_out=telephone)
    await Alone(shown.append, phone, pressed).until("try-again", BROKEN, HELP)
    return shown


async def test_the_clinics_number_is_there_and_dials() -> None:
    telephone = Telephone(works=True)
    assert [call.action for call in BROKEN.calls] == ["dial:030 23125 001"]
    await shown_after(telephone, "dial:030 23125 001")
    assert telephone.dialled == ["030 23125 001"]


async def test_emergency_shows_its_page_and_back_the_word_again() -> None:
    shown = await shown_after(Telephone(works=True), "help", "back")
    assert [type(view) for view in shown] == [MessageView, HelpView, MessageView]


async def test_where_nothing_dials_the_numbers_are_read_off_from_then_on() -> None:
    shown = await shown_after(Telephone(works=False), "dial:030 23125 001", "help", "back")
    assert isinstance(shown[1], MessageView)
    assert isinstance(shown[2], HelpView)
    assert {call.action for call in (*shown[1].calls, *shown[2].calls)} == {None}
    assert "23125" in shown[1].calls[0].number
