"""What a fault can reach of a running band, whichever boot it is in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from firmware_bridge.emulator.boots import Cause
from firmware_bridge.emulator.face.interference import Interference
from firmware_bridge.emulator.parts.board import Board


class Reach(Protocol):
    """A band, from the side of what can go wrong with it."""

    @property
    def board(self) -> Board:
        """The hardware."""

    @property
    def interference(self) -> Interference:
        """What lies between the band and its phone."""

    def elapsed_ms(self) -> int:
        """Time on the band's clock since its process began."""

    def halt(self, cause: Cause, off_ms: int = 0) -> None:
        """Stop the processor within whatever it does; the next boot begins after `off_ms`."""

    def freeze(self) -> Callable[[], bool]:
        """Let the firmware hang until this boot ends; what is returned says if it still does."""

    def hold_button(self) -> None:
        """Press the button, and leave it pressed."""

    def let_go_button(self) -> None:
        """Let a pressed button go."""

    def forget_bonds(self) -> None:
        """Lose every phone's keys."""

    def catch_up(self) -> None:
        """Let the firmware do everything that is due by now."""
