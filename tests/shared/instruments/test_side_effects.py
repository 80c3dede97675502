"""Side effects after a session: grades, red flags, and when the advice is shown (R9, R21)."""

from __future__ import annotations

import pytest

from shared.instruments.items import AnswerError
from shared.instruments.side_effects import side_effect_rules

RULES = side_effect_rules()
HOLDS_FROM = {"hearing": 2, "mood_up": 2, "mood_down": 3, "skin": 2, "vision": 1, "seizure": 1}


@pytest.mark.parametrize("grade", [1, 2, 3])
@pytest.mark.parametrize("effect", RULES.effects, ids=lambda effect: effect.id)
def test_a_red_flag_holds_from_its_grade_on(effect: object, grade: int) -> None:
    (one,) = (each for each in RULES.effects if each is effect)
    assert one.holds(grade) is (grade >= HOLDS_FROM.get(one.id, 4))
    assert one.asks(grade) is (one.id == "headache" and grade == 3)
    flag = RULES.red_flag({one.id: grade})
    assert (flag is one) is one.holds(grade)


def test_emergencies_come_before_other_red_flags() -> None:
    flag = RULES.red_flag({"skin": 3, "seizure": 1})
    assert flag is not None
    assert flag.id == "seizure"
    assert RULES.red_flag({}) is None


def test_signs_of_seizure_and_stroke_cant_be_taken_back_and_others_can_within_a_minute() -> None:
    for effect in RULES.effects:
        if effect.red_flag is None:
            continue
        grave = effect.red_flag.sign.startswith(("seizure", "stroke"))
        assert grave is effect.red_flag.emergency_words is effect.holds_ungraded
        assert effect.red_flag.undo_s == (0 if grave else 60)


def test_advice_is_shown_from_grade_two_on() -> None:
    strong = RULES.needs_advice({"headache": 2, "tired": 1, "scalp": 3})
    assert [effect.id for effect in strong] == ["headache", "scalp"]


@pytest.mark.parametrize("noticed", [{"headache": 0}, {"headache": 4}, {"unknown": 1}])
def test_what_the_list_does_not_have_is_refused_by_name(noticed: dict[str, int]) -> None:
    with pytest.raises(AnswerError):
        RULES.red_flag(noticed)


def test_twelve_things_and_three_grades() -> None:
    assert len(RULES.effects) == 12
    assert [grade.number for grade in RULES.grades] == [1, 2, 3]
