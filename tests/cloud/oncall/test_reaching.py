"""A "now" alert reaches a person, rung by rung, and says nothing about anybody's health."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from cloud.alerts.escalating import hand_over
from cloud.alerts.findings import TODAY
from cloud.alerts.service import acknowledge, open_alerts
from cloud.channels import service as channels
from cloud.channels.claims import LEASE_MS, WAITS_MS
from cloud.channels.models import Delivery
from cloud.errors import Refused
from cloud.leave import service as leave
from cloud.oncall import service
from cloud.oncall.rota import Turn
from cloud.people.authority import Role
from cloud.people.models import Member
from cloud.people.service import add_member
from shared.care.bodies import RedFlag
from tests.cloud.alerts.telling import tell
from tests.cloud.channels.servers import gateway
from tests.cloud.oncall.clinics import DAY_MS, OnCall, on_call
from tests.cloud.phone import Phone
from tests.cloud.workers import deliver
from tests.cloud.worlds import World, add_clinic, make_identity

FIRST, SECOND = "first@clinic.example", "second@clinic.example"


@pytest.fixture
def clinic(world: World) -> Iterator[OnCall]:
    world.clock.now_ms -= 8 * 3_600_000  # one o'clock: no drill begins by itself
    with on_call(world) as made:
        yield made


def test_without_a_rota_and_a_proven_channel_now_alerts_do_not_ring(clinic: OnCall) -> None:
    with (
        clinic.world.database.write("demo") as session,
        pytest.raises(Refused, match="No channel of F"),
    ):
        service.let_ring(session, "demo", now_ms=clinic.world.clock.now_ms)
    clinic.raise_now()
    assert clinic.go() == []
    clinic.prove()
    with clinic.world.database.write("demo") as session:
        (turn,) = service.turns_of(session, "demo")
        service.remove_turn(session, "demo", turn.turn_id)
        service.add_turn(session, "demo", Turn(1, clinic.first, 60, 0))
        with pytest.raises(Refused, match="Nobody is first on call Monday 0:00 to Monday 1:00"):
            service.let_ring(session, "demo", now_ms=clinic.world.clock.now_ms)


def test_the_ladder_climbs_until_somebody_acknowledges(clinic: OnCall) -> None:
    clinic.let_ring()
    clinic.raise_now()
    told = [clinic.go(), clinic.go(9), clinic.go(1), clinic.go(10), clinic.go(10)]
    both = [FIRST, SECOND]
    assert told == [[FIRST], [], both, both, both]
    with clinic.world.database.write("demo") as session:
        (alert,) = open_alerts(session, "demo")
        acknowledge(session, alert, alert.alert_id, by=clinic.first, now_ms=1)
    assert clinic.go(10) == clinic.go(60) == []


def test_the_second_on_call_is_told_before_everybody(clinic: OnCall) -> None:
    with clinic.world.database.write("demo") as session:
        service.add_turn(session, "demo", Turn(2, clinic.second, 0, 0))
    clinic.let_ring()
    clinic.raise_now()
    assert [clinic.go(), clinic.go(10), clinic.go(10)] == [[FIRST], [SECOND], [FIRST, SECOND]]


def test_an_alert_handed_over_is_told_to_both_until_it_is_acknowledged(clinic: OnCall) -> None:
    clinic.let_ring()
    clinic.raise_now()
    assert clinic.go() == [FIRST]
    with clinic.world.database.write("demo") as session:
        (alert,) = open_alerts(session, "demo")
        hand_over(
            session, "demo", alert.alert_id, to=clinic.second, now_ms=clinic.world.clock.now_ms + 1
        )
    assert clinic.go(1) == [FIRST, SECOND]


def test_quiet_hours_hold_back_today_and_never_now(clinic: OnCall) -> None:
    clinic.let_ring()
    with clinic.world.database.write("demo") as session:
        service.set_hours(session, "demo", quiet_from=0, quiet_to=6 * 60, step_minutes=10)
    clinic.raise_now("one", TODAY)
    assert clinic.go() == []
    clinic.raise_now("two")
    assert clinic.go() == [FIRST]
    with clinic.world.database.write("demo") as session:
        now = next(a for a in open_alerts(session, "demo") if a.cause == "two")
        acknowledge(session, now, now.alert_id, by=clinic.first, now_ms=1)
    assert [clinic.go(299), clinic.go(1)] == [[], [FIRST]]


def test_mails_and_webhooks_carry_no_word_about_health(
    clinic: OnCall, phone: Phone, world: World
) -> None:
    clinic.let_ring()
    with gateway() as there:
        with world.database.write("demo") as session:
            channel = channels.add_channel(
                session, "demo", clinic.first, "webhook", there.url, now_ms=world.clock.now_ms
            )
        clinic.courier._send._settings.webhook_private = True  # type: ignore[attr-defined]
        tell(world, phone, RedFlag("seizure"))
        clinic.go()
        (called,) = there.came
    with world.database.read("demo") as session:
        alert = open_alerts(session, "demo")[0]
    mail = clinic.mailbox.came[-1]
    link = f"{world.settings.origin}/alerts/{alert.alert_id.hex()}"
    assert called.said == {
        "id": called.headers["Idempotency-Key"],
        "clinic": "demo",
        "what": "alert",
        "level": "now",
        "link": link,
    }
    assert channel.channel_id.hex() in called.headers["Signature-Input"]
    text = mail.as_string()
    assert link in text
    for word in ("seizure", "Red flag", "Maria", "Sample", phone.bytes_of("patient_id").hex()):
        assert word not in text + str(called)


def test_a_mail_is_in_the_language_that_its_member_chose(clinic: OnCall) -> None:
    clinic.let_ring()
    with clinic.world.database.write("demo") as session:
        session.get_one(Member, ("demo", clinic.first)).language = "de"
    clinic.raise_now()
    clinic.go()
    assert clinic.mailbox.came[-1]["Subject"] == "Circlet: ein Alarm wartet (sofort)"


def test_what_is_not_taken_is_tried_again_under_the_same_name(clinic: OnCall) -> None:
    clinic.let_ring()
    before = len(clinic.mailbox.came)
    clinic.mailbox.refusals = 2
    clinic.raise_now()
    assert clinic.go() == []
    world = clinic.world
    for wait in WAITS_MS[:2]:
        world.clock.now_ms += wait
        clinic.deliver()
    assert [str(mail["To"]) for mail in clinic.mailbox.came[before:]] == [FIRST]
    world.clock.now_ms += DAY_MS
    clinic.courier.tell("demo")
    assert deliver(clinic.courier) == 0


def test_what_was_acknowledged_before_it_went_out_does_not_go_out(clinic: OnCall) -> None:
    clinic.let_ring()
    clinic.mailbox.refusals = 1
    clinic.raise_now()
    assert clinic.go() == []
    with clinic.world.database.write("demo") as session:
        (alert,) = open_alerts(session, "demo")
        acknowledge(session, alert, alert.alert_id, by=clinic.first, now_ms=1)
    assert clinic.go(1) == []


def test_a_courier_killed_after_sending_sends_the_same_again(clinic: OnCall) -> None:
    clinic.let_ring()
    clinic.raise_now()
    assert clinic.go() == [FIRST]
    held = clinic.world.clock.now_ms + LEASE_MS
    with clinic.world.database.write("demo") as session:
        session.execute(update(Delivery).values(ended="", until_ms=held))
    assert clinic.deliver() == 0
    clinic.world.clock.now_ms = held
    assert clinic.deliver() > 0
    names = {str(mail["Message-ID"]) for mail in clinic.mailbox.came}
    assert len(names) < len(clinic.mailbox.came)


def test_a_channel_that_never_works_is_an_alert_until_it_does(clinic: OnCall) -> None:
    clinic.let_ring()
    clinic.mailbox.refusals = 1000
    clinic.raise_now("one", TODAY)
    for wait in (0, *WAITS_MS, 0):
        clinic.world.clock.now_ms += wait
        clinic.deliver()
    assert "A channel for alerts does not work" in clinic.titles()
    clinic.mailbox.refusals = 0
    clinic.go(600)
    assert "A channel for alerts does not work" not in clinic.titles()


def test_nobody_to_tell_is_an_alert(clinic: OnCall) -> None:
    clinic.let_ring()
    with clinic.world.database.write("demo") as session:
        for channel in channels.channels_of(session, "demo"):
            channels.remove_channel(session, "demo", channel.channel_id, now_ms=1)
    clinic.raise_now()
    clinic.go()
    assert "Nobody could be told of an alert" in clinic.titles()


def test_the_rota_passes_over_who_has_no_channel(clinic: OnCall) -> None:
    clinic.let_ring()
    with clinic.world.database.write("demo") as session:
        channels.remove_channel(session, "demo", clinic.channel.channel_id, now_ms=1)
    clinic.raise_now()
    assert clinic.go() == [SECOND]


def test_every_message_has_one_end(clinic: OnCall) -> None:
    clinic.let_ring()
    for number in range(3):
        clinic.raise_now(f"fault/{number}")
    clinic.go()
    with clinic.world.database.read("demo") as session:
        ended = session.scalars(select(Delivery.ended)).all()
    assert set(ended) == {"sent"}


def test_the_first_on_call_is_told_however_long_nobody_worked(clinic: OnCall) -> None:
    with clinic.world.database.write("demo") as session:
        service.add_turn(session, "demo", Turn(2, clinic.second, 0, 0))
    clinic.let_ring()
    clinic.raise_now()
    assert [clinic.go(15), clinic.go(), clinic.go(5)] == [[FIRST], [SECOND], [FIRST, SECOND]]


def test_a_clock_that_is_set_back_holds_up_no_rung(clinic: OnCall) -> None:
    clinic.let_ring()
    clinic.raise_now()
    both = [FIRST, SECOND]
    told = [clinic.go(), clinic.go(-180), clinic.go(9), clinic.go(1), clinic.go(-5), clinic.go(10)]
    assert told == [[FIRST], [], [], both, [], both]


def test_a_clock_that_is_set_back_holds_up_no_message(clinic: OnCall) -> None:
    clinic.let_ring()
    before = len(clinic.mailbox.came)
    clinic.raise_now()
    clinic.worker.round()
    clinic.world.clock.now_ms -= 2 * 3_600_000
    clinic.mailbox.refusals = 1
    assert clinic.deliver() == 0
    clinic.world.clock.now_ms -= 2 * 3_600_000
    assert clinic.deliver() == 1
    assert len(clinic.mailbox.came) == before + 1
    with clinic.world.database.write("demo") as session:
        session.execute(update(Delivery).values(ended="", until_ms=clinic.world.clock.now_ms))
    clinic.world.clock.now_ms -= 2 * LEASE_MS + 1
    assert clinic.deliver() > 0


def test_one_clinics_fault_keeps_the_courier_from_no_other(clinic: OnCall) -> None:
    world = clinic.world
    folder = world.identity.folder.parent / "another"
    add_clinic(world, make_identity(folder, "a-clinic"))
    with world.database.write("a-clinic") as session:
        member = add_member(session, "a-clinic", "X", Role.PRESCRIBER, now_ms=1)
        channel = channels.add_channel(
            session, "a-clinic", member.staff_id, channels.MAIL, "x@clinic.example", now_ms=1
        )
        no_alert = channels.Occasion("none", "now", alert_id=b"x" * 16)
        channels.plan(session, channel, no_alert, due_ms=1, now_ms=1)
    clinic.let_ring()
    clinic.raise_now()
    assert clinic.go() == [FIRST]


def leaves(clinic: OnCall) -> None:
    """Let the first be on leave, and the second stand in."""
    now_ms = clinic.world.clock.now_ms
    with clinic.world.database.write("demo") as session:
        asked = leave.Plan(clinic.first, clinic.second, now_ms, now_ms + DAY_MS)
        planned = leave.plan(session, "demo", asked, now_ms=now_ms)
        leave.accept(session, "demo", planned.leave_id, clinic.second, now_ms=now_ms)


def test_who_is_on_leave_is_replaced_and_comes_back(clinic: OnCall, phone: Phone) -> None:
    clinic.let_ring()
    leaves(clinic)
    clinic.raise_now()
    assert clinic.go() == [SECOND]
    tell(clinic.world, phone, RedFlag("seizure"))
    assert clinic.go(1) == [SECOND]
    assert clinic.go(9) == [SECOND]
    assert FIRST in clinic.go(24 * 60)


def test_a_stand_in_without_a_channel_leaves_who_is_away_on_call(clinic: OnCall) -> None:
    clinic.let_ring()
    leaves(clinic)
    with clinic.world.database.write("demo") as session:
        for channel in channels.channels_of(session, "demo"):
            if channel.staff_id == clinic.second:
                channels.remove_channel(session, "demo", channel.channel_id, now_ms=1)
    clinic.raise_now()
    assert clinic.go() == [FIRST]


def test_who_left_the_clinic_is_told_no_more(clinic: OnCall) -> None:
    clinic.let_ring()
    with clinic.world.database.write("demo") as session:
        session.get_one(Member, ("demo", clinic.first)).left_ms = 1
    clinic.raise_now()
    assert clinic.go() == [SECOND]


def test_of_a_patient_only_who_treats_is_told(clinic: OnCall, phone: Phone) -> None:
    with clinic.world.database.write("demo") as session:
        member = add_member(session, "demo", "Office", Role.ADMINISTRATOR, now_ms=1)
        channels.add_channel(
            session, "demo", member.staff_id, channels.MAIL, "office@clinic.example", now_ms=1
        )
    clinic.let_ring()
    tell(clinic.world, phone, RedFlag("seizure"))
    told = [clinic.go(), clinic.go(10), clinic.go(10)]
    assert told == [[FIRST], [FIRST, SECOND], [FIRST, SECOND]]
    clinic.raise_now()
    assert "office@clinic.example" in clinic.go() + clinic.go(10)
