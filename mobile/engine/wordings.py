"""Which words a questionnaire is asked in: the clinic's text pack where one came, else our own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mobile.language import current
from shared.instruments.forms import form
from shared.instruments.questionnaire import Questionnaire

if TYPE_CHECKING:
    from mobile.engine.context import Context


def form_of(context: Context, form_id: str) -> Questionnaire:
    """Return a form in the words for this person; raise KeyError for one that isn't known."""
    return context.text_packs.find(form_id, current().code) or form(form_id)
