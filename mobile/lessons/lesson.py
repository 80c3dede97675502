"""What a lesson consists of. Its texts are English, said in the person's language when shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """One answer to a lesson's question. ``words`` come after it was picked, and never blame."""

    text: str
    words: str
    is_right: bool = False


@dataclass(frozen=True)
class Lesson:
    """Half a minute of reading, a picture, and a question.

    ``{emergency}`` in a text stands for the emergency number of where the person is.
    """

    id: str
    title: str
    drawing: str
    in_words: str
    """What the picture shows, for who can't see it."""
    words: tuple[str, ...]
    question: str
    answers: tuple[Answer, ...]

    def __post_init__(self) -> None:
        if sum(answer.is_right for answer in self.answers) != 1:
            raise ValueError(f"answers of {self.id} must hold exactly one right one")

    @property
    def right(self) -> int:
        """The place of the right answer."""
        return next(place for place, answer in enumerate(self.answers) if answer.is_right)
