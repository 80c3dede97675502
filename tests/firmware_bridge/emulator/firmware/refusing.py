"""What a refusal says, for tests."""

from __future__ import annotations

from shared.wire.operations import Answer, StatusCode


def code(answer: Answer) -> str:
    """Return why an answer refuses."""
    assert answer.status is not StatusCode.OK
    said: str = answer.result.code
    return said


def granted(answer: Answer) -> bool:
    """Return whether an answer grants; show it where it doesn't."""
    assert answer.status is StatusCode.OK, answer
    return True
