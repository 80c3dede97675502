"""The oracle sees what it must: each guard that is taken out of the product is found missing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.campaign import breakages as b
from tests.campaign.breakages import BREAKAGES, broken
from tests.campaign.schedules.campaign import runner
from tests.campaign.schedules.schedule import Schedule, Step, schedule_of

WAYS: dict[Callable[[], b.Patches], tuple[str, int, str]] = {
    b.no_spacing_check: ("single", 1, "treat_to_the_end treat_to_the_end"),
    b.no_rollback_check: ("itbs", 0, "treat_to_the_end restore_flash"),
    b.reserved_after_fired: ("itbs", 0, "treat"),
    b.stop_waits_for_the_train: ("repetitive", 0, "treat stop let_run"),
    b.clearance_lasts_for_ever: ("itbs", 0, "forget_clearance"),
    b.hold_is_not_honoured: ("itbs", 0, "hold_by_cloud treat"),
    b.hold_lets_the_session_end: ("itbs", 0, "treat hold_by_cloud let_run"),
    b.serial_is_not_compared: ("itbs", 0, "lower lower present_again"),
    b.locks_end_by_the_wall_clock: ("itbs", 0, "treat_to_the_end offer_time"),
    b.windows_are_an_hour_short: ("itbs", 0, "treat_to_the_end wait_until_open"),
    b.nonces_are_good_again: ("itbs", 0, "treat_to_the_end replay replay replay"),
    b.mac_is_not_checked: ("itbs", 0, "treat forge_command"),
    b.command_counts_again: ("itbs", 0, "treat replay replay"),
    b.missed_beat_is_ignored: ("itbs", 0, "treat go_out_of_reach"),
    b.nobody_has_to_answer: ("single", 0, "treat walk_away walk_away walk_away"),
    b.lift_names_no_record: ("itbs", 0, "hold_by_app lift_holds lift_stale"),
    b.softening_is_forgotten: ("itbs", 0, "treat soften let_run"),
    b.screening_lasts_for_ever: ("itbs", 0, "gates_go_stale"),
    b.no_rest_after_a_pause: ("itbs", 0, "treat stop resume let_run"),
    b.a_stolen_key_still_counts: ("itbs", 0, "prescriber_goes treat"),
    b.either_app_commands: ("itbs", 0, "second_phone other_phone other_phone"),
    b.lost_contact_is_borne: ("repetitive", 0, "treat lose_contact let_run"),
    b.attested_over_a_session: ("single", 0, "attest_time attest_time attest_time"),
}
"""A kind of treatment, and what has to happen for a breakage to show, by chance."""

TRIES, ORDINARY = 60, 600


def found(schedules: list[Schedule], breakage: Callable[[], b.Patches]) -> bool:
    for schedule in schedules:
        runner().prepare(schedule)
        with broken(breakage):
            outcome = runner().run(schedule)
        if {each.rule for each in outcome.broken} & BREAKAGES[breakage]:
            return True
    return False


def on_the_way(breakage: Callable[[], b.Patches]) -> list[Schedule]:
    kind, sessions, names = WAYS[breakage]
    return [
        Schedule(
            seed,
            kind,
            sessions,
            tuple(Step(name, seed * 31 + place) for place, name in enumerate(names.split())),
        )
        for seed in range(1, TRIES + 1)
    ]


@pytest.mark.parametrize("breakage", WAYS, ids=lambda breakage: breakage.__name__)
def test_a_broken_guard_is_found(breakage: Callable[[], b.Patches]) -> None:
    assert found(on_the_way(breakage), breakage)


def test_the_same_ways_break_nothing_in_the_product() -> None:
    for breakage in WAYS:
        for schedule in on_the_way(breakage)[:4]:
            outcome = runner().run(schedule)
            assert outcome.broken == (), (breakage.__name__, schedule)


def test_every_breakage_has_its_way() -> None:
    assert WAYS.keys() == BREAKAGES.keys()


@pytest.mark.long
@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda breakage: breakage.__name__)
def test_a_broken_guard_is_found_by_ordinary_schedules(breakage: Callable[[], b.Patches]) -> None:
    assert found([schedule_of(5, index) for index in range(ORDINARY)], breakage)
