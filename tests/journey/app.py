"""The patient's hands and eyes at the app: every touch is a real one in the Kivy window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.journey.lines import Lines


class App:
    """The window, by its drive port."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    async def tap(self, target: str, *, within_s: float = 30) -> None:
        """Touch what has this drive id, once it is there."""
        question = {"do": "tap", "id": target, "timeout_s": within_s}
        await self._lines.ask(question, within_s=within_s + 5)

    async def type(self, target: str, text: str) -> None:
        """Type into a field."""
        await self._lines.ask({"do": "type", "id": target, "text": text})

    async def wait(
        self, screen: str, text: str | None = None, *, within_s: float = 60
    ) -> dict[str, Any]:
        """Wait until a screen shows, with ``text`` somewhere on it, and return its view."""
        question: dict[str, Any] = {"do": "wait", "screen": screen, "timeout_s": within_s}
        if text is not None:
            question["text"] = text
        await self._lines.ask(question, within_s=within_s + 5)
        return await self.view()

    async def view(self) -> dict[str, Any]:
        """Return what is shown: the screen's name and its view."""
        return await self._lines.ask({"do": "view"})

    async def shot(self, path: Path) -> None:
        """Save a picture of the window."""
        await self._lines.ask({"do": "shot", "path": str(path)})

    async def do(self, name: str, **arguments: Any) -> dict[str, Any]:
        """Ask the app for something that no finger can do."""
        return await self._lines.ask({"do": name, **arguments})

    async def close(self) -> None:
        """Hang up."""
        await self._lines.close()
