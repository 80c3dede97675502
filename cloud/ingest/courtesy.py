"""A large upload stands back, in the midst of its work, while a small one of another clinic is
verified or worked on: they share one processor, and the small one is soon over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition

PATIENCE_S = 10.0
"""How long one upload stands back in all; then it goes on as everybody does."""


class Courtesy:
    """The small uploads that are worked on, by clinic; for threads."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._changed = Condition()
        self._small: Counter[str] = Counter()
        self._patience_s = patience_s

    @contextmanager
    def small(self, clinic_id: str) -> Iterator[None]:
        """Say that a small upload of a clinic is worked on."""
        with self._changed:
            self._small[clinic_id] += 1
        try:
            yield
        finally:
            with self._changed:
                self._small[clinic_id] -= 1
                self._small = +self._small
                self._changed.notify_all()

    def for_upload(self, clinic_id: str, now_s: Callable[[], float]) -> Callable[[], None]:
        """Return what a large upload is to call again and again, and what then waits."""
        left_s = self._patience_s

        def stand_back() -> None:
            nonlocal left_s
            if not self._small or left_s <= 0:
                return
            began_s = now_s()
            with self._changed:
                self._changed.wait_for(lambda: not self._others(clinic_id), left_s)
            left_s -= now_s() - began_s

        return stand_back

    def _others(self, clinic_id: str) -> bool:
        return any(other != clinic_id for other in self._small)
