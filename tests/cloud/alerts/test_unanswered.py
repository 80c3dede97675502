"""A check-in that the clinic asks for and that does not come is told, and ends when it comes."""

from cloud.alerts import standing
from cloud.checkins.scores import keep
from cloud.times import Times
from tests.cloud.alerts.telling import titles
from tests.cloud.phone import Phone
from tests.cloud.proof.courses import a_day_later, send, treating
from tests.cloud.test_care import publish
from tests.cloud.worlds import World


def stands(world: World) -> list[str]:
    with world.database.write("demo") as session:
        standing.look(session, "demo", Times("UTC"), now_ms=world.clock.now_ms)
    return [title for _, title in titles(world) if "not answered" in title]


def test_who_does_not_answer_is_told_of_until_they_do(world: World, phone: Phone) -> None:
    band = treating(world, phone)
    publish(world)
    send(phone, band)
    assert stands(world) == []
    for _ in range(12):
        a_day_later(world, band)
    send(phone, band)
    assert stands(world), titles(world)
    with world.database.write("demo") as session:
        keep(
            session,
            "demo",
            phone.bytes_of("patient_id"),
            "checkin-1",
            instrument="phq-9",
            answered_ms=world.clock.now_ms,
            score=7,
            self_harm=0,
        )
    assert stands(world) == []
