"""How templates are read: escaped, strict about names, and in the language of the request."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cloud.alerts.in_words import detail_in_words
from cloud.dashboard.isolating import harmless, isolating, typed
from cloud.holds.reasons import in_words as hold_reason
from cloud.language import _, n_, number, p_, told
from cloud.language.stored import stored


@cache
def environment(folder: Path) -> Environment:
    """Return the templates of a folder: each is compiled once in a process.

    Their texts are ``_("...")`` and ``{% trans %}``. What is filled in stands as ``%(name)s`` and
    is escaped; a sign of per cent within a text of ``_`` is written twice. No text turns what
    stands around it round; ``| typed`` is for one that an input sends back.
    """
    templates = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=harmless,
        extensions=["jinja2.ext.i18n"],
    )
    templates.install_gettext_callables(  # type: ignore[attr-defined]
        _, n_, newstyle=True, pgettext=p_
    )
    for name in ("gettext", "ngettext", "pgettext"):
        templates.globals[name] = isolating(templates.globals[name])  # type: ignore[arg-type]
    templates.policies["ext.i18n.trimmed"] = True
    templates.filters["thousands"] = number
    templates.filters["told"] = told
    templates.filters["stored"] = stored
    templates.filters["hold_reason"] = hold_reason
    templates.filters["alert_detail"] = detail_in_words
    templates.filters["typed"] = typed
    templates.filters["in_fours"] = in_fours
    return templates


def in_fours(data: bytes) -> str:
    """Return bytes as the signing desk writes them: groups of four hexadecimal digits."""
    digits = data.hex()
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
