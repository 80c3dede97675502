"""A worker that is asked to end while a message is under way ends in time and gives it back."""

import signal
import time

import pytest

from tests.cloud.channels.servers import mail_server
from tests.cloud.oncall.fleet import let_ring, workers_of
from tests.cloud.worlds import World

pytestmark = pytest.mark.both_databases
WITHIN_S, ENDS_S = 20, 2


def test_it_waits_for_no_server_and_its_successor_sends_at_once(world: World) -> None:
    with mail_server() as mailbox:
        mailbox.is_slow = True
        let_ring(world, "demo")
        with workers_of(world, mailbox, 1) as workers:
            assert mailbox.waits.wait(WITHIN_S), "the drill's mail is under way"
            (worker,) = workers.running
            asked_s = time.monotonic()
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(WITHIN_S) == 0
            assert time.monotonic() - asked_s < ENDS_S
        mailbox.may_refuse.set()
        with workers_of(world, mailbox, 1), mailbox.arrived:
            assert mailbox.arrived.wait_for(lambda: mailbox.came, WITHIN_S)
    assert len(mailbox.came) == 1
