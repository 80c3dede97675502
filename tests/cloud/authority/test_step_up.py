"""Step-up: a second answer is for one act, one form, one sign-in, two minutes, and once."""

import pytest

from cloud.alerts.service import open_alerts
from cloud.errors import NotAllowed, NotFound, Refused
from cloud.people import recovery, service, staff, step_up
from cloud.people.authority import Act, Role
from cloud.people.models import Member, SignIn, StepUp
from tests.cloud.authority.people import Visitor, signed_in, visitor
from tests.cloud.worlds import START_MS, World

FORM = [("name", "B. Colleague"), ("role", "auditor"), ("form_token", "x")]
SUBJECT = step_up.subject_of(Act.INVITE, "/staff", FORM)


@pytest.fixture
def chief(world: World) -> Visitor:
    return visitor(world, "Chief", Role.ADMINISTRATOR)


def grant(world: World, who: Visitor) -> None:
    with world.database.write("demo") as session:
        step_up.grant(session, who.cookie, SUBJECT, now_ms=START_MS)


def use(world: World, who: Visitor, subject: bytes = SUBJECT, now_ms: int = START_MS) -> bool:
    try:
        with world.database.write("demo") as session:
            step_up.use(session, who.cookie, Act.INVITE, subject, now_ms=now_ms)
    except NotAllowed:
        return False
    return True


def test_an_answer_is_good_once(world: World, chief: Visitor) -> None:
    assert not use(world, chief)
    grant(world, chief)
    assert use(world, chief)
    assert not use(world, chief)


@pytest.mark.parametrize(
    "subject",
    [
        step_up.subject_of(Act.CLOSE_ACCOUNT, "/staff", FORM),
        step_up.subject_of(Act.INVITE, "/staff/00/left", FORM),
        step_up.subject_of(Act.INVITE, "/staff", [*FORM, ("role", "administrator")]),
        step_up.subject_of(Act.INVITE, "/staff", [("name", "C. Other"), *FORM[1:]]),
    ],
    ids=["act", "address", "another field", "another value"],
)
def test_an_answer_is_for_nothing_else(world: World, chief: Visitor, subject: bytes) -> None:
    grant(world, chief)
    assert not use(world, chief, subject)


def test_an_answer_is_for_no_other_sign_in(world: World, chief: Visitor) -> None:
    grant(world, chief)
    with world.database.read("demo") as session:
        person = service.signed_in(session, chief.cookie, idle_minutes=60, now_ms=START_MS)
        member = staff.member_of(session, "demo", person.staff_id)
    assert not use(world, signed_in(world, member))


@pytest.mark.parametrize(("late_ms", "good"), [(0, True), (1, False)])
def test_an_answer_ends_after_two_minutes(
    world: World, chief: Visitor, late_ms: int, good: bool
) -> None:
    grant(world, chief)
    assert use(world, chief, now_ms=START_MS + step_up.STEP_UP_MS + late_ms) is good


def test_the_forms_token_and_order_do_not_count() -> None:
    turned = [FORM[1], ("form_token", "another"), FORM[0]]
    assert step_up.subject_of(Act.INVITE, "/staff", turned) == SUBJECT


def test_answers_go_with_the_sign_in(world: World, chief: Visitor) -> None:
    grant(world, chief)
    with world.database.write("demo") as session:
        service.sign_out(session, chief.cookie)
    with world.database.read("demo") as session:
        assert session.query(StepUp).count() == session.query(SignIn).count() == 0


class Staff:
    """Two administrators and one who lost the only passkey."""

    def __init__(self, world: World) -> None:
        self.world = world
        with world.database.write("demo") as session:
            self.first, self.second, self.lost = (
                service.add_member(session, "demo", name, Role.ADMINISTRATOR, now_ms=START_MS)
                for name in ("First", "Second", "Lost")
            )
            service.add_sign_in_key(session, self.lost, b"id", b"key", now_ms=START_MS)

    def ask(self, by: Member, now_ms: int = START_MS) -> None:
        with self.world.database.write("demo") as session:
            recovery.ask(session, self.lost, by=by.staff_id, now_ms=now_ms)

    def confirm(self, by: Member, now_ms: int = START_MS) -> str:
        with self.world.database.write("demo") as session:
            return recovery.confirm(session, self.lost, by=by.staff_id, now_ms=now_ms)


def test_two_administrators_recover_a_third(world: World) -> None:
    clinic = Staff(world)
    cookie = signed_in(world, clinic.lost).cookie
    clinic.ask(clinic.first)
    token = clinic.confirm(clinic.second)
    with world.database.read("demo") as session:
        assert service.invited(session, token, now_ms=START_MS)[1].name == "Lost"
        assert service.keys_of(session, "demo", clinic.lost.staff_id) == ()
        assert service.sign_in_of(session, cookie) is None
    with pytest.raises(NotFound):
        clinic.confirm(clinic.second)


def test_one_administrator_alone_recovers_nobody(world: World) -> None:
    clinic = Staff(world)
    with pytest.raises(NotFound):
        clinic.confirm(clinic.second)
    clinic.ask(clinic.first)
    with pytest.raises(Refused) as refused:
        clinic.confirm(clinic.first)
    assert refused.value.code == "same"
    for step in (clinic.ask, clinic.confirm):
        with pytest.raises(Refused) as refused:
            step(clinic.lost)
        assert refused.value.code == "self"


LATER_MS = START_MS + 30 * 86_400_000


def test_an_administrator_made_lately_recovers_nobody(world: World) -> None:
    clinic = Staff(world)
    with world.database.write("demo") as session:
        puppet = service.add_member(session, "demo", "P", Role.ADMINISTRATOR, now_ms=LATER_MS)
    settled_ms = LATER_MS + recovery.SETTLING_MS
    for asks, confirms in ((clinic.first, puppet), (puppet, clinic.first)):
        for asked_ms, code in ((settled_ms - 1, "settling"), (settled_ms, "")):
            clinic.ask(asks, asked_ms)
            if code:
                with pytest.raises(Refused) as refused:
                    clinic.confirm(confirms, settled_ms + 1)
                assert refused.value.code == code
            else:
                assert clinic.confirm(confirms, settled_ms + 1)


@pytest.mark.parametrize("asked_by_them", [True, False])
def test_who_is_no_administrator_or_has_left_recovers_nobody(
    world: World, asked_by_them: bool
) -> None:
    clinic = Staff(world)
    other = world.member(Role.AUDITOR)
    for who in (other, clinic.second):
        clinic.ask(who if asked_by_them else clinic.first)
        with world.database.write("demo") as session:
            session.get_one(Member, ("demo", clinic.second.staff_id)).left_ms = START_MS
        with pytest.raises(Refused) as refused:
            clinic.confirm(clinic.first if asked_by_them else who)
        assert refused.value.code == "administrator"


def test_a_recovery_is_an_alert_that_every_administrator_sees(world: World) -> None:
    clinic = Staff(world)
    clinic.ask(clinic.first)
    with world.database.read("demo") as session:
        (alert,) = open_alerts(session, "demo")
    assert (alert.patient_id, alert.title) == (None, "A recovery of Lost was asked for")


def test_a_recovery_that_nobody_confirms_ends(world: World) -> None:
    clinic = Staff(world)
    clinic.ask(clinic.first)
    with pytest.raises(NotFound):
        clinic.confirm(clinic.second, START_MS + recovery.RECOVERY_MS + 1)


def test_the_last_passkey_is_not_removed(world: World) -> None:
    clinic = Staff(world)
    staff_id = clinic.lost.staff_id
    with world.database.write("demo") as session:
        with pytest.raises(Refused):
            service.remove_key(session, "demo", staff_id, b"id")
        service.add_sign_in_key(session, clinic.lost, b"other", b"key", now_ms=START_MS)
        service.remove_key(session, "demo", staff_id, b"id")
        kept = service.keys_of(session, "demo", staff_id)
    assert [key.credential_id for key in kept] == [b"other"]
