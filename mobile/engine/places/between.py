"""Between sessions: the page of all forms, a form's list, one entry, and the form step by step."""

from __future__ import annotations

from typing import ClassVar

from mobile.engine import correspondence
from mobile.engine.entries import Entries
from mobile.engine.places.place import Draft, Place
from mobile.presenters import entries as pages
from mobile.presenters import forms
from mobile.presenters.entries import HubFacts, ListFacts, StepFacts
from mobile.presenters.forms import Form, Step
from mobile.presenters.messages import unread_words
from mobile.presenters.views import View


class Between(Place):
    """What there is to write and to read between sessions."""

    name: ClassVar[str] = "between"

    def view(self) -> View:
        """Return the page."""
        entries = Entries(self.context)
        drafts = {form.id for form in forms.FORMS if entries.draft(form) is not None}
        return pages.hub_page(
            HubFacts(
                clinic_name=self.context.card.clinic_name,
                counts={form.id: len(entries.all_of(form)) for form in forms.FORMS},
                unfinished=frozenset(drafts),
                messages=unread_words(correspondence.unread(self.context)),
            )
        )

    def press(self, button: str) -> None:
        """Open messages, or a form's list."""
        if self.ways.knows(button):
            self.ways.open(button)
        else:
            super().press(button)


class EntryList(Place):
    """A form's entries. What was just removed can be put back until the page is left."""

    form_id: ClassVar[str]

    @property
    def form(self) -> Form:
        """The form that the list is of."""
        return forms.form_of(self.form_id)

    def recall(self, draft: Draft) -> None:
        """Take up what was just removed."""
        self.entries = Entries(self.context)
        self.removed = dict(draft.get("removed", {}))

    def draft(self) -> Draft:
        """Return it."""
        return {"removed": self.removed}

    def view(self) -> View:
        """Return the list."""
        unfinished = self.entries.draft(self.form)
        return pages.list_page(
            ListFacts(
                now=self.context.now,
                form=self.form,
                entries=self.entries.all_of(self.form),
                sharing=self.entries.sharing,
                unfinished=None if unfinished is None else pages.headline(self.form, unfinished),
                removed=bool(self.removed),
            )
        )

    def press(self, button: str) -> None:
        """Write, read, or put back what was removed."""
        kind, _, entry_id = button.partition("/")
        if button == "undo" and self.removed:
            self._undo()
            return
        self.removed = {}
        if button == "go-on":
            self.ways.open("entry-form", form=self.form_id)
        elif kind == "entry":
            self.ways.open("entry", id=entry_id)
        else:
            super().press(button)

    def _undo(self) -> None:
        removed, self.removed = self.removed, {}
        with self.context.store.transaction():
            if removed["thread"]:
                self.entries.put_back(self.form, removed["texts"], removed["thread"])
            else:
                self.entries.keep_draft(self.form, removed["texts"])
            self.ways.keep(self)


class ThoughtRecords(EntryList):
    """Thought records."""

    name: ClassVar[str] = forms.THOUGHT_RECORD
    form_id: ClassVar[str] = forms.THOUGHT_RECORD


class ActivityPlans(EntryList):
    """Activity plans."""

    name: ClassVar[str] = forms.ACTIVITY_PLAN
    form_id: ClassVar[str] = forms.ACTIVITY_PLAN


class Medicines(EntryList):
    """The medicine log."""

    name: ClassVar[str] = forms.MEDICINE
    form_id: ClassVar[str] = forms.MEDICINE


class Notes(EntryList):
    """Notes."""

    name: ClassVar[str] = forms.NOTE
    form_id: ClassVar[str] = forms.NOTE


class OneEntry(Place):
    """One entry, to read."""

    name: ClassVar[str] = "entry"

    def recall(self, draft: Draft) -> None:
        """Take up which one."""
        self.id = str(draft.get("id", ""))
        self.entries = Entries(self.context)

    def draft(self) -> Draft:
        """Return which one."""
        return {"id": self.id}

    def view(self) -> View:
        """Return it; where it's gone, the page of all forms."""
        entry = self.entries.get(self.id)
        if entry is None:
            return Between(self.ways, {}).view()
        form = forms.form_of(entry.form)
        return pages.entry_page(entry, form, self.entries.sharing, self.context.now)

    def press(self, button: str) -> None:
        """Change it, or remove it: then its list offers to undo that."""
        entry = self.entries.get(self.id)
        if entry is None:
            super().press("back")
        elif button in ("change", "afterwards"):
            form = forms.form_of(entry.form)
            last = len(form.steps) - 1
            self.ways.open(
                "entry-form",
                form=entry.form,
                id=entry.id,
                index=last if button == "afterwards" else 0,
            )
        elif button == "remove":
            self.entries.remove(entry)
            removed = {"thread": entry.entry_id, "texts": dict(entry.texts)}
            self.ways.back()
            self.ways.open(entry.form, removed=removed)
        else:
            super().press(button)


class EntryForm(Place):
    """A form, step by step. What is written is kept letter by letter, and found again."""

    name: ClassVar[str] = "entry-form"

    def recall(self, draft: Draft) -> None:
        """Take up the form, the entry that is changed, and the step."""
        self.form = forms.form_of(str(draft.get("form", forms.NOTE)))
        self.id = str(draft.get("id", ""))
        self.entries = Entries(self.context)
        self.steps = tuple(step for step in self.form.steps if self.id or not step.later)
        self.index = min(max(0, int(draft.get("index", 0))), len(self.steps) - 1)
        self.problem: str | None = None
        self.texts = self._begun()

    def _begun(self) -> dict[str, str]:
        unfinished = self.entries.draft(self.form, self.id)
        if unfinished is not None:
            return unfinished
        entry = self.entries.get(self.id) if self.id else None
        return pages.begun(self.form, {} if entry is None else entry.texts, self.context.now)

    def draft(self) -> Draft:
        """Return where it is; the words themselves are a note of their own."""
        return {"form": self.form.id, "id": self.id, "index": self.index}

    @property
    def step(self) -> Step:
        """The step that is open."""
        return self.steps[self.index]

    def view(self) -> View:
        """Return the step."""
        return pages.step_page(
            StepFacts(
                now=self.context.now,
                form=self.form,
                step=self.step,
                number=self.index + 1,
                count=len(self.steps),
                texts=self.texts,
                suggestions=self.entries.suggestions(self.form),
                problem=self.problem,
            )
        )

    def typed(self, field: str, text: str) -> None:
        """Keep what a line holds now."""
        self._set(field, text)

    def choose(self, choice: str, group: str) -> None:
        """A day, or a name that needn't be typed."""
        self._set(group, choice)

    def press(self, button: str) -> None:
        """Go on, back, or keep nothing."""
        self.problem = None
        if button == "next":
            self._next()
        elif button == "back" and self.index > 0:
            self.index -= 1
        elif button == "discard":
            self._discard()
        else:
            super().press(button)

    def _set(self, field: str, text: str) -> None:
        self.texts[field] = text
        if pages.says_anything(self.form, self.texts):
            self.entries.keep_draft(self.form, self.texts, self.id)
        else:
            self.entries.drop_draft(self.form, self.id)

    def _next(self) -> None:
        self.problem = pages.problem_of(self.step, self.texts)
        if self.problem is not None:
            return
        if self.index + 1 < len(self.steps):
            self.index += 1
        elif not pages.says_anything(self.form, self.texts):
            self.problem = pages.nothing_to_keep()
        else:
            with self.context.store.transaction():
                self.entries.keep(self.form, self.texts, in_place_of=self.id)
                self.ways.keep(None)
            self.ways.back()

    def _discard(self) -> None:
        self.entries.drop_draft(self.form, self.id)
        wrote = not self.id and pages.says_anything(self.form, self.texts)
        texts = dict(self.texts)
        self.ways.back()
        if wrote:
            self.ways.open(self.form.id, removed={"thread": "", "texts": texts})
