"""A patient's message in full: the phone sends a ready answer by its name on the clinic's card."""

from __future__ import annotations

from dataclasses import replace

from shared.care.bodies import MessageOut
from shared.care.card import ClinicCard


def in_full(message: MessageOut, card: ClinicCard | None) -> MessageOut:
    """Return the message with the words of its ready answer before its own, as the phone shows it.

    One that the card doesn't have, or has no more, is said to be known by its name alone.
    """
    if not message.sentence_id:
        return message
    ready = {} if card is None else {each.id: each.text for each in card.ready_sentences}
    unknown = f'A ready answer that only its name tells: "{message.sentence_id}".'
    words = ready.get(message.sentence_id, unknown)
    own = message.text.strip()
    return replace(message, sentence_id="", text=f"{words}\n{own}" if own else words)
