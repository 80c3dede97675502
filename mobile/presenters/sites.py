"""Where the band sits, in the words that a person has; the clinic's own name stands behind them."""

from __future__ import annotations

from mobile.language import mark, p_, told

_BY_BEGINNING = (
    ("left DLPFC", mark("left, in front")),
    ("right DLPFC", mark("right, in front")),
    ("left prefrontal", mark("left, in front")),
    ("right prefrontal", mark("right, in front")),
    ("left M1", mark("left, on top")),
    ("right M1", mark("right, on top")),
    ("mPFC", mark("in the middle, in front")),
    ("occiput", mark("at the back")),
)
"""The first words of a site as the clinic writes it; the sides are the patient's own."""


def site_words(site: str) -> str:
    """Return ``left, in front (F3)`` for ``left DLPFC (F3)``; a site that isn't known as it is."""
    plain = next((words for begin, words in _BY_BEGINNING if site.startswith(begin)), None)
    if plain is None:
        return site
    _name, _, rest = site.partition("(")
    mark_name = rest.rstrip(")").partition(",")[0]
    if not mark_name:
        return told(plain)
    return p_("place on the head, and its mark", "{place} ({mark})").format(
        place=told(plain), mark=mark_name
    )
