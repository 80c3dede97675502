"""Workers as processes over clinics whose "now" alerts ring by mail."""

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

    def __init__(self, world: World, mailbox: Mailbox, count: int) -> None:
        own = {name: v for name, v in os.environ.items() if not name.startswith("CIRCLET")}
        self._environment = own | {
            "CIRCLET_CLOUD_DATA": str(world.settings.data),
            "CIRCLET_CLOUD_DATABASE_URL": world.settings.url,
            "CIRCLET_CLOUD_IDENTITY": str(world.identity.folder),
            "CIRCLET_CLOUD_SMTP_HOST": "127.0.0.1",
            "CIRCLET_CLOUD_SMTP_PORT": str(mailbox.port),
            "CIRCLET_CLOUD_SMTP_SECURITY": "none",
        }
        self.running = [self._start() for _ in range(count)]

    def kill(self, chance: random.Random) -> None:
        """Kill one as it works, and start another."""
        number = chance.randrange(len(self.running))
        self.kill_one(number)
        self.running[number] = self._start()

    def kill_one(self, number: int) -> None:
        """Kill this one; nobody starts another."""
        self.running[number].kill()
        self.running[number].wait()

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
    with mail_server() as mailbox:
        let_ring(world, "demo")
        with workers_of(world, mailbox, WORKERS) as workers:
            yield workers, mailbox


@contextmanager
def workers_of(world: World, mailbox: Mailbox, count: int) -> Iterator[Workers]:
    """Start so many workers; all that run in the end are killed."""
    workers = Workers(world, mailbox, count)
    try:
        yield workers
    finally:
        workers.end()


def let_ring(world: World, clinic_id: str) -> None:
    """Let a clinic ring at one member's mail, from the machine's time now on."""
    now_ms = set_clock(world)
    with world.database.write(clinic_id) as session:
        member = add_member(session, clinic_id, "On Call", Role.PRESCRIBER, now_ms=now_ms)
        channel = channels.add_channel(
            session, clinic_id, member.staff_id, "mail", "oncall@clinic.example", now_ms=now_ms
        )
        service.add_turn(session, clinic_id, Turn(1, member.staff_id, 0, 0))
        service.set_hours(session, clinic_id, quiet_from=0, quiet_to=0, step_minutes=120)
        drill = drills.start(session, channel, now_ms=now_ms)
        drills.answer(session, clinic_id, drill.drill_id, staff_id=member.staff_id, now_ms=now_ms)
        service.let_ring(session, clinic_id, now_ms=now_ms)


def set_clock(world: World) -> int:
    """Set the world's clock by the machine's, as the workers' is; return the time."""
    world.clock.now_ms = time.time_ns() // 1_000_000
    return world.clock.now_ms


def alerts_in(mails: list[Message]) -> set[str]:
    """Return the ids of the alerts that mails link to."""
    return {found for mail in mails for found in LINK.findall(mail.as_string())}
