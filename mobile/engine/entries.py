"""What the person writes between sessions: kept sealed as notes, told where they agreed to it.

An entry keeps its own id over every change, so that the clinic knows a change from a second entry.
A form that isn't finished is a draft, one for each form and each entry that is being changed.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING

from mobile.engine.caring import tell
from mobile.presenters import entries as pages
from mobile.presenters import forms
from mobile.presenters.entries import Entry, SharingFacts
from mobile.presenters.forms import Form
from mobile.store.notes import Note, NoteKind
from shared.care.bodies import Homework, MedicineTaken, Told
from shared.trust.statements import ID_BYTES

if TYPE_CHECKING:
    from mobile.engine.context import Context

WRITING = "writing"
"""The consent's section about what the person writes."""

_KINDS = {
    forms.THOUGHT_RECORD: NoteKind.THOUGHT_RECORD,
    forms.ACTIVITY_PLAN: NoteKind.ACTIVITY_PLAN,
    forms.MEDICINE: NoteKind.MEDICINE,
    forms.NOTE: NoteKind.NOTE,
}
_SUGGESTIONS = 6


class Entries:
    """The entries of all forms."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._notes = context.store.notes

    @property
    def sharing(self) -> SharingFacts:
        """Whether the clinic is told what is written."""
        shared = self._context.store.consents.holds(WRITING)
        return SharingFacts(self._context.card.clinic_name, shared)

    def all_of(self, form: Form) -> tuple[Entry, ...]:
        """Return a form's entries, the newest first."""
        found = [_entry(note) for note in self._notes.all_of(_KINDS[form.id])]
        return tuple(sorted(found, key=lambda entry: -entry.at_ms))

    def get(self, entry_id: str) -> Entry | None:
        """Return the entry of that note."""
        note = self._notes.get(entry_id)
        return None if note is None or note.kind not in _KINDS.values() else _entry(note)

    def keep(self, form: Form, texts: Mapping[str, str], *, in_place_of: str = "") -> str:
        """Keep an entry, new or in an old one's place; tell it where that was agreed to."""
        context = self._context
        before = self.get(in_place_of) if in_place_of else None
        thread = secrets.token_hex(ID_BYTES) if before is None else before.entry_id
        said = pages.kept(form, texts, context.now)
        body = json.dumps({"entry": thread, "texts": said}).encode()
        now_ms = context.instants.wall_ms()
        with context.store.transaction():
            if before is None:
                note_id = self._notes.add(_KINDS[form.id], body, now_ms=now_ms)
            else:
                note_id = before.id
                self._notes.change(note_id, body, now_ms=now_ms)
            self.drop_draft(form, in_place_of)
            self._tell(form, thread, said, removed=False)
        return note_id

    def remove(self, entry: Entry) -> None:
        """Take an entry away, here and where it was told."""
        with self._context.store.transaction():
            self._notes.erase(entry.id)
            self._tell(forms.form_of(entry.form), entry.entry_id, entry.texts, removed=True)

    def put_back(self, form: Form, kept: Mapping[str, str], thread: str) -> None:
        """Undo a removal: the same entry, in its own words."""
        body = json.dumps({"entry": thread, "texts": dict(kept)}).encode()
        with self._context.store.transaction():
            self._notes.add(_KINDS[form.id], body, now_ms=self._context.instants.wall_ms())
            self._tell(form, thread, kept, removed=False)

    def suggestions(self, form: Form) -> tuple[str, ...]:
        """Return names that needn't be typed: those of the person's own log, then the clinic's."""
        if form.id != forms.MEDICINE:
            return ()
        own = [entry.texts.get(form.headline, "") for entry in self.all_of(form)]
        listed = [medicine.name for medicine in self._context.card.medicines]
        names = [name for name in dict.fromkeys([*own, *listed]) if name]
        return tuple(names[:_SUGGESTIONS])

    # Drafts

    def draft(self, form: Form, entry_id: str = "") -> dict[str, str] | None:
        """Return what was written of a form that wasn't finished."""
        kept = self._notes.draft(_draft_name(form, entry_id))
        return None if kept is None else dict(json.loads(kept))

    def keep_draft(self, form: Form, texts: Mapping[str, str], entry_id: str = "") -> None:
        """Keep it as far as it is."""
        self._notes.keep_draft(
            _draft_name(form, entry_id),
            json.dumps(dict(texts)).encode(),
            now_ms=self._context.instants.wall_ms(),
        )

    def drop_draft(self, form: Form, entry_id: str = "") -> None:
        """It's finished, or not wanted."""
        self._notes.drop_draft(_draft_name(form, entry_id))

    def _tell(self, form: Form, thread: str, said: Mapping[str, str], *, removed: bool) -> None:
        if not self.sharing.shared:
            return
        entry_id = bytes.fromhex(thread)
        if form.id == forms.MEDICINE:
            taken = MedicineTaken(
                entry_id,
                said.get("name", "?"),
                said.get("dose", ""),
                int(said[pages.TAKEN]),
                removed=removed,
            )
            tell(self._context, taken)
            return
        texts = () if removed else tuple(Told(name, text) for name, text in said.items())
        tell(self._context, Homework(form.id, entry_id, texts, removed=removed))


def _entry(note: Note) -> Entry:
    kept = json.loads(note.body)
    form_id = next(form_id for form_id, kind in _KINDS.items() if kind is note.kind)
    return Entry(note.id, form_id, kept["entry"], kept["texts"], note.created_ms)


def _draft_name(form: Form, entry_id: str) -> str:
    return f"{form.id}/{entry_id}" if entry_id else form.id
