"""The cloud's processes over a world, each with its log, by the machine's own clock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.cloud.worlds import World


class Process:
    """One process: started, killed, started anew; its log goes on in one file."""

    def __init__(self, world: World, name: str, *options: str, **more: str) -> None:
        self.name, self._options = name, options
        self.log = world.settings.data / f"{name}-{id(self)}.log"
        self._environment = environment(world) | more
        self.port = 0
        self.start()

    def start(self) -> None:
        """Start it and wait until it listens."""
        port = ("--port", str(self.port)) if self.name != "worker" else ()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "cloud.cli", self.name, *port, *self._options],
                env=self._environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout is not None
        word, _, about = self._process.stdout.readline().partition(" ")
        assert word == "ready", self.log.read_text()
        self.port = json.loads(about)["port"] or 0

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """End it as a power cut does."""
        self._process.kill()
        self._process.wait()

    def end(self) -> int:
        """Ask it to end and wait."""
        self._process.terminate()
        try:
            return self._process.wait(20)
        finally:
            self.kill()


def environment(world: World) -> dict[str, str]:
    """Return the settings of a world's processes."""
    own = {name: v for name, v in os.environ.items() if not name.startswith("CIRCLET")}
    return own | {
        "CIRCLET_CLOUD_DATA": str(world.settings.data),
        "CIRCLET_CLOUD_DATABASE_URL": world.settings.url,
        "CIRCLET_CLOUD_IDENTITY": str(world.identity.folder),
    }


def most_resident_kib(pid: int) -> int:
    """Return the most memory that a process has had in use."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    raise AssertionError("no VmHWM")
