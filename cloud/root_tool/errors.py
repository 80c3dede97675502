"""What stops the root's tool, as one kind of error."""

from __future__ import annotations


class RootToolError(Exception):
    """Nothing was issued; ``code`` is stable, ``str()`` is for the root's holder."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
