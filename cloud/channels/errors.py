"""Why something was not sent."""

from __future__ import annotations


class NotSent(Exception):
    """It may be tried again; ``code`` names what stood in the way and holds nothing private."""

    def __init__(self, code: str, problem: str) -> None:
        super().__init__(f"{code}: {problem}")
        self.code = code
