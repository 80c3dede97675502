"""Four workers as processes over a clinic whose "now" alerts ring by mail."""

import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message

from cloud.channels import service as channels
from cloud.oncall import drills, service
from cloud.oncall.rota import Turn
from cloud.people.authority import Role
from cloud.people.service import add_member
from tests.cloud.channels.servers import Mailbox, mail_server
from tests.cloud.worlds import World

WORKERS = 4
LINK = re.compile(r"/alerts/([0-9a-f]{32})")


class Workers:
    """The worker's processes; one that is killed is started anew."""

    def __init__(self, world: World, mailbox: Mailbox) -> None:
        own = {name: v for name, v in os.environ.items() if not name.startswith("CIRCLET")}
        self._environment = own | {
            "CIRCLET_CLOUD_DATA": str(world.settings.data),
            "CIRCLET_CLOUD_DATABASE_URL": world.settings.url,
            "CIRCLET_CLOUD_IDENTITY": str(world.identity.folder),
            "CIRCLET_CLOUD_SMTP_HOST": "127.0.0.1",
            "CIRCLET_CLOUD_SMTP_PORT": str(mailbox.port),
            "CIRCLET_CLOUD_SMTP_SECURITY": "none",
        }
        self.running = [self._start() for _ in range(WORKERS)]

    def kill(self, chance: random.Random) -> None:
        """Kill one as it works, and start another."""
        number = chance.randrange(WORKERS)
        self.running[number].kill()
        self.running[number].wait()
        self.running[number] = self._start()

    def end(self) -> None:
        """Kill all of them."""
        for process in self.running:
            process.kill()
            process.wait()

    def _start(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "cloud.cli", "worker"],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline().startswith("ready")
        return process


@contextmanager
def four_workers(world: World) -> Iterator[tuple[Workers, Mailbox]]:
    """Let the clinic ring, by the machine's own clock, and start its workers."""
    now_ms = set_clock(world)
    with mail_server() as mailbox:
        with world.database.write("demo") as session:
            member = add_member(session, "demo", "On Call", Role.PRESCRIBER, now_ms=now_ms)
            channel = channels.add_channel(
                session, "demo", member.staff_id, "mail", "oncall@clinic.example", now_ms=now_ms
            )
            service.add_turn(session, "demo", Turn(1, member.staff_id, 0, 0))
            service.set_hours(session, "demo", quiet_from=0, quiet_to=0, step_minutes=120)
            drill = drills.start(session, channel, now_ms=now_ms)
            drills.answer(session, "demo", drill.drill_id, staff_id=member.staff_id, now_ms=now_ms)
            service.let_ring(session, "demo", now_ms=now_ms)
        workers = Workers(world, mailbox)
        try:
            yield workers, mailbox
        finally:
            workers.end()


def set_clock(world: World) -> int:
    """Set the world's clock by the machine's, as the workers' is; return the time."""
    world.clock.now_ms = time.time_ns() // 1_000_000
    return world.clock.now_ms


def alerts_in(mails: list[Message]) -> set[str]:
    """Return the ids of the alerts that mails link to."""
    return {found for mail in mails for found in LINK.findall(mail.as_string())}
