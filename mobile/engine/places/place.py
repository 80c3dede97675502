"""A place: where the person is, once the day has begun. Shows a view, takes touches, one flow each.

`Ways` is what a place may do beyond itself: open another, go back, start work.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from mobile.presenters.actions import Padded
from mobile.presenters.views import View

if TYPE_CHECKING:
    from mobile.engine.context import Context
    from mobile.engine.tending import Tending
    from mobile.engine.treating import Treating

Draft = Mapping[str, Any]
"""What a place remembers of itself: values of JSON."""

Work = Coroutine[Any, Any, None]


class Place(ABC):
    """Made anew each time it's opened; `draft` is what it was when the app was killed in it."""

    name: ClassVar[str]
    """By this it's opened, also after a restart."""

    outlasts_the_app: ClassVar[bool] = True
    """Whether a restart comes back to it."""

    def __init__(self, ways: Ways, draft: Draft) -> None:
        self.ways = ways
        self.context = ways.context
        self.recall(draft)

    @property
    def is_counting(self) -> bool:
        """Whether a figure on the page runs, so that it's made anew twice a second."""
        return False

    @abstractmethod
    def view(self) -> View:
        """Return what is shown now; called at each change of what is known."""

    def recall(self, draft: Draft) -> None:  # noqa: B027 - not every place has
        """Take up what was remembered, or arguments of whoever opened it; both may be empty."""

    def draft(self) -> Draft:
        """Return what `recall` needs to come back to the same state."""
        return {}

    def press(self, button: str) -> None:
        """A button was touched; ``back`` leaves."""
        if button in ("back", "home", "done"):
            self.ways.back()

    def choose(self, choice: str, group: str) -> None:  # noqa: B027 - not every place has
        """A choice was touched."""

    def typed(self, field: str, text: str) -> None:  # noqa: B027 - not every place has
        """A line now holds this text. Needs no new view: the line shows it already."""

    def padded(self, touch: Padded) -> None:  # noqa: B027 - not every place has
        """A pad of a task was touched, or its time is over."""


Opener = Callable[["Ways", Draft], Place]


class Ways:
    """The ways out of a place, and what it works with."""

    def __init__(
        self,
        context: Context,
        tending: Tending,
        treating: Treating,
        spawn: Callable[[Work], object],
        begin: Callable[[Work], None],
        openers: Mapping[str, Opener],
        keep: Callable[[object], None],
    ) -> None:
        self.context, self.tending, self.treating = context, tending, treating
        self.spawn = spawn
        """Run beside everything; what fails is said on the screen."""
        self.begin = begin
        """Run as the one flow of the moment; a second touch meanwhile does nothing."""
        self.keep = keep
        """Keep, within a transaction, a place as the one a restart comes back to; with anything
        else it comes back to the day. What is told to the clinic and that it was told hold
        together, so that a kill between them can't have it told twice."""
        self._openers = openers
        self._behind: list[tuple[str, Draft]] = []

    def knows(self, name: str) -> bool:
        """Return whether there's a place of that name."""
        return name in self._openers

    @property
    def known(self) -> frozenset[str]:
        """The names of all places."""
        return frozenset(self._openers)

    def open(self, name: str, **draft: Any) -> None:
        """Go to a place; `back` comes back to where the person was."""
        here = self.context.screen
        if isinstance(here, Place) and here.name != name:
            self._behind.append((here.name, here.draft()))
        self._show(name, draft)

    def made(self, name: str, draft: Draft) -> Place:
        """Return a place as it would be opened, without going there."""
        return self._openers[name](self, draft)

    def open_first(self, name: str, draft: Draft) -> None:
        """Go to a place with nothing behind it: from the bar, or after a restart."""
        self._behind.clear()
        self._show(name, draft)

    def back(self) -> None:
        """Go to where the person came from, or to the day."""
        if self._behind:
            self._show(*self._behind.pop())
        else:
            self.home()

    def home(self) -> None:
        """Go to the day."""
        self._behind.clear()
        self.context.go_home()

    def _show(self, name: str, draft: Draft) -> None:
        self.context.go(self.made(name, draft))
