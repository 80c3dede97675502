"""Messages with the clinic as this phone keeps them: what came, what was written, how far it is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mobile.engine.caring import standing, tell
from mobile.presenters.messages import Letter
from mobile.store.messages import Direction, Message
from shared.care.bodies import MessageOut
from shared.care.from_clinic import ClinicMessage
from shared.wire import fields

if TYPE_CHECKING:
    from mobile.engine.context import Context


def letters(context: Context) -> tuple[Letter, ...]:
    """Return every message, the newest first."""
    return tuple(_letter(context, each) for each in reversed(context.store.messages.all()))


def answers_to(context: Context, letter_id: str) -> tuple[Letter, ...]:
    """Return what was answered to a message, oldest first."""
    return tuple(
        _letter(context, each)
        for each in context.store.messages.all()
        if each.direction is Direction.TO_CLINIC and json.loads(each.body)["answers"] == letter_id
    )


def see(context: Context, letter_id: str) -> None:
    """The person has this message before them."""
    letter = find(letters(context), letter_id)
    if letter is not None and letter.new:
        context.store.messages.seen(letter_id, now_ms=context.instants.wall_ms())


def send(
    context: Context, *, text: str, sentence_id: str, call_me: bool, answers: str | None
) -> str:
    """Write to the clinic, at once or as soon as there's a network; return the message's id.

    Raise WireError where it says nothing or is too long.
    """
    message = MessageOut(
        text=text.strip(),
        sentence_id=sentence_id,
        call_me=call_me,
        answers=None if answers is None else bytes.fromhex(answers),
    )
    sentences = {each.id: each.text for each in context.card.ready_sentences}
    said = "\n".join(part for part in (sentences.get(sentence_id, ""), message.text) if part)
    kept = {"text": said, "call_me": call_me, "answers": answers}
    with context.store.transaction():
        item_id = tell(context, message)
        context.store.messages.write(
            item_id, json.dumps(kept).encode(), now_ms=context.instants.wall_ms()
        )
    return item_id


def unread(context: Context) -> int:
    """Return how many messages of the clinic the person hasn't had before them."""
    return context.store.messages.unread()


def _letter(context: Context, message: Message) -> Letter:
    if message.direction is Direction.FROM_CLINIC:
        said = fields.unpack(ClinicMessage, message.body)
        return Letter(message.id, said.author, said.text, said.sent_ms, new=message.seen_ms is None)
    kept = json.loads(message.body)
    return Letter(
        message.id,
        "",
        kept["text"],
        message.sent_ms,
        call_me=kept["call_me"],
        standing=standing(context, message.id),
    )


def find(found: Sequence[Letter], letter_id: str) -> Letter | None:
    """Return the message of that id."""
    return next((each for each in found if each.id == letter_id), None)
