"""Whom to call: a filled button that dials, or the number large where nothing does."""

from __future__ import annotations

from collections.abc import Callable

from mobile.kit.button import ButtonKind, PushButton
from mobile.kit.card import Card
from mobile.kit.stack import Part
from mobile.kit.text import FitText, Text
from mobile.kit.theme import FIGURE_FONT, Theme
from mobile.presenters.pieces import Call


class CallButton(PushButton):
    """Over the full width; an ambulance's is red."""

    def __init__(self, theme: Theme, call: Call, act: Callable[[], None]) -> None:
        kind = ButtonKind.URGENT if call.urgent else ButtonKind.PRIMARY
        super().__init__(theme, call.text, drive_id=call.action or "", act=act, kind=kind)
        self.save_room()


class NumberCard(Card):
    """The number to read off and to dial elsewhere."""

    def __init__(self, theme: Theme, call: Call) -> None:
        super().__init__(theme, spacing_dp=2, padding_dp=14)
        colour = theme.danger() if call.urgent else theme.colour("ink")
        number = FitText(theme, call.number, size="figure", colour=colour, font=FIGURE_FONT)
        parts = [Part("name", lambda: Text(theme, call.text, bold=True))]
        if call.number:
            parts.append(Part("number", lambda: number))
        if call.note:
            parts.append(Part("note", lambda: Text(theme, call.note)))
        self.compose(parts)
