"""A clinic with people on call, channels and a courier."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cloud.alerts.findings import NOW, Cause
from cloud.alerts.service import About, open_alerts, raise_alert
from cloud.channels import service as channels
from cloud.channels.courier import Courier
from cloud.channels.models import Channel
from cloud.channels.sending import Sender
from cloud.oncall import drills, service
from cloud.oncall.rota import Turn
from cloud.people.authority import Role
from cloud.people.service import add_member
from cloud.worker.loop import Worker
from tests.cloud.channels.servers import Mailbox, mail_server
from tests.cloud.workers import deliver, worker_of
from tests.cloud.worlds import World

MINUTE_MS = 60_000
DAY_MS = 24 * 60 * MINUTE_MS


@dataclass
class OnCall:
    """Two members, both with mail, the first of them on call for the whole week."""

    world: World
    mailbox: Mailbox
    worker: Worker
    courier: Courier
    first: bytes
    second: bytes
    channel: Channel

    def go(self, minutes: int = 0) -> list[str]:
        """Let time go on, work, and return whom mail reached, in order."""
        self.world.clock.now_ms += minutes * MINUTE_MS
        before = len(self.mailbox.came)
        self.deliver()
        return sorted(str(mail["To"]) for mail in self.mailbox.came[before:])

    def deliver(self) -> int:
        """Let the worker look and the courier send what it was told of; return how many."""
        self.worker.round()
        return deliver(self.courier)

    def raise_now(self, key: str = "fault/1", urgency: str = NOW) -> None:
        """Raise an alert about the clinic itself."""
        cause = Cause(key, urgency, "Something of which no mail may tell")
        with self.world.database.write("demo") as session:
            raise_alert(session, About("demo"), cause, "Why.", now_ms=self.world.clock.now_ms)

    def prove(self) -> None:
        """Run a drill and answer it."""
        with self.world.database.write("demo") as session:
            channel = session.get_one(Channel, ("demo", self.channel.channel_id))
            now_ms = self.world.clock.now_ms
            drill = drills.start(session, channel, now_ms=now_ms)
            drills.answer(session, "demo", drill.drill_id, staff_id=self.first, now_ms=now_ms)

    def let_ring(self) -> None:
        """Prove the channel and let "now" alerts ring."""
        self.prove()
        with self.world.database.write("demo") as session:
            service.let_ring(session, "demo", now_ms=self.world.clock.now_ms)
        self.go()

    def titles(self) -> list[str]:
        """Return the titles of the clinic's open alerts."""
        with self.world.database.read("demo") as session:
            return [alert.title for alert in open_alerts(session, "demo")]


@contextmanager
def on_call(world: World) -> Iterator[OnCall]:
    """Set the clinic up."""
    with mail_server() as mailbox:
        settings = world.settings.model_copy(
            update={"smtp_host": "127.0.0.1", "smtp_port": mailbox.port, "smtp_security": "none"}
        )
        now_ms = world.clock.now_ms
        with world.database.write("demo") as session:
            ids = [
                add_member(session, "demo", name, Role.PRESCRIBER, now_ms=now_ms).staff_id
                for name in ("First", "Second")
            ]
            made = [
                channels.add_channel(
                    session,
                    "demo",
                    staff_id,
                    channels.MAIL,
                    f"{name}@clinic.example",
                    now_ms=now_ms,
                )
                for name, staff_id in zip(("first", "second"), ids, strict=True)
            ]
            service.add_turn(session, "demo", Turn(1, ids[0], 0, 0))
        courier = Courier(world.database, world.clock, Sender(settings, world.clock))
        yield OnCall(
            world, mailbox, worker_of(world, tells=courier.tell), courier, ids[0], ids[1], made[0]
        )
