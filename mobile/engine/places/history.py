"""History and export: gathers, makes a file beside the loop, and says where it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from mobile.engine import history
from mobile.engine.places.place import Draft, Place
from mobile.engine.words import KNOWN, sentence_of
from mobile.exporting import OwnRecord, bundle, table, visit_page
from mobile.language import _
from mobile.presenters.history import HistoryFacts, Kind, PastSession, history_page
from mobile.presenters.views import View

_MAKERS: dict[Kind, tuple[Callable[[OwnRecord], bytes], str]] = {
    Kind.PAGE: (visit_page, "circlet-visit-{day}.pdf"),
    Kind.TABLE: (table, "circlet-table-{day}.csv"),
    Kind.BUNDLE: (bundle, "circlet-record-{day}.json"),
}


class History(Place):
    """What there is. A killed app comes back to the list; a half-made file doesn't stay."""

    name: ClassVar[str] = "history"

    def recall(self, draft: Draft) -> None:
        """Read anew what there is."""
        self._sessions: tuple[PastSession, ...] = ()
        self._far: tuple[int, int] | None = None
        self._saved: str | None = None
        self._problem: str | None = None
        self.ways.spawn(self._read())

    def view(self) -> View:
        """Return the page."""
        done, count = self._far or (None, 0)
        return history_page(
            HistoryFacts(
                now=self.context.now,
                sessions=self._sessions,
                checkins=len(self.context.store.checkins.all()),
                done=done,
                count=count,
                saved=self._saved,
                problem=self._problem,
            )
        )

    def press(self, button: str) -> None:
        """Make a file, or leave."""
        if button in set(Kind) and self._far is None:
            self.ways.begin(self._make(Kind(button)))
        else:
            super().press(button)

    async def _read(self) -> None:
        record = await history.gather(self.context, lambda _done, _count: None)
        self._sessions = tuple(
            PastSession(
                each.number,
                each.ended_ms,
                each.charged_pulses,
                each.planned_pulses,
                each.completed,
            )
            for each in reversed(record.sessions)
        )
        self.context.changed()

    async def _make(self, kind: Kind) -> None:
        self._saved = self._problem = None
        self._watch(0, 1)
        try:
            record = await history.gather(self.context, self._watch)
            make, name = _MAKERS[kind]
            data = await asyncio.to_thread(make, record)
            day = record.now.here.date().isoformat()
            path = await asyncio.to_thread(_save, self.context.exports, name.format(day=day), data)
            self._saved = str(path)
        except OSError as problem:
            self._problem = _("It can't be written ({problem}).").format(problem=problem.strerror)
        except KNOWN as problem:
            self._problem = sentence_of(problem)
        finally:
            self._far = None
            self.context.changed()

    def _watch(self, done: int, count: int) -> None:
        self._far = (done, count)
        self.context.changed()


def _save(folder: Path, name: str, data: bytes) -> Path:
    """Write under a name that's free; what is half written never stands under it."""
    folder.mkdir(parents=True, exist_ok=True)
    stem, dot, suffix = name.rpartition(".")
    path, number = folder / name, 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{dot}{suffix}"
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path
