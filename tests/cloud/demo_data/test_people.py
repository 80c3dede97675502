"""Who is made up: the same by seed, and as the cohort's figures say."""

from datetime import date, timedelta
from statistics import mean, stdev

import pytest

from cloud.demo_data.answers import phq9_answers, side_effects
from cloud.demo_data.cases import CAUSES, Case
from cloud.demo_data.chance import Chance, ids_drawn_from
from cloud.demo_data.cohort import cohort
from cloud.demo_data.people import Person, cases_among, people
from shared.instruments.items import NOT_SAID

TERM = (date(2024, 3, 8), date(2026, 3, 6))


def drawn(seed: int, count: int = 2000) -> list[Person]:
    return people(count, tuple(Case), TERM, Chance(seed).of("people"), cohort())


def test_a_seed_draws_the_same_people_again_and_another_seed_others() -> None:
    assert drawn(1, 40) == drawn(1, 40)
    assert drawn(1, 40) != drawn(2, 40)


def test_two_hundred_have_every_case_among_them_and_few_have_few() -> None:
    assert cases_among(200) == tuple(Case)
    assert len(cases_among(24)) == 2
    assert [each.name for each in drawn(1, 200)[-len(Case) :]] == [
        each.name_of_patient for each in Case
    ]


def test_every_case_but_who_left_and_who_was_erased_is_told_by_an_alert() -> None:
    assert set(Case) - CAUSES.keys() == {Case.PRESCRIBER_LEFT, Case.ERASED}


def test_patients_begin_within_the_term_and_the_clinic_grows() -> None:
    plain = [each for each in drawn(3) if each.case is None]
    assert all(TERM[0] <= each.begins < TERM[1] for each in plain)
    middle = TERM[0] + (TERM[1] - TERM[0]) / 2
    assert sum(each.begins >= middle for each in plain) > 0.6 * len(plain)


def test_symptoms_are_as_the_cohort_says() -> None:
    plain = [each for each in drawn(4) if each.case is None]
    figures = cohort().symptoms
    begun = [each.baseline for each in plain]
    assert min(begun) >= figures.baseline.lowest
    assert max(begun) <= figures.baseline.highest
    assert mean(begun) == pytest.approx(figures.baseline_mean, abs=0.5)
    assert stdev(begun) == pytest.approx(figures.baseline_sd, abs=0.8)
    responded = [each.aim <= each.baseline / 2 for each in plain]
    remitted = [each.aim < 5 for each in plain]
    assert mean(responded) == pytest.approx(figures.responder_share, abs=0.06)
    assert mean(remitted) == pytest.approx(figures.remitter_share, abs=0.06)


def test_who_gives_up_does_so_by_the_week() -> None:
    plain = [each for each in drawn(5) if each.case is None]
    first = timedelta(weeks=10)
    gone = [
        each.leaves_day is not None and each.leaves_day <= each.begins + first for each in plain
    ]
    by_week = cohort().attendance.dropout_by_week
    assert mean(gone) == pytest.approx(1 - (1 - by_week) ** 10, abs=0.04)


def test_a_score_comes_half_the_way_down_in_its_half_time() -> None:
    person = next(each for each in drawn(6) if each.aim < each.baseline / 2)
    chance = Chance(7)

    def expected(sessions: int) -> float:
        answers = [phq9_answers(person, cohort().symptoms, sessions, chance) for _ in range(600)]
        return mean(sum(each) for each in answers if NOT_SAID not in each)

    begun, halfway = expected(0), expected(round(person.half_time_sessions))
    assert begun - halfway == pytest.approx((person.baseline - person.aim) / 2, abs=1.0)


def test_side_effects_decline_by_the_week() -> None:
    noticed, chance = cohort().noticed, Chance(8)
    shares = [
        mean(
            any(g.id == "headache" for g in side_effects(noticed, week, chance)) for _ in range(900)
        )
        for week in (0, 3)
    ]
    assert shares[0] == pytest.approx(noticed.headache_first_week, abs=0.05)
    assert shares[1] == pytest.approx(
        noticed.headache_first_week * (1 - noticed.decline_per_week) ** 3, abs=0.04
    )


def test_ids_are_drawn_only_for_a_while() -> None:
    import secrets

    with ids_drawn_from(Chance(1)):
        drawn_ids = [secrets.token_bytes(16), secrets.token_hex(4), secrets.choice("abc")]
    with ids_drawn_from(Chance(1)):
        assert drawn_ids == [secrets.token_bytes(16), secrets.token_hex(4), secrets.choice("abc")]
    assert secrets.token_bytes(16) != secrets.token_bytes(16)
    with pytest.raises(ValueError, match="within"), ids_drawn_from(Chance(1)):
        raise ValueError("within")
    assert len({secrets.token_bytes(16) for _ in range(4)}) == 4
    assert secrets.token_bytes.__module__ == "secrets"
