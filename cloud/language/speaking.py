"""The language of the request that is answered now, and the functions that say something in it.

A request has a conversation of its own, kept in a context variable: it begins in the language that
the browser asks for and goes on in the one that the member chose, once it is known who asks. A
thread that the request starts shares it. Nothing is translated at import.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

from cloud.language.languages import ENGLISH, LANGUAGES, Language

LOCALES = Path(__file__).resolve().parents[1] / "locales"
DOMAIN = "circlet"


@dataclass(frozen=True)
class _Spoken:
    """A language with its words."""

    language: Language
    words: NullTranslations


@dataclass
class _Conversation:
    """What one request speaks; replaced as one value, so that no thread sees half of it."""

    spoken: _Spoken


_ENGLISH = _Spoken(ENGLISH, NullTranslations())
_conversation: ContextVar[_Conversation | None] = ContextVar("conversation", default=None)


@contextmanager
def conversation(code: str, words: NullTranslations | None = None) -> Iterator[None]:
    """Speak a language within; ``words`` come from elsewhere than our catalogues.

    ``KeyError`` names a code that isn't one of ours.
    """
    spoken = _spoken(code) if words is None else _Spoken(LANGUAGES[code], words)
    token = _conversation.set(_Conversation(spoken))
    try:
        yield
    finally:
        _conversation.reset(token)


def switch(code: str) -> None:
    """Go on in another language in the conversation that runs; nothing where none does."""
    conversation = _conversation.get()
    if conversation is not None and conversation.spoken.language.code != code:
        conversation.spoken = _spoken(code)


def current() -> Language:
    """Return the language that is spoken."""
    return _now().language


def _(text: str) -> str:
    """Return a text of ours in the language spoken. The text is a literal, so that it is found."""
    return _now().words.gettext(text)


def n_(one: str, many: str, number: int) -> str:
    """Return the form for a number: ``n_("one pulse", "{count} pulses", count)``.

    The number isn't filled in: call ``.format(count=count)`` on the answer.
    """
    return _now().words.ngettext(one, many, number)


def p_(context: str, text: str) -> str:
    """Return a text whose translation depends on where it stands, which the context says."""
    return _now().words.pgettext(context, text)


class Phrase(str):
    """A text of ours that is filled into another, and said in the same language."""


def mark(text: str) -> str:
    """Return the text itself: in a table, to be found by `make words` and said by `told` later."""
    return text


def told(text: str) -> str:
    """Return a text that stands elsewhere (`mark`ed, or one of `shared`) in the language spoken."""
    return _now().words.gettext(text) if text else ""


def _now() -> _Spoken:
    conversation = _conversation.get()
    return _ENGLISH if conversation is None else conversation.spoken


@cache
def _spoken(code: str) -> _Spoken:
    language = LANGUAGES[code]
    return _Spoken(language, translation(DOMAIN, LOCALES, languages=[code], fallback=True))
