"""Emergency and help: the ambulance first, each number one touch away."""

from __future__ import annotations

from dataclasses import replace

from mobile.presenters.help import help_view
from mobile.presenters.reach import CrisisCall, Reach

REACH = Reach(
    "Demo clinic",
    "030 23125 001",
    on_call_number="030 23125 002",
    emergency_number="999",
    crisis_calls=(CrisisCall("Crisis line", "030 23125 003"),),
)


def test_every_number_is_one_touch_away_and_the_ambulance_first() -> None:
    view = help_view("Demo clinic", reach=REACH)
    assert [call.action for call in (*view.calls, *view.others)] == [
        "dial:999",
        "dial:030 23125 002",
        "dial:030 23125 001",
        "dial:030 23125 003",
    ]
    assert [call.urgent for call in view.calls] == [True, False, False]
    assert "call 999 now" in view.steps[0]


def test_without_a_card_the_letter_says_the_clinics_number() -> None:
    ambulance, clinic = help_view("Demo clinic").calls
    assert ambulance.action == "dial:112"
    assert (clinic.text, clinic.action, clinic.note) == ("Demo clinic", None, "See your letter")


def test_a_device_that_makes_no_calls_shows_the_numbers_to_read_off() -> None:
    view = help_view("Demo clinic", reach=replace(REACH, dials=False))
    assert [(call.number, call.action) for call in view.calls] == [
        ("999", None),
        ("030\N{NO-BREAK SPACE}23125\N{NO-BREAK SPACE}002", None),
        ("030\N{NO-BREAK SPACE}23125\N{NO-BREAK SPACE}001", None),
    ]
    assert {call.note for call in view.calls} == {"Dial it on another telephone."}
