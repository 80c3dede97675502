"""What a widget says, for who hears it instead of seeing it: its words in reading order."""

from __future__ import annotations

from kivy.uix.label import Label
from kivy.uix.widget import Widget

from mobile.kit.choice import ChoiceButton
from mobile.kit.field import Entry, TextField
from mobile.language import _


def heard(widget: Widget) -> str:
    """Return the words of a widget; a line to type into is called by the name above it."""
    if isinstance(widget, Entry):
        return _name_of(widget)
    texts = [each.text for each in widget.walk(restrict=True) if isinstance(each, Label)]
    words = ". ".join(text for text in texts if text)
    if isinstance(widget, ChoiceButton) and widget.chosen:
        return _("Chosen: {answers}").format(answers=words)
    return words


def _name_of(entry: Entry) -> str:
    ancestor = entry.parent
    while ancestor is not None and ancestor.parent is not ancestor:
        if isinstance(ancestor, TextField):
            return str(ancestor.name.text)
        ancestor = ancestor.parent
    return ""
