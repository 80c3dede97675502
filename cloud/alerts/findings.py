"""What a rule finds: a cause, how pressing it is, and the reason in words."""

from __future__ import annotations

from dataclasses import dataclass

NOW, TODAY = "now", "today"
URGENCIES = (NOW, TODAY)


@dataclass(frozen=True)
class Cause:
    """What is wrong: a key that makes it one alert, its urgency, and a title in words.

    ``value`` says how grave it is, as a number that only rises when it grows worse; 0 says that it
    is not so, or no longer. None is for what happened once and has no course.
    """

    key: str
    urgency: str
    title: str
    value: int | None = None


@dataclass(frozen=True)
class Finding:
    """A cause and why it was found."""

    cause: Cause
    reason: str


def nothing(key: str) -> Finding:
    """Return the finding that a cause is not there, or no longer."""
    return Finding(Cause(key, TODAY, "", 0), "")
