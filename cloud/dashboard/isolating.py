"""Text that somebody typed, kept from turning its surroundings round.

What turns the direction of reading by command (Unicode's embeddings, overrides and isolates) is
shown as an escape, as the signing desk does. A text with letters that are read from right to left
is isolated, so that an age or a full stop beside an Arabic name stays where it belongs. Not for
letters themselves: whoever writes Arabic reads Arabic.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

_COMMANDS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BEGIN, _END = "\u2068", "\u2069"
"""FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE: UAX 9, section 2.4."""
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


def harmless(value: Any) -> Any:
    """Return a value as a page shows it; what a template made of such values is so already."""
    if not isinstance(value, str) or isinstance(value, Markup) or value.isascii():
        return value
    shown = _COMMANDS.sub(_escaped, value)
    turned = any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in shown)
    return f"{_BEGIN}{shown}{_END}" if turned else shown


def typed(value: object) -> Markup:
    """Return a text for an input, which is sent back as it stands: escaped and nothing else."""
    return escape(value)


def isolating(say: Callable[..., str]) -> Callable[..., str]:
    """Return a gettext function that keeps each value of a sentence to itself."""

    @pass_context
    def said(context: Context, *texts: Any, **values: Any) -> str:
        return say(context, *texts, **{name: harmless(each) for name, each in values.items()})

    return said


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{{{ord(found[0]):x}}}"
