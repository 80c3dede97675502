"""An engine that shows nothing and hears nothing: for what concerns the window alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from mobile.presenters.actions import Action
from mobile.presenters.appearance import Appearance
from mobile.presenters.views import View


class QuietEngine:
    """Says only when the window is there."""

    def __init__(self) -> None:
        self.started = asyncio.Event()

    def subscribe(self, callback: Callable[[View], None]) -> None:
        """There's nothing to hear."""

    def subscribe_look(self, callback: Callable[[Appearance], None]) -> None:
        """There's nothing to wear."""

    def act(self, action: Action) -> None:
        """Touches lead nowhere."""

    def start(self) -> None:
        self.started.set()

    def stop(self) -> None:
        """It doesn't run."""

    def drive(self, name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        return {}
