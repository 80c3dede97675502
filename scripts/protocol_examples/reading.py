"""Reads the examples back out of the document: blocks of named values in hexadecimal digits."""

from __future__ import annotations

import re

_BLOCK = re.compile(r"^```example (?P<name>[\w-]+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_BEGIN = re.compile(r"(?P<name>[\w-]+) =(?P<rest>.*)")


def examples(document: str) -> dict[str, dict[str, bytes]]:
    """Return every block's values by its name and theirs."""
    return {match["name"]: values(match["text"]) for match in _BLOCK.finditer(document)}


def values(text: str) -> dict[str, bytes]:
    """Return a block's values; what stands behind a semicolon explains."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in text.splitlines():
        said = line.partition(";")[0]
        begins = _BEGIN.match(said)
        if begins:
            name, said = begins["name"], begins["rest"]
            found[name] = []
        if said.strip():
            found[name].append("".join(said.split()))
    return {name: bytes.fromhex("".join(parts)) for name, parts in found.items()}
