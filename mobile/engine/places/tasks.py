"""The three short tasks. One that is left, or killed, begins anew: half a task tells nothing."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import ClassVar

from mobile.engine import answer_book
from mobile.engine.places.place import Draft, Place
from mobile.engine.words import KNOWN, sentence_of
from mobile.language import _
from mobile.presenters import tasks
from mobile.presenters.actions import Padded, PadTouch
from mobile.presenters.tasks import DELETE, DIGIT, NEXT, START, LightFacts
from mobile.presenters.views import View
from shared.instruments.questionnaire import Task
from shared.instruments.registry import task_data
from shared.instruments.tasks import digit_span, reaction, tapping
from shared.instruments.tasks.digit_span import Span
from shared.instruments.tasks.tapping import LEFT, RIGHT, Tap

Chance = Callable[[int, int], int]
CHANCE: Chance = secrets.SystemRandom().randint
"""Waits and figures can't be learned by heart."""


class TaskPlace(Place):
    """What all tasks share: an introduction, the run, and what it came to."""

    task: ClassVar[Task]
    figure_names: ClassVar[tuple[str, ...]]

    def recall(self, draft: Draft) -> None:
        self._figures: tuple[int, ...] | None = (
            tuple(draft["figures"]) if draft.get("figures") else None
        )
        self._running = False

    def draft(self) -> Draft:
        return {"figures": list(self._figures) if self._figures else None}

    def view(self) -> View:
        if self._figures is not None:
            return tasks.done_view(self.task, self._figures)
        return self.run_view() if self._running else tasks.intro_view(self.task)

    def run_view(self) -> View:
        """Return what is shown while it runs."""
        raise NotImplementedError

    def begin(self) -> None:
        """Begin a run."""
        raise NotImplementedError

    def press(self, button: str) -> None:
        if button == START and not self._running and self._figures is None:
            self._running = True
            self.begin()
        elif button == "back" and self._running:
            self._running = False
        else:
            super().press(button)

    def finish(self, figures: tuple[int, ...]) -> None:
        """Keep the figures and show them."""
        context = self.context
        self._running = False
        try:
            answer_book.hand_in_task(context, task_data(self.task), self.figure_names, figures)
        except KNOWN as problem:
            context.say(_("Your figures aren't kept"), sentence_of(problem))
            return
        self._figures = figures


class Reaction(TaskPlace):
    """A touch at each light, for three minutes."""

    name = Task.REACTION.value
    task = Task.REACTION
    figure_names = ("touches", "median_ms", "speed_per_1000_s", "lapses", "false_starts")

    def begin(self) -> None:
        self._began_ms = self.context.clock.elapsed_ms()
        self._times: list[int] = []
        self._early, self._run = 0, 0
        self._last_ms: int | None = None
        self._was_early = False
        self._next_light()

    def _next_light(self) -> None:
        self._run += 1
        self._wait_ms = reaction.reaction_rules().wait_ms(CHANCE)

    def _left_ms(self) -> int:
        gone = self.context.clock.elapsed_ms() - self._began_ms
        return max(0, reaction.reaction_rules().length_ms - gone)

    def run_view(self) -> View:
        return tasks.light_view(
            LightFacts(
                run=self._run,
                wait_ms=self._wait_ms,
                limit_ms=reaction.NO_ANSWER_MS,
                left_ms=self._left_ms(),
                length_ms=reaction.reaction_rules().length_ms,
                last_ms=self._last_ms,
                was_early=self._was_early,
            )
        )

    def padded(self, touch: Padded) -> None:
        if not self._running or touch.run != self._run:
            return
        self._was_early = touch.what is PadTouch.EARLY
        self._last_ms = touch.ms if touch.what is PadTouch.TOUCH else None
        if touch.what is PadTouch.EARLY:
            self._early += 1
        elif touch.what is PadTouch.TOUCH:
            self._times.append(touch.ms)
        else:
            self._times.append(reaction.NO_ANSWER_MS)
        if self._left_ms() == 0:
            self.finish(reaction.score(self._times, self._early).as_answers())
        else:
            self._next_light()


class Tapping(TaskPlace):
    """Two targets in turn, the weaker hand first."""

    name = Task.TAPPING.value
    task = Task.TAPPING
    figure_names = ("taps", "variation_percent", "other_taps", "other_variation", "ratio_percent")

    def begin(self) -> None:
        self._hands: list[list[Tap]] = [[]]

    def run_view(self) -> View:
        return tasks.tapping_view(
            run=len(self._hands),
            limit_ms=tapping.length_ms(),
            other_hand=len(self._hands) > 1,
            taps=tapping.score(self._hands[-1]).taps,
        )

    def padded(self, touch: Padded) -> None:
        if not self._running or touch.run != len(self._hands):
            return
        if touch.what is PadTouch.END:
            self._next_hand()
        elif touch.what in (PadTouch.LEFT, PadTouch.RIGHT):
            target = LEFT if touch.what is PadTouch.LEFT else RIGHT
            self._hands[-1].append(Tap(target, touch.ms))

    def _next_hand(self) -> None:
        if len(self._hands) == 1:
            self._hands.append([])
            return
        weaker, other = (tapping.score(taps) for taps in self._hands)
        self.finish(tapping.as_answers(weaker, other))


class DigitSpan(TaskPlace):
    """Figures shown one by one, then touched in order; then the same from the end."""

    name = Task.DIGIT_SPAN.value
    task = Task.DIGIT_SPAN
    figure_names = ("forward", "backward")

    def begin(self) -> None:
        self._span: Span = digit_span.begin(backward=False)
        self._forward = 0
        self._right: bool | None = None
        self._shown: tuple[int, ...] = ()
        self._typed: list[int] = []
        self._showing: int | None = None
        self._is_typing = False

    def run_view(self) -> View:
        if self._showing is not None:
            figure = self._shown[self._showing] if self._showing < len(self._shown) else None
            return tasks.figure_view(self._span, figure)
        if self._is_typing:
            return tasks.typing_view(self._span, self._typed)
        return tasks.between_view(self._span, right=self._right)

    def press(self, button: str) -> None:
        if not self._running:
            super().press(button)
        elif button == NEXT and self._showing is None and not self._is_typing:
            self._shown = digit_span.figures(self._span.length, CHANCE)
            self._showing, self._typed = 0, []
            self.ways.spawn(self._show())
        elif button == DELETE and self._is_typing and self._typed:
            self._typed.pop()
        else:
            super().press(button)

    def choose(self, choice: str, group: str) -> None:
        if group != DIGIT or not self._running or not self._is_typing:
            return
        self._typed.append(int(choice))
        if len(self._typed) == len(self._shown):
            self._tried()

    async def _show(self) -> None:
        """One figure after the other, as long as the person looks."""
        context, shown = self.context, self._shown
        for index in range(len(shown)):
            if not self._running or context.screen is not self or self._shown is not shown:
                return
            self._showing = index
            context.changed()
            await context.clock.sleep_ms(digit_span.span_rules().figure_ms)
        if self._running and self._shown is shown:
            self._showing, self._is_typing = None, True
            context.changed()

    def _tried(self) -> None:
        backward = self._span.backward
        self._is_typing = False
        self._right = digit_span.is_right(self._shown, tuple(self._typed), backward=backward)
        self._span = digit_span.after_try(self._span, right=self._right)
        if not self._span.ended:
            return
        if backward:
            self.finish((self._forward, self._span.span))
            return
        self._forward, self._right = self._span.span, None
        self._span = digit_span.begin(backward=True)
