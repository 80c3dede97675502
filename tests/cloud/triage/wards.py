"""A clinic's list in small: patients with reasons, and who is signed in."""

from collections.abc import Sequence

from cloud.alerts.findings import TODAY, Cause
from cloud.alerts.service import About, newest_of, raise_alert
from cloud.people.authority import Role
from cloud.people.service import Person, open_sign_in, signed_in
from tests.cloud.many_patients import admitted
from tests.cloud.worlds import World

HOUR_MS = 3_600_000
SILENT = Cause("silent", TODAY, "Nothing heard for 3 days", 3)


def patients_of(world: World, count: int) -> list[bytes]:
    with world.database.write("demo") as session:
        return list(admitted(session, count, now_ms=world.clock.now_ms - 24 * HOUR_MS))


def raised(world: World, patient_id: bytes, cause: Cause = SILENT) -> bytes:
    """Raise an alert now; return its id."""
    about = About("demo", patient_id)
    with world.database.write("demo") as session:
        raise_alert(session, about, cause, "Why.", now_ms=world.clock.now_ms)
        found = newest_of(session, about, cause.key)
        assert found is not None
        return found.alert_id


def person_of(
    world: World, name: str = "A. Example", roles: Sequence[Role] = (Role.PRESCRIBER,)
) -> tuple[Person, str]:
    """Return a new member who is signed in, and their cookie."""
    member, now_ms = world.member(roles[0], name), world.clock.now_ms
    with world.database.write("demo") as session:
        cookie = open_sign_in(session, member, hours=24 * 30, now_ms=now_ms)
        return signed_in(session, cookie, idle_minutes=60, now_ms=now_ms), cookie
