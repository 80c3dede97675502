"""Thoughts of self-harm: today at 1, now at 2 or 3 or on a rise.

The item and its steps are of the project's instrument data, after Kroenke, Spitzer, Williams 2001
(the item read there; which answer is how urgent is this product's own rule).
"""

from __future__ import annotations

from collections.abc import Iterator

from cloud.alerts.facts import Answered, Told
from cloud.alerts.findings import NOW, TODAY, Cause, Finding, nothing
from cloud.alerts.rules.red_flag import SELF_HARM_QUESTION
from cloud.alerts.told_words import answer_words
from shared.care.bodies import ScreeningTold
from shared.instruments.items import NOT_SAID
from shared.instruments.questionnaire import SELF_HARM_ITEM

NOW_FROM = 2
KEY = "self-harm"


def self_harm(answered: Answered) -> Iterator[Finding]:
    """Yield what the answer to item 9 asks for; an answer of 0 says that it isn't so."""
    answer = answered.answers.get(SELF_HARM_ITEM)
    if answer is None:
        return
    if answer == NOT_SAID:
        cause = Cause(f"self-harm-unsaid/{answered.item_id}", TODAY, "Item 9 was left out")
        reason = "The patient would rather not say whether there are thoughts of self-harm."
        yield Finding(cause, reason)
        return
    if answer == 0:
        yield nothing(KEY)
        return
    before = answered.self_harm_before
    risen = before is not None and answer > before
    urgency = NOW if answer >= NOW_FROM or risen else TODAY
    cause = Cause(KEY, urgency, f"Thoughts of self-harm, item 9 = {answer}", answer)
    course = f" It was {before} before." if risen else ""
    yield Finding(cause, f"Said in the check-in.{course} The patient needs a call.")


def self_harm_today(told: Told) -> Iterator[Finding]:
    """Yield what a yes before a session asks for: thoughts, on this very day, of ending life."""
    item = told.item
    if isinstance(item, ScreeningTold) and item.question == SELF_HARM_QUESTION:
        title = f"Thoughts of ending life today: {answer_words(item)}"
        cause = Cause(f"self-harm-today/{told.item_id}", NOW, title)
        yield Finding(cause, "Answered before a session. The patient needs a call.")
