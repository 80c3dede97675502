"""Safety questions before a session: what each answer does, and what all of them come to (R16)."""

from __future__ import annotations

import pytest

from shared.instruments.items import AnswerError
from shared.instruments.screening import (
    FIXED,
    NO,
    OTHER,
    UNSURE,
    YES,
    Circumstances,
    Given,
    ScreeningAction,
    ScreeningQuestion,
    screening_rules,
)
from shared.trust.statements import POSTPONE_S_MAX, Gate, GateOutcome

RULES = screening_rules()
ALL = Circumstances(
    pregnancy=True,
    ear_protection=True,
    attended=True,
    medicines={"paracetamol": True, "tramadol": False},
)
LOCKING = {"seizure", "sleep", "alcohol", "drugs", "fever", "head_injury", "pregnancy"}


def usual(question: ScreeningQuestion) -> Given:
    """What is answered on an ordinary day."""
    return Given(YES if question.gate is not None else NO)


def answers(**others: Given) -> dict[str, Given]:
    """An ordinary day's answers, but for the named ones."""
    return {question.id: usual(question) for question in RULES.questions} | others


def test_an_ordinary_day_passes_and_confirms_the_plans_gates() -> None:
    outcome = RULES.outcome(answers(), ALL)
    assert (outcome.outcome, outcome.postpone_s, outcome.reason) == (GateOutcome.PASS, 0, None)
    assert outcome.told == ()
    assert set(outcome.confirmed) == {Gate.EAR_PROTECTION, Gate.ATTENDED}


def test_some_questions_are_asked_only_where_clinic_or_plan_ask() -> None:
    always = {question.id for question in RULES.asked(Circumstances())}
    assert {q.id for q in RULES.asked(ALL)} - always == {"pregnancy", "ear", "attended"}
    assert len(always) == 10


@pytest.mark.parametrize("answer", [YES, UNSURE])
@pytest.mark.parametrize("question_id", sorted(LOCKING))
def test_yes_and_not_being_sure_lock_alike(question_id: str, answer: str) -> None:
    outcome = RULES.outcome(answers(**{question_id: Given(answer)}), ALL)
    (question,) = (q for q in RULES.questions if q.id == question_id)
    assert outcome.outcome is not GateOutcome.PASS
    assert outcome.reason == question_id
    assert outcome.postpone_s == question.hours * 3600
    assert [told.question for told in outcome.told] == [question_id]


@pytest.mark.parametrize("question_id", ["sleep_some", "alone_distress"])
def test_what_the_clinic_only_asks_about_passes_and_is_told(question_id: str) -> None:
    outcome = RULES.outcome(answers(**{question_id: Given(UNSURE)}), ALL)
    assert outcome.outcome is GateOutcome.PASS
    assert [(t.question, t.answer, t.action) for t in outcome.told] == [
        (question_id, UNSURE, ScreeningAction.ASK)
    ]


@pytest.mark.parametrize(
    ("picked", "expected"),
    [
        (("paracetamol",), ScreeningAction.NOTE),
        (("tramadol",), ScreeningAction.HOLD),
        (("paracetamol", "tramadol"), ScreeningAction.HOLD),
        ((OTHER,), ScreeningAction.HOLD),
        (("paracetamol", OTHER), ScreeningAction.HOLD),
        (("not on any list",), ScreeningAction.HOLD),
    ],
)
def test_only_what_the_clinic_marked_harmless_goes_on(
    picked: tuple[str, ...], expected: ScreeningAction
) -> None:
    (medicine,) = (q for q in RULES.questions if q.id == "medicine")
    assert RULES.action(medicine, Given(YES, picked), ALL) is expected
    outcome = RULES.outcome(answers(medicine=Given(UNSURE, picked)), ALL)
    assert (outcome.outcome is GateOutcome.PASS) is (expected is ScreeningAction.NOTE)
    assert [told.action for told in outcome.told] == [expected]


def test_metal_that_was_taken_off_passes_and_nobody_is_told() -> None:
    off = RULES.outcome(answers(metal=Given(YES, (FIXED,))), ALL)
    assert (off.outcome, off.told) == (GateOutcome.PASS, ())
    stays = RULES.outcome(answers(metal=Given(YES, ("stays",))), ALL)
    assert (stays.outcome, stays.reason) == (GateOutcome.HOLD, "metal")


@pytest.mark.parametrize("question_id", ["metal", "medicine"])
def test_a_yes_whose_follow_up_is_open_is_no_pass(question_id: str) -> None:
    with pytest.raises(AnswerError) as refused:
        RULES.outcome(answers(**{question_id: Given(YES)}), ALL)
    assert refused.value.field == question_id


@pytest.mark.parametrize("question_id", ["ear", "attended"])
def test_what_has_to_be_confirmed_makes_the_session_wait_and_holds_nothing(
    question_id: str,
) -> None:
    with pytest.raises(AnswerError) as refused:
        RULES.outcome(answers(**{question_id: Given(NO)}), ALL)
    assert refused.value.field == question_id


def test_the_gravest_answer_decides() -> None:
    both = RULES.outcome(answers(sleep=Given(YES), seizure=Given(YES)), ALL)
    assert (both.outcome, both.reason) == (GateOutcome.HOLD, "seizure")
    longer = RULES.outcome(answers(sleep=Given(YES), drugs=Given(YES)), ALL)
    assert (longer.postpone_s, longer.reason) == (48 * 3600, "drugs")


@pytest.mark.parametrize("answer", [None, "", "maybe", "NO"])
def test_a_question_left_open_is_no_pass(answer: str | None) -> None:
    given = {key: value for key, value in answers().items() if key != "fever"}
    if answer is not None:
        given["fever"] = Given(answer)
    with pytest.raises(AnswerError) as refused:
        RULES.outcome(given, ALL)
    assert refused.value.field == "fever"


def test_what_locks_needs_no_further_answers() -> None:
    outcome = RULES.outcome({"seizure": Given(UNSURE)}, ALL)
    assert (outcome.outcome, outcome.reason) == (GateOutcome.HOLD, "seizure")


def test_a_postponement_has_hours_within_the_bands_limit_and_nothing_else_has() -> None:
    for question in RULES.questions:
        assert (question.hours > 0) is (question.action is ScreeningAction.POSTPONE)
        assert question.hours * 3600 <= POSTPONE_S_MAX


def test_every_text_stands_in_its_question_once() -> None:
    prompts = [question.prompt for question in RULES.questions]
    assert len(set(prompts)) == len(prompts) == 13
    assert all((question.help or question.why) and question.short for question in RULES.questions)
    assert RULES.version == 2
