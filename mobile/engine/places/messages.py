"""Messages with the clinic: the list, one of them, and the page to answer or to write."""

from __future__ import annotations

from typing import ClassVar

from mobile.engine import correspondence
from mobile.engine.places.place import Draft, Place
from mobile.presenters import messages
from mobile.presenters.messages import AnswerFacts, LettersFacts
from mobile.presenters.views import View


class Messages(Place):
    """Every message, the newest first."""

    name: ClassVar[str] = "messages"

    def view(self) -> View:
        """Return the list."""
        return messages.list_page(_facts(self))

    def press(self, button: str) -> None:
        """Open one, or write."""
        kind, _, letter_id = button.partition("/")
        if kind == "message":
            self.ways.open("message", id=letter_id)
        elif button == "write":
            self.ways.open("answer")
        else:
            super().press(button)


class OneMessage(Place):
    """One message, with its answers; having it before oneself is having read it."""

    name: ClassVar[str] = "message"

    def recall(self, draft: Draft) -> None:
        """Take up which one."""
        self.id = str(draft.get("id", ""))
        correspondence.see(self.context, self.id)

    def draft(self) -> Draft:
        """Return which one."""
        return {"id": self.id}

    def view(self) -> View:
        """Return it; where it's gone, the list."""
        facts = _facts(self)
        letter = correspondence.find(facts.letters, self.id)
        if letter is None:
            return messages.list_page(facts)
        return messages.letter_page(facts, letter, correspondence.answers_to(self.context, self.id))

    def press(self, button: str) -> None:
        """Answer, or go back."""
        if button == "answer":
            self.ways.open("answer", id=self.id)
        else:
            super().press(button)


class Answer(Place):
    """An answer, or a word of one's own; what is half written outlasts the app."""

    name: ClassVar[str] = "answer"

    def recall(self, draft: Draft) -> None:
        """Take up what is answered, and how far it has come."""
        self.id = str(draft.get("id", ""))
        self.sentence_id = str(draft.get("sentence", ""))
        self.call_me = bool(draft.get("call", False))
        self.text = str(draft.get("text", ""))
        self.problem: str | None = None

    def draft(self) -> Draft:
        """Return it."""
        return {
            "id": self.id,
            "sentence": self.sentence_id,
            "call": self.call_me,
            "text": self.text,
        }

    def view(self) -> View:
        """Return the page."""
        return messages.answer_page(
            AnswerFacts(
                now=self.context.now,
                card=self.context.card,
                answered=correspondence.find(correspondence.letters(self.context), self.id),
                sentence_id=self.sentence_id,
                call_me=self.call_me,
                text=self.text,
                problem=self.problem,
            )
        )

    def choose(self, choice: str, group: str) -> None:
        """A second touch takes it back."""
        if group == messages.CALLS:
            self.call_me = not self.call_me
        else:
            self.sentence_id = "" if choice == self.sentence_id else choice

    def typed(self, field: str, text: str) -> None:
        """Own words."""
        self.text = text

    def press(self, button: str) -> None:
        """Send it, where it says anything."""
        if button != "send":
            super().press(button)
        elif self.text.strip() or self.sentence_id or self.call_me:
            self._send()
            self.ways.back()
        else:
            self.problem = messages.nothing_to_send()

    def _send(self) -> None:
        with self.context.store.transaction():
            correspondence.send(
                self.context,
                text=self.text,
                sentence_id=self.sentence_id,
                call_me=self.call_me,
                answers=self.id or None,
            )
            self.ways.keep(None)


def _facts(place: Place) -> LettersFacts:
    context = place.context
    return LettersFacts(context.now, context.card, correspondence.letters(context))
