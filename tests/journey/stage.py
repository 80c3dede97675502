"""All parts of the day as processes: clock, cloud, desk, radio, emulator, app."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.journey.app import App
from tests.journey.band import EmulatedBand
from tests.journey.clock import DayClock
from tests.journey.lines import Lines
from tests.journey.processes import Process, free_ports, run, start

LEFT_TO_ITSELF = ("KIVY_", "CIRCLET_")
"""Variables of the surroundings that no part may pick up."""

CLINIC_CARD = Path(__file__).with_name("clinic-card.toml")
"""What the demo's clinic says of itself; its numbers are nobody's."""

SYNC_EVERY_MS = 5_000
"""The phone asks the clinic more often than it would, so that nobody waits a minute."""


@dataclass(frozen=True)
class Addresses:
    """Where each part listens; all on loopback."""

    clock: int
    dashboard: int
    desk: int
    ingest: int
    radio_band: int
    radio_phone: int
    radio_spare: int
    radio_control: int
    emulator: int
    emulator_spare: int
    app: int

    @property
    def cloud_origin(self) -> str:
        """Origin of the clinician's pages."""
        return f"http://cloud.localhost:{self.dashboard}"

    @property
    def desk_origin(self) -> str:
        """Origin of the signing desk."""
        return f"http://desk.localhost:{self.desk}"

    @property
    def clock_address(self) -> str:
        """Clock server as the parts take it."""
        return f"127.0.0.1:{self.clock}"


class Stage:
    """Starts and ends the parts; everything they write lies below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.at = Addresses(*free_ports(11))
        self.clock = DayClock(self.at.clock)
        self.parts: dict[str, Process] = {}
        self._closing = contextlib.AsyncExitStack()

    @property
    def identity(self) -> Path:
        """The demo's keys."""
        return self.folder / "identity"

    @property
    def band_state(self) -> Path:
        """What the band keeps."""
        return self.folder / "band"

    @property
    def spare_identity(self) -> Path:
        """The spare band's keys, and its maker's file."""
        return self.folder / "spare-identity"

    @property
    def spare_state(self) -> Path:
        """What the spare band keeps."""
        return self.folder / "spare-band"

    @property
    def phone_data(self) -> Path:
        """What the phone keeps."""
        return self.folder / "phone"

    async def start_clock(self, begin: datetime) -> None:
        """Start the one time that all share."""
        await self.start(
            "clock",
            "circlet-clock",
            "--port",
            str(self.at.clock),
            "--start-wall",
            begin.isoformat(),
        )

    async def make_clinic(self, clinician: str) -> str:
        """Make keys and database; return what `create-clinic` printed (the invitation)."""
        wall_ms = str(await self.clock.wall_ms())
        await run(
            "circlet-root",
            "demo",
            "--out",
            str(self.identity),
            "--now-ms",
            wall_ms,
            "--desk-origin",
            self.at.desk_origin,
        )
        await self.cloud("migrate")
        printed = await self.cloud("create-clinic", "--clinician", clinician)
        await self.cloud("publish-card", "--file", str(CLINIC_CARD))
        return printed

    async def cloud(self, *command: str) -> str:
        """Run one of the cloud's commands to its end and return what it printed."""
        return await run("circlet-cloud", *command, environment=self.environment)

    async def start_cloud(self) -> None:
        """Start ingest, worker, dashboard and the desk."""
        for name, port in (
            ("ingest", self.at.ingest),
            ("dashboard", self.at.dashboard),
            ("signing-desk", self.at.desk),
        ):
            await self.start(name, "circlet-cloud", name, "--port", str(port))
        await self.start("worker", "circlet-cloud", "worker")

    async def start_radio(self) -> None:
        """Start the virtual radio."""
        await self.start(
            "radio",
            "circlet-radio",
            "--port",
            str(self.at.radio_band),
            "--port",
            str(self.at.radio_phone),
            "--port",
            str(self.at.radio_spare),
            "--control-port",
            str(self.at.radio_control),
        )

    async def start_band(self) -> EmulatedBand:
        """Start the emulated stimulator."""
        at = self.at
        return await self._start_band(
            "emulator", at.radio_band, at.emulator, self.band_state, self.identity / "device"
        )

    async def make_spare_band(self) -> Path:
        """Have the maker make another band; return the file by which a clinic takes it in."""
        home, out = str(self.identity), str(self.spare_identity)
        when = str(await self.clock.wall_ms())
        await run("circlet-root", "demo-band", "--home", home, "--out", out, "--now-ms", when)
        return self.spare_identity / "band.delivery"

    async def start_spare_band(self) -> EmulatedBand:
        """Start the other stimulator, beside the first."""
        at = self.at
        return await self._start_band(
            "spare emulator",
            at.radio_spare,
            at.emulator_spare,
            self.spare_state,
            self.spare_identity,
        )

    async def _start_band(
        self, name: str, radio: int, control: int, state: Path, identity: Path
    ) -> EmulatedBand:
        emulator = await self.start(
            name,
            "circlet-emulator",
            "run",
            "--radio",
            f"127.0.0.1:{radio}",
            "--state",
            str(state),
            "--identity",
            str(identity),
            "--control-port",
            str(control),
            "--clock",
            self.at.clock_address,
        )
        band = EmulatedBand(control, emulator.ready["token"], self.at.radio_control)
        self._closing.push_async_callback(band.close)
        return band

    async def start_app(self) -> App:
        """Start the phone's app in its window."""
        await self.start(
            "app",
            "circlet-app",
            "--radio",
            f"127.0.0.1:{self.at.radio_phone}",
            "--clock",
            self.at.clock_address,
            "--data",
            str(self.phone_data),
            "--ingest",
            f"http://127.0.0.1:{self.at.ingest}",
            "--drive-port",
            str(self.at.app),
            "--sync-every-ms",
            str(SYNC_EVERY_MS),
            "--language",
            "en",
        )
        app = App(await Lines.connect(self.at.app))
        self._closing.push_async_callback(app.close)
        return app

    async def start(self, name: str, *command: str) -> Process:
        """Start one part and keep it to end it."""
        log = self.folder / "logs" / f"{name}.log"
        part = await start(name, *command, log=log, environment=self.environment)
        self.parts[name] = part
        return part

    @property
    def environment(self) -> dict[str, str]:
        """Settings of the cloud's processes and the common clock."""
        return {
            "CIRCLET_CLOUD_DATA": str(self.folder / "cloud"),
            "CIRCLET_CLOUD_IDENTITY": str(self.identity),
            "CIRCLET_CLOUD_ORIGIN": self.at.cloud_origin,
            "CIRCLET_CLOUD_DESK_ORIGIN": self.at.desk_origin,
            "CIRCLET_CLOCK": self.at.clock_address,
        }

    async def close(self) -> None:
        """End every part, the last one first."""
        with contextlib.suppress(OSError):
            await self._closing.aclose()
        for part in reversed(self.parts.values()):
            await part.end()
        self.parts.clear()

    def leftovers(self) -> list[str]:
        """Return the names of parts that still run."""
        return [name for name, part in self.parts.items() if part.running]


def fresh_folder(folder: Path) -> Path:
    """Return an empty folder, removing what an earlier day left there."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def forget_surroundings() -> None:
    """Take variables away that would change how the parts behave."""
    for name in list(os.environ):
        if name.startswith(LEFT_TO_ITSELF):
            del os.environ[name]
