"""The lanes say what the record and the phone said, no more, and their tables say the same."""

from collections import Counter

from sqlalchemy import event, func, insert, select

from cloud.adherence.definition import adherence, missed_days
from cloud.adherence.facts import course_facts
from cloud.dose.models import DoseDay
from cloud.ledger.models import DeliveredSession
from cloud.patients.service import patient_of
from cloud.timeline.dose import BASE, TALLEST
from cloud.timeline.marks import Lane, Mark, uncrowded
from cloud.timeline.view import timeline
from cloud.timeline.window import YEAR_DAYS
from cloud.times import Times
from tests.cloud.timeline.worlds import UTC, Lived


def kinds(lane: Lane) -> Counter[str]:
    return Counter(each.kind for each in lane.marks)


def test_bars_are_the_bands_own_sums_and_the_table_has_each(life: Lived) -> None:
    lane = life.lane("dose")
    bars = [each for each in lane.marks if each.shape == "bar"]
    rows = [each for each in lane.rows if each.href]
    assert [each.cells[1] for each in rows] == ["600", "600", "420", "0", "600", "600"]
    with life.world.database.read("demo") as session:
        charged = session.scalar(select(func.sum(DoseDay.charged)))
    assert sum(int(each.cells[1]) for each in rows) == charged == life.band.state.total_pulses
    assert [(b.kind, b.height) for b in bars] == [
        (kind, round(TALLEST * pulses / 600, 1))
        for kind, pulses in [
            *[("whole", 600), ("whole", 600), ("partial", 420)],
            *[("nothing", 0), ("whole", 600), ("whole", 600)],
        ]
    ]
    assert [b.href for b in bars] == [r.href for r in rows]
    assert all(b.y + b.height == BASE for b in bars)


def test_missed_crosses_are_as_many_as_adherence_says_and_on_days_of_the_calendar(
    life: Lived,
) -> None:
    lane = life.lane("dose")
    crosses = [each for each in lane.marks if each.kind == "missed"]
    today = UTC.day(life.world.clock.now_ms).toordinal()
    with life.world.database.read("demo") as session:
        facts = course_facts(session, "demo", life.band.patient_id, UTC, today=today)
    assert facts is not None
    found = missed_days(facts, today=today)
    assert sum(found.values()) == adherence(facts, today=today).missed > 0
    assert len(crosses) == len(found)
    assert not facts.closed & set(found)
    assert not {one.day for one in facts.given} & set(found)


def test_labels_say_what_is_not_whole_and_the_last_value(life: Lived) -> None:
    labels = [each.label for each in life.lane("dose").marks if each.shape == "bar"]
    assert labels == ["", "", "420", "0", "", "600"]
    assert life.lane("dose").notes == ("prescribed: 600",)


def test_scores_have_their_bands_and_whether_the_change_matters(life: Lived) -> None:
    lane = life.lane("phq-9")
    assert [each.label for each in lane.marks] == ["16", "8"]
    assert [each.cells for each in lane.rows] == [
        ("16", "moderately severe", "\u2013"),
        ("8", "mild", "8 points fewer"),
    ]
    assert [each.name for each in lane.areas] == [
        *("minimal", "mild", "moderate", "moderately severe", "severe")
    ]
    assert lane.summary == (
        "From 16 to 8. Better, by so much that it matters by its source. A response by its source."
    )
    assert len(lane.rules) == 2


def test_each_lane_of_what_was_told_has_what_was_told(life: Lived) -> None:
    effects = life.lane("effects")
    assert [(each.place, *each.cells) for each in effects.rows] == [
        (0, "Headache", "Grade 2, moderate"),
        (0, "Discomfort or pain of the scalp where the band sits", "Grade 1, mild"),
        (1, "None was noticed.", "\u2013"),
        (4, "A seizure or a blackout", "red flag"),
    ]
    assert kinds(effects) == {"grade2": 1, "grade0": 1, "flag": 1}
    assert [each.cells for each in life.lane("sleep").rows] == [("6", "So-so", "4")]
    assert [each.cells[1:] for each in life.lane("medicine").rows] == [("Sertraline", "50 mg")]
    words = [each.cells[1:] for each in life.lane("messages").rows]
    assert words == [
        ("patient", "Asks for a call. Can I swim?"),
        ("A. Example", "We call you today."),
    ]


def test_events_and_holds_stand_where_they_were(life: Lived) -> None:
    events = life.lane("events")
    assert {each.cells[1] for each in events.rows} == {
        *("Prescription 1", "Threshold measured", "Safety question")
    }
    question = next(each for each in events.rows if each.cells[1] == "Safety question")
    assert question.cells[2] == "4 to 6 hours of sleep, which is unusual: yes"
    (hold,) = life.lane("holds").marks
    assert (hold.at, hold.kind) == (10, "in-force")
    assert hold.label == "Red flag: seizure. Placed by the patient, in the app"
    assert life.lane("holds").rows[0].cells[0] == "still in force"


def test_another_window_shows_its_days_alone_and_says_so_where_there_is_nothing(
    life: Lived,
) -> None:
    lanes = life.timeline("fortnight", "2026-02-20").lanes
    assert all(not each.rows and not each.marks and each.empty for each in lanes)
    fortnight = life.timeline("fortnight")
    assert fortnight.window.days == 14
    assert fortnight.window.last == UTC.day(life.world.clock.now_ms)


def test_a_session_near_midnight_is_on_the_day_of_the_pages_own_zone(life: Lived) -> None:
    lane = next(each for each in life.timeline(times=Times("Pacific/Kiritimati")).lanes)
    assert lane.id == "dose"
    assert lane.rows[0].cells[0] == "23:00"


def test_a_label_never_covers_another_and_the_last_always_stands() -> None:
    marks = [Mark(at, "bar", "partial", label="1,200", days=1) for at in (0.5, 1.5, 2.5)]
    assert [each.crowded for each in uncrowded(marks, 366)] == [True, True, False]
    assert [each.crowded for each in uncrowded(marks, 14)] == [False, False, False]


def test_five_years_load_no_more_rows_than_one(life: Lived) -> None:
    loaded: list[object] = []

    def rows_of_a_year() -> int:
        loaded.clear()
        shown = timeline(session, patient, None, UTC, now_ms=now_ms, span="year")
        assert shown.window.days == YEAR_DAYS
        return len(loaded)

    now_ms = life.world.clock.now_ms

    def listener(target: object, _context: object) -> None:
        loaded.append(target)

    event.listen(DeliveredSession, "load", listener)
    with life.world.database.write("demo") as session:
        patient = patient_of(session, "demo", life.band.patient_id)
        few = rows_of_a_year()
        row = session.scalars(select(DeliveredSession)).first()
        assert row is not None
        copied = {each.name: getattr(row, each.name) for each in row.__table__.columns}
        for back in range(1, 1200):
            older = {"opened_number": 100_000 + back, "day": row.day - YEAR_DAYS - back}
            session.execute(insert(DeliveredSession).values(**copied | older))
        session.expunge_all()
        assert rows_of_a_year() == few == 6
        session.rollback()
    event.remove(DeliveredSession, "load", listener)
