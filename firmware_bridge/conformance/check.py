"""A check: a sentence about the band, its section, what it takes, and how to find out."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from firmware_bridge.conformance.bench import Bench
from firmware_bridge.conformance.needs import Need
from firmware_bridge.conformance.sections import Section
from shared.wire.operations import Operation

Examine = Callable[[Bench], Awaitable[None]]


@dataclass(frozen=True)
class Check:
    """One line of the report. ``gives`` is what later checks may build on when it passed."""

    name: str
    title: str
    section: Section
    needs: frozenset[Need]
    gives: frozenset[Need]
    touches: frozenset[Operation]
    examine: Examine


class Checks:
    """Checks in the order in which they stand in a file."""

    def __init__(self, *needs: Need) -> None:
        self._needs = frozenset(needs)
        self.all: list[Check] = []

    def add(
        self,
        section: Section,
        *touches: Operation,
        needs: tuple[Need, ...] = (),
        gives: tuple[Need, ...] = (),
    ) -> Callable[[Examine], Examine]:
        """Register a function as a check; its docstring is the sentence."""

        def register(examine: Examine) -> Examine:
            self.all.append(
                Check(
                    name=f"{section}/{examine.__name__}",
                    title=inspect.cleandoc(examine.__doc__ or "").partition("\n\n")[0],
                    section=section,
                    needs=self._needs | frozenset(needs),
                    gives=frozenset(gives),
                    touches=frozenset(touches),
                    examine=examine,
                )
            )
            return examine

        return register
