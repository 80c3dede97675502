"""Emergency and help: the ambulance first, each number one touch away."""

from __future__ import annotations

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
    assert [row.action for row in view.rows] == [
        "dial:999",
        "dial:030 23125 002",
        "dial:030 23125 001",
        "dial:030 23125 003",
    ]
    assert "call 999 now" in view.steps[1]


def test_without_a_card_the_letter_says_the_clinics_number() -> None:
    rows = help_view("Demo clinic").rows
    assert rows[0].action == "dial:112"
    assert (rows[1].value, rows[1].action) == ("See the letter with your code", None)
