"""What the day leaves behind: a line for each step, numbered pictures, and figures."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Report:
    """Prints as it goes; keeps the figures for the summary."""

    pictures: Path
    quiet: bool = False
    figures: dict[str, object] = field(default_factory=dict)
    refusals: list[tuple[str, str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    _begun: float = field(default_factory=time.monotonic)
    _last: float = field(default_factory=time.monotonic)
    _pictures: list[Path] = field(default_factory=list)

    def step(self, text: str) -> None:
        """Say that a step is done, with the seconds it took."""
        now = time.monotonic()
        self._say(f"{now - self._begun:6.1f} s  (+{now - self._last:4.1f})  {text}")
        self._last = now

    def detail(self, text: str) -> None:
        """Say something that belongs to the step before."""
        self._say(f"                   {text}")

    def picture(self, name: str) -> Path:
        """Return the path of the next picture."""
        path = self.pictures / f"{len(self._pictures) + 1:02d}-{name}.png"
        self._pictures.append(path)
        return path

    @property
    def picture_count(self) -> int:
        """How many pictures were asked for."""
        return len(self._pictures)

    def named(self, name: str) -> Path:
        """Return the picture that was asked for by ``name``."""
        return next(path for path in self._pictures if path.stem.endswith(name))

    def pictures_missing(self) -> list[str]:
        """Names of pictures that were asked for and are not there."""
        return [path.name for path in self._pictures if not path.is_file()]

    def refused(self, attempt: str, reason: str) -> None:
        """Note an attempt that the device refused, with its reason."""
        self.refusals.append((attempt, reason))
        self.detail(f"refused: {attempt}: {reason}")

    def holds(self, promise: str, *, kept: bool, seen: object = "") -> None:
        """Note whether a promise was kept."""
        if not kept:
            self.failures.append(f"{promise} ({seen})")
            self.detail(f"NOT KEPT: {promise} ({seen})")

    def summary(self) -> bool:
        """Print the figures; return whether all held."""
        self._say("")
        self._say("Summary")
        for name, value in self.figures.items():
            self._say(f"  {name:<38} {value}")
        for attempt, reason in self.refusals:
            self._say(f"  refused: {attempt:<29} {reason}")
        self._say(f"  {'pictures':<38} {len(self._pictures)} in {self.pictures}")
        for failure in self.failures:
            self._say(f"  NOT KEPT: {failure}")
        self._say("all held" if not self.failures else f"{len(self.failures)} did not hold")
        return not self.failures

    def _say(self, line: str) -> None:
        if not self.quiet:
            print(line, flush=True)
