"""The speech port: the platform's own voice reads a cue aloud. Not a reader of whole screens."""

from __future__ import annotations

from typing import Protocol


class Speech(Protocol):
    """One voice; what is new interrupts what was being said."""

    @property
    def sentence(self) -> str:
        """Which voice this system has, or that it has none, in words for the person."""

    @property
    def is_there(self) -> bool:
        """Whether anything would be heard, as far as this system tells."""

    async def say(self, text: str, language: str) -> None:
        """Say it in the language (``en``, ``de``, ``ar``); silent where there is no voice."""

    async def hush(self) -> None:
        """Say nothing more."""
