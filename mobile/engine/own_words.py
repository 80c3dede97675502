"""The person's own words for the band: a hold, its taking back, answers after a session.

Each is signed at once and kept until the band has it, in order, also over a restart: failing
closed waits for nothing but the link. One that the band refuses for good is dropped and said.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import IntEnum

from firmware_bridge.link import DeviceRefused, StimulatorClient
from mobile.store import Store
from shared.wire import fields
from shared.wire.fields import wire
from shared.wire.operations import StatusCode

log = logging.getLogger(__name__)

_SETTING = "own-words"


class WordKind(IntEnum):
    """What a word asks of the band."""

    HOLD = 1
    TAKE_BACK = 2
    SIDE_EFFECTS = 3


@dataclass(frozen=True)
class OwnWord:
    """One signed statement."""

    kind: WordKind = wire(1)
    statement: bytes = wire(2, minimum=1, maximum=1024)


@dataclass(frozen=True)
class _Kept:
    words: tuple[OwnWord, ...] = wire(1, maximum=64)


def waiting(store: Store) -> tuple[OwnWord, ...]:
    """Return what the band hasn't got yet, the oldest first."""
    data = store.settings.get(_SETTING)
    return fields.unpack(_Kept, data).words if data else ()


def keep(store: Store, word: OwnWord) -> None:
    """Keep a word for the band; holds stand before everything else."""
    words = (*waiting(store), word)
    first = [each for each in words if each.kind is not WordKind.SIDE_EFFECTS]
    then = [each for each in words if each.kind is WordKind.SIDE_EFFECTS]
    _write(store, (*first, *then))


async def deliver(
    store: Store, stimulator: StimulatorClient, *, holds_only: bool = False
) -> tuple[str, ...]:
    """Tell the band what waits; return the codes of what it refused for good.

    Answers would end a session that is under way: there, ``holds_only``. Raise LinkError where
    the band can't be told now: the rest waits on.
    """
    refused = []
    while words := _due(store, holds_only=holds_only):
        word = words[0]
        try:
            await _operation(stimulator, word.kind)(word.statement)
        except DeviceRefused as problem:
            if problem.status not in _FOR_GOOD:
                raise
            log.warning("the band refused a %s: %s", word.kind.name, problem)
            if problem.status is not StatusCode.ALREADY:
                refused.append(problem.reason)
        _write(store, tuple(each for each in waiting(store) if each != word))
    return tuple(refused)


_FOR_GOOD = frozenset({StatusCode.REFUSED, StatusCode.ALREADY})


def _due(store: Store, *, holds_only: bool) -> tuple[OwnWord, ...]:
    words = waiting(store)
    if not holds_only:
        return words
    return tuple(word for word in words if word.kind is not WordKind.SIDE_EFFECTS)


def _operation(stimulator: StimulatorClient, kind: WordKind) -> Callable[[bytes], Awaitable[None]]:
    return {
        WordKind.HOLD: stimulator.place_hold,
        WordKind.TAKE_BACK: stimulator.take_back,
        WordKind.SIDE_EFFECTS: stimulator.side_effect_answers,
    }[kind]


def _write(store: Store, words: tuple[OwnWord, ...]) -> None:
    store.settings.put(_SETTING, fields.pack(_Kept(words)) if words else b"")
