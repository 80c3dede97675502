"""What every screen is given beside its view: the look, and the way for what a person does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from mobile.kit.theme import Theme
from mobile.presenters.actions import Action, Choose, Padded, PadTouch, Press, Typed


@dataclass(frozen=True)
class Context:
    """``typed`` keeps what was typed on a page for as long as the page stands."""

    theme: Theme
    act: Callable[[Action], None]
    typed: dict[str, str] = field(default_factory=dict)

    def press(self, button: str) -> None:
        self.act(Press(button))

    def choose(self, choice: str, group: str = "") -> None:
        self.act(Choose(choice, group))

    def pad(self, name: str, run: int, what: PadTouch, ms: int) -> None:
        self.act(Padded(name, run, what, ms))

    def type(self, name: str, text: str) -> None:
        self.act(Typed(name, text))

    def beside_stop(self) -> Context:
        """The same where STOP shows: nothing else may be red."""
        return replace(self, theme=self.theme.without_red())
