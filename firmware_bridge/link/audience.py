"""A list of callbacks that anybody may join and leave."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Audience(Generic[T]):
    """Everybody who wants to hear of a kind of event."""

    def __init__(self) -> None:
        self._members: dict[object, Callable[[T], None]] = {}

    def join(self, callback: Callable[[T], None]) -> Callable[[], None]:
        """Hear of it from now on; call what is returned to leave."""
        ticket = object()
        self._members[ticket] = callback

        def leave() -> None:
            self._members.pop(ticket, None)

        return leave

    def tell(self, event: T) -> None:
        for callback in list(self._members.values()):
            callback(event)
