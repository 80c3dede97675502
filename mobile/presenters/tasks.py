"""The short tasks: what to do, the task itself, what it came to and what that can't tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mobile.language import _, n_, p_, told
from mobile.presenters.page import (
    Count,
    Figure,
    Group,
    Heading,
    Pad,
    PadKind,
    PageView,
    Push,
    Rows,
    Scale,
    Steps,
    Words,
)
from mobile.presenters.pieces import Choice
from mobile.presenters.task_words import figure_rows, limits_words, milliseconds
from mobile.presenters.words import minutes
from shared.instruments.questionnaire import Task
from shared.instruments.registry import task_data
from shared.instruments.tasks.digit_span import Span

START, NEXT, DELETE = "start-task", "next-figures", "delete-figure"
DIGIT = "digit"


def intro_view(task: Task) -> PageView:
    """Return what the task asks for, before it begins."""
    data = task_data(task)
    steps = {
        Task.REACTION: (
            _("Sit down with the phone before you, one finger near it."),
            _("A light comes at odd moments. Touch it as soon as you see it."),
            _("Don't touch before it comes. It goes on for three minutes."),
        ),
        Task.DIGIT_SPAN: (
            _("Figures come one by one. Remember them."),
            _("Then touch them in the same order; later in the order from the end."),
            _("It gets longer until it's too long. That is meant so, for everybody."),
        ),
        Task.TAPPING: (
            _("Lay the phone on a table."),
            _("Tap left and right in turn, as fast as you can, for ten seconds."),
            _("First with your weaker hand, then with the other."),
        ),
    }
    return PageView(
        name=f"{task}-intro",
        title=told(data.title),
        subtitle=_("It takes about {minutes}").format(minutes=minutes(data.minutes)),
        blocks=(Steps(steps[task]), Words(limits_words(task), soft=True, small=True)),
        foot=(Push(_("Begin"), START, strong=True), Push(_("Back"), "back")),
        help_button=_("Emergency"),
    )


def done_view(task: Task, figures: Sequence[int]) -> PageView:
    """Return what the task came to."""
    return PageView(
        name=f"{task}-done",
        title=_("Thank you"),
        subtitle=told(task_data(task).title),
        blocks=(
            Rows(figure_rows(task, figures)),
            Words(limits_words(task)),
            Words(_("Your care team sees these figures; they go out by themselves."), soft=True),
        ),
        foot=(Push(_("Done"), "done", strong=True),),
        help_button=_("Emergency"),
    )


@dataclass(frozen=True)
class LightFacts:
    """Where the reaction task is: run and wait of the light, the last touch, the time left."""

    run: int
    wait_ms: int
    limit_ms: int
    left_ms: int
    length_ms: int
    last_ms: int | None = None
    was_early: bool = False


def light_view(facts: LightFacts) -> PageView:
    """Return the reaction task while it runs."""
    if facts.was_early:
        words = _("That was before the light. Wait for it.")
    elif facts.last_ms is None:
        words = _("Wait for the light.")
    else:
        words = milliseconds(facts.last_ms)
    return PageView(
        name="reaction-run",
        title=_("Touch the light"),
        subtitle=_("as soon as you see it"),
        blocks=(
            Count(facts.length_ms - facts.left_ms, facts.length_ms),
            Pad("reaction", PadKind.LIGHT, facts.run, facts.limit_ms, facts.wait_ms, words),
        ),
        foot=(Push(_("Stop the task"), "back"),),
    )


def tapping_view(*, run: int, limit_ms: int, other_hand: bool, taps: int) -> PageView:
    """Return the tapping task while one hand taps."""
    return PageView(
        name="tapping-run",
        title=_("Now the other hand") if other_hand else _("Your weaker hand"),
        subtitle=_("The time begins with your first tap"),
        blocks=(
            Figure(p_("a count", "{count}").format(count=taps), _("taps")),
            Pad("tapping", PadKind.TARGETS, run, limit_ms, targets=(_("Left"), _("Right"))),
        ),
        foot=(Push(_("Stop the task"), "back"),),
        place=str(run),
    )


def figure_view(span: Span, figure: int | None) -> PageView:
    """Return one figure while they are shown; None is the moment between."""
    shown = "" if figure is None else p_("a figure to remember", "{figure}").format(figure=figure)
    return PageView(
        name="digit-span-show",
        title=_way(span),
        subtitle=_length(span),
        blocks=(Group((Figure(shown, _("Remember it")),)),),
        foot=(Push(_("Stop the task"), "back"),),
    )


def typing_view(span: Span, typed: Sequence[int]) -> PageView:
    """Return the figures to touch, with what was touched so far."""
    so_far = "  ".join(
        p_("a figure to remember", "{figure}").format(figure=figure) for figure in typed
    )
    return PageView(
        name="digit-span-type",
        title=_way(span),
        subtitle=_length(span),
        blocks=(
            Figure(so_far or "…", _("Touch the figures that you saw")),
            Scale(
                tuple(
                    Choice(str(n), p_("a figure to remember", "{figure}").format(figure=n))
                    for n in range(10)
                ),
                group=DIGIT,
            ),
            Push(
                _("Take the last one back"),
                DELETE,
                why_not="" if typed else _("No figure yet"),
            ),
        ),
        foot=(Push(_("Stop the task"), "back"),),
        place=str(len(typed)),
    )


def between_view(span: Span, *, right: bool | None) -> PageView:
    """Return the pause before the next figures; ``right`` says how the last try was."""
    said = {
        None: _("Look at the figures when you're ready."),
        True: _("Right."),
        False: _("Not quite."),
    }
    return PageView(
        name="digit-span-between",
        title=_way(span),
        subtitle=_length(span),
        blocks=(
            Heading(said[right]),
            Words(
                _("Touch them from the last to the first.")
                if span.backward
                else _("Touch them in the order in which they come.")
            ),
        ),
        foot=(Push(_("Show the figures"), NEXT, strong=True), Push(_("Stop the task"), "back")),
        help_button=_("Emergency"),
    )


def _way(span: Span) -> str:
    return _("Backward") if span.backward else _("Forward")


def _length(span: Span) -> str:
    return n_("{count} figure", "{count} figures", span.length).format(count=span.length)
