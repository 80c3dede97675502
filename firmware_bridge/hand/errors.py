"""What can go wrong at the band's button."""

from __future__ import annotations


class HandError(Exception):
    """The button could not be pressed, or the surface didn't do what was asked."""

    code = "hand"


class SurfaceGone(HandError):
    """Nothing answers at the control surface's address."""

    code = "hand.surface_gone"

    def __init__(self, url: str, problem: object) -> None:
        super().__init__(f"The control surface at {url} doesn't answer: {problem}.")


class SurfaceRefused(HandError):
    """The control surface answered no."""

    code = "hand.surface_refused"

    def __init__(self, path: str, status: int, words: str) -> None:
        super().__init__(f"The control surface refused {path} ({status}): {words}")
        self.status = status


class NobodyThere(HandError):
    """A person was asked, and no line came."""

    code = "hand.nobody"

    def __init__(self) -> None:
        super().__init__("Nobody answers at this terminal.")
