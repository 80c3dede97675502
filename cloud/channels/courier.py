"""The courier: claims messages that are due, sends them, and writes down what became of them.

It looks where it is told to look: the worker, which looks at the clinics of its share anyway, sees
there whether a message is due. So couriers deal by the workers' leases, and a clinic without a
message costs nothing here.

Its own thread never waits for a network. Each message is sent by a thread of its own, as soon as it
has a place (`cloud.channels.places`), and is claimed only then: no lease ends while a message waits
for others. What was sent comes back to the courier's thread, which alone writes it down.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from cloud.channels.claims import channels_due, claim, give_back, note
from cloud.channels.errors import NotSent
from cloud.channels.models import Channel
from cloud.channels.places import Gateway, Places
from cloud.channels.sending import Outgoing
from cloud.clock import Clock
from cloud.db import Database
from cloud.logs import log
from cloud.operations.metrics import MESSAGES

PERIOD_S = 0.25
"""It looks whether it is to end, and says that it lives, this often."""
ENDING_S = 1.0
"""How long a message that is under way may take once the courier is asked to end."""
ALIVE_S = 60.0


@dataclass(frozen=True)
class Ended:
    """What became of a message on its way, and how long that took."""

    outgoing: Outgoing
    gateway: Gateway
    problem: NotSent | None
    took_s: float


class Courier:
    """Sends until it is asked to end; ``elapsed_s`` is what a gateway's time is taken by."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        send: Callable[[Outgoing], None],
        elapsed_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database, self._clock, self._send = database, clock, send
        self._elapsed_s = elapsed_s
        self._round_s = time.monotonic()
        self._told: dict[str, None] = {}
        self._telling = threading.Lock()
        self._wake = threading.Event()
        self._places = Places()
        self._waiting: dict[str, tuple[Gateway, ...]] = {}
        self._under_way: dict[str, str] = {}
        self._ended: SimpleQueue[Ended] = SimpleQueue()
        self.name = secrets.token_hex(6)

    @property
    def is_busy(self) -> bool:
        """Whether a message is under way, or a clinic waits for its turn or for a place."""
        return bool(self._under_way or self._waiting or self._told)

    def tell(self, clinic_id: str) -> None:
        """Have this clinic's messages that are due sent; may be said by any thread, and again."""
        with self._telling:
            self._told[clinic_id] = None
        self._wake.set()

    def run(self, stop: threading.Event) -> None:
        """Send what it is told of until ``stop`` is set; then note or give back what is left."""
        while not stop.is_set():
            try:
                self.round()
                self._round_s = time.monotonic()
            except Exception as problem:
                log.error("courier failed", problem=type(problem).__name__)
            self._wake.wait(PERIOD_S)
        self.settle(ENDING_S)
        self.give_back()

    def lives(self) -> bool:
        """Return whether it came through a round of late."""
        return time.monotonic() - self._round_s < ALIVE_S

    def round(self) -> int:
        """Note what has ended, and send what has a place in the clinics that it was told of and in
        those that waited for one; return how many were sent. It waits for no gateway."""
        self._wake.clear()
        sent = self._note_ended()
        with self._telling:
            told, self._told = self._told, {}
        for clinic_id in self._serve_all(told):
            if clinic_id in self._waiting:  # it had its turn, and goes behind those that had none
                self._waiting[clinic_id] = self._waiting.pop(clinic_id)
        return sent

    def settle(self, within_s: float) -> int:
        """Claim nothing, and wait so long for what is under way; return how many were sent."""
        until_s, sent = time.monotonic() + within_s, 0
        while self._under_way and (left_s := until_s - time.monotonic()) > 0:
            try:
                sent += self._note(self._ended.get(timeout=left_s))
            except Empty:
                break
        return sent

    def give_back(self) -> None:
        """Let another courier have at once what this one claimed and didn't come to send."""
        for clinic_id in set(self._under_way.values()):
            try:
                with self._database.write(clinic_id) as session:
                    give_back(session, clinic_id, self.name)
            except Exception as problem:  # the leases end by themselves
                _say("not given back", clinic_id, problem)

    def _serve_all(self, told: dict[str, None]) -> list[str]:
        """Send what has a place; return the clinics of which something went on its way."""
        served = []
        for clinic_id in dict.fromkeys((*self._waiting, *told)):
            waits_for = self._waiting.get(clinic_id, ())
            if clinic_id not in told and not any(map(self._places.free, waits_for)):
                continue
            try:
                begun, waits_for = self._send_due(clinic_id)
            except Exception as problem:
                begun, waits_for = False, ()
                _say("clinic failed", clinic_id, problem)
            if begun:
                served.append(clinic_id)
            if waits_for:
                self._waiting[clinic_id] = waits_for
            else:
                self._waiting.pop(clinic_id, None)
        return served

    def _send_due(self, clinic_id: str) -> tuple[bool, tuple[Gateway, ...]]:
        """Return whether something went on its way, and the gateways for which more may wait."""
        now_ms = self._clock.wall_ms()
        with self._database.read(clinic_id) as session:
            channels = channels_due(session, clinic_id, now_ms=now_ms)
        begun, waits_for = False, dict[Gateway, None]()
        for channel in channels:
            gateway = Gateway.of(clinic_id, channel.kind, channel.address)
            free = self._places.free(gateway)
            claimed, more = self._claim(channel, free) if free else ([], True)
            for outgoing in claimed:
                self._begin(outgoing, gateway)
            begun = begun or bool(claimed)
            if more:
                waits_for[gateway] = None
        return begun, tuple(waits_for)

    def _claim(self, channel: Channel, most: int) -> tuple[list[Outgoing], bool]:
        with self._database.write(channel.clinic_id) as session:
            return claim(
                session,
                channel,
                self.name,
                most=most,
                besides=tuple(self._under_way),
                now_ms=self._clock.wall_ms(),
            )

    def _begin(self, outgoing: Outgoing, gateway: Gateway) -> None:
        self._places.take(gateway)
        self._under_way[outgoing.name] = outgoing.clinic_id
        sending = threading.Thread(
            target=self._attempt, args=(outgoing, gateway), name="sending", daemon=True
        )
        try:
            sending.start()
        except RuntimeError as problem:
            self._ended.put(Ended(outgoing, gateway, NotSent("setup", type(problem).__name__), 0))

    def _attempt(self, outgoing: Outgoing, gateway: Gateway) -> None:
        """Send one message, in a thread of its own, and say how that ended."""
        began_s, problem = self._elapsed_s(), None
        try:
            self._send(outgoing)
        except NotSent as found:
            problem = found
        except Exception as found:
            problem = NotSent("setup", type(found).__name__)
        self._ended.put(Ended(outgoing, gateway, problem, self._elapsed_s() - began_s))
        self._wake.set()

    def _note_ended(self) -> int:
        sent = 0
        while True:
            try:
                sent += self._note(self._ended.get_nowait())
            except Empty:
                return sent

    def _note(self, ended: Ended) -> int:
        """Give the place back, and write down what became of it; return 1 if it was sent."""
        outgoing, problem = ended.outgoing, ended.problem
        self._places.leave(ended.gateway, ended.took_s)
        MESSAGES.labels(outgoing.kind, "failed" if problem else "sent").inc()
        try:
            with self._database.write(outgoing.clinic_id) as session:
                note(session, outgoing, self.name, problem, now_ms=self._clock.wall_ms())
        except Exception as unnoted:
            _say("not noted", outgoing.clinic_id, unnoted)
        del self._under_way[outgoing.name]
        return int(problem is None)


def _say(what: str, clinic_id: str, problem: Exception) -> None:
    log.error(f"courier: {what}", clinic=clinic_id, problem=type(problem).__name__)
