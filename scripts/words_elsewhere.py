"""Texts that stand outside of `mobile` and are shown by it: found by value, not by `_`.

`shared` and the link know no language. The app looks their English up in its catalogues when it
shows it (`mobile.language.told`), so these are collected with the app's own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from firmware_bridge.link import (
    BluetoothNotAllowed,
    BluetoothUnavailable,
    LinkLost,
    NotABand,
    NoUpdates,
)
from firmware_bridge.link.pairing import PairingRefusal
from shared.dose.reasons import WORDS
from shared.stimulation.catalogue import catalogue

TREE = Path(__file__).resolve().parents[1]
SHOWN_KEYS = {
    "title",
    "lead",
    "prompt",
    "help",
    "why",
    "text",
    "short",
    "low",
    "high",
    "wording_label",
}
"""Names in the files of `shared/instruments` whose value a person reads."""


def elsewhere() -> Iterator[tuple[str, str]]:
    """Each file with a text that the app shows of it."""
    for sentence in WORDS.values():
        yield "shared/dose/reasons.py", sentence
    for refusal in PairingRefusal:
        yield "firmware_bridge/link/pairing.py", refusal.sentence
    for problem in (LinkLost, BluetoothUnavailable, BluetoothNotAllowed, NotABand, NoUpdates):
        yield "firmware_bridge/link/errors.py", str(problem())
    for protocol in catalogue().entries:
        for part in protocol.parts:
            yield "shared/stimulation/catalogue.json", part.site
    for path in sorted((TREE / "shared/instruments").rglob("*.json")):
        for text in _shown(json.loads(path.read_text("utf-8"))):
            yield path.relative_to(TREE).as_posix(), text


def _shown(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _shown(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if isinstance(each, str) and each and (name in SHOWN_KEYS or _is_band(name, value)):
                yield each
            else:
                yield from _shown(each)


def _is_band(name: str, value: dict[str, Any]) -> bool:
    """A range of scores has a name that is shown; whatever else has one doesn't show it."""
    return name == "name" and "from" in value
