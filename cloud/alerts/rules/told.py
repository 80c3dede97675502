"""What a patient tells that asks for an answer: a message, a call, a consent taken back, a lost
phone. All today (own choice)."""

from __future__ import annotations

from collections.abc import Iterator

from cloud.alerts.facts import Told
from cloud.alerts.findings import TODAY, Cause, Finding
from cloud.alerts.told_words import section_words
from shared.care.bodies import Consent, MessageOut, PhoneLost


def told(fact: Told) -> Iterator[Finding]:
    """Yield what asks for an answer."""
    item = fact.item
    if isinstance(item, MessageOut):
        title = "The patient asks for a call" if item.call_me else "A message from the patient"
        words = item.text.strip() or "Without words."
        yield Finding(Cause(f"message/{fact.item_id}", TODAY, title), words)
    elif isinstance(item, Consent) and not item.given:
        title = f"Consent taken back: {section_words(item)}"
        cause = Cause(f"consent/{fact.item_id}", TODAY, title)
        yield Finding(cause, "What rests on this section must end.")
    elif isinstance(item, PhoneLost) and item.missing_days:
        days = len(item.missing_days)
        cause = Cause(f"phone-lost/{fact.item_id}", TODAY, "Answers of a lost phone are missing")
        reason = f"Of {days} {'day' if days == 1 else 'days'}, {item.missing_days[0]} the first."
        yield Finding(cause, reason)
