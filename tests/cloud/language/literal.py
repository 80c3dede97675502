"""What a template says without asking the catalogues: read from its source, whatever it renders."""

from __future__ import annotations

import re
from collections.abc import Iterator

JINJA = re.compile(r"(\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\})", re.DOTALL)
ASKED = re.compile(r'(?:\b_|\bpgettext)\(\s*(?:"[^"]*"\s*,?\s*)+')
STRING = re.compile(r'"([^"]*)"')
WORD = re.compile(r"[^\W\d_]{2,}")
READ = re.compile(r'(?:alt|aria-label|placeholder|title)="([^"]*)"')
ENTITY = re.compile(r"&\w+;")
NAMES = re.compile(
    r'(?:selectattr|map|may|replace|provenance_of|join)\([^)]*\)|\[[^\]]*\]|== ?"[^"]*"'
    r'|\b(?:day_choice|member_choice|number)\("[^"]*"|"[^"]*":'
)
"""Strings in an expression that choose and that nobody reads."""


def literals(source: str) -> Iterator[str]:
    """Yield each text between tags, in attributes that are read, in expressions between tags."""
    within, translated, pieces = False, False, ""
    for piece in JINJA.split(source):
        if JINJA.fullmatch(piece):
            translated = _translated(piece, translated)
            if piece.startswith("{{") and not within:
                yield from _strings(piece)
            pieces += "\0"
            continue
        if translated:
            continue
        for letter in piece:
            pieces += letter
            if letter in "<>":
                within = letter == "<"
                yield from _texts(pieces[:-1] if within else pieces, tag=not within)
                pieces = "<" if within else ""
    yield from _texts(pieces, tag=within)


def _translated(piece: str, before: bool) -> bool:
    word = piece.strip("{%- ").split(" ")[0].rstrip("%} ")
    return {"trans": True, "endtrans": False}.get(word, before)


def _strings(expression: str) -> Iterator[str]:
    for text in STRING.findall(NAMES.sub("", ASKED.sub("", expression))):
        if WORD.search(text):
            yield text


def _texts(text: str, *, tag: bool) -> Iterator[str]:
    read = READ.findall(text) if tag else [text]
    for each in read:
        if WORD.search(ENTITY.sub("", each).replace("Circlet", "")):
            yield " ".join(each.replace("\0", " ").split())
