"""What a person answers is told to the clinic once, wherever the app is killed on the way."""

from __future__ import annotations

from operator import methodcaller
from pathlib import Path
from typing import cast

from mobile.engine import flagging, held, own_words
from mobile.engine.context import Context
from mobile.engine.places.screening import ScreeningPlace
from mobile.engine.present_lock import lock_of
from mobile.presenters import after, red_flag
from mobile.presenters.consent_sections import TREATMENT, VERSION
from shared.care.bodies import (
    CheckinAnswers,
    Consent,
    Homework,
    MessageOut,
    ScreeningTold,
    SideEffects,
)
from shared.instruments.questionnaire import Questionnaire
from shared.instruments.registry import instrument
from shared.wire.items import UpKind
from tests.mobile.engine.killed_phone import Phone, killed_at_each_commit

SESSION = bytes(range(16))
DARK = "alone_distress"


def screening(phone: Phone) -> ScreeningPlace:
    return cast("ScreeningPlace", phone.place)


def is_at(phone: Phone, name: str) -> bool:
    return phone.place is not None and phone.place.name == name


def begin(phone: Phone, name: str, **draft: object) -> None:
    phone.ways.open(name, **draft)
    phone.remembering.note(phone.screen)


def answer(phone: Phone, *, until: str = "", **others: str) -> None:
    """Answer the safety questions from where the phone is: up to one, or to their end."""
    while is_at(phone, "screening") and not screening(phone).draft()["decided"]:
        page, asked = screening(phone).draft()["page"], screening(phone)._way.question
        if page == "sure":
            phone.touch(lambda place: place.press("sure"))
        elif page == "check":
            phone.touch(lambda place: place.press("get-ready"))
        elif asked.id == until:
            return
        else:
            usual = "no" if asked.gate is None else "yes"
            said, group = others.get(asked.id, usual), asked.id
            phone.touch(methodcaller("choose", said, group))


def test_an_answer_that_postpones_is_told_once_and_so_is_what_the_band_heard(
    tmp_path: Path,
) -> None:
    def before(phone: Phone) -> None:
        begin(phone, "screening")
        answer(phone, until="sleep")

    def check(phone: Phone) -> None:
        assert phone.told() == [ScreeningTold("sleep", "unsure", "postpone")]
        assert phone.queued(UpKind.GATE_ANSWERS) == 1

    commits = killed_at_each_commit(
        tmp_path, before, lambda phone: answer(phone, sleep="unsure"), check
    )
    assert commits >= 3


def test_an_answer_that_doesnt_lock_is_told_once(tmp_path: Path) -> None:
    def before(phone: Phone) -> None:
        begin(phone, "screening")
        answer(phone, until="ear", sleep_some="yes")

    def check(phone: Phone) -> None:
        assert phone.told() == [ScreeningTold("sleep_some", "yes", "ask")]
        assert phone.queued(UpKind.GATE_ANSWERS) == 1

    killed_at_each_commit(tmp_path, before, answer, check)


def test_dark_thoughts_are_told_once(tmp_path: Path) -> None:
    def before(phone: Phone) -> None:
        begin(phone, "screening")
        answer(phone, until=DARK)

    def flow(phone: Phone) -> None:
        if is_at(phone, "screening") and screening(phone)._way.question.id == DARK:
            phone.touch(lambda place: place.choose("yes", DARK))

    def check(phone: Phone) -> None:
        assert phone.told() == [ScreeningTold(DARK, "yes", "ask")]

    killed_at_each_commit(tmp_path, before, flow, check)


def test_dark_thoughts_taken_back_and_said_again_are_told_each_time(tmp_path: Path) -> None:
    def before(phone: Phone) -> None:
        begin(phone, "screening")
        answer(phone, until=DARK)
        there = screening(phone)
        for said in ("yes", "no", "yes"):
            phone.go(there)
            while there._way.question.id != DARK:
                there.press("back")
            phone.touch(methodcaller("choose", said, DARK))

    def check(phone: Phone) -> None:
        said = [(told.answer, told.action) for told in phone.told()]  # type: ignore[union-attr]
        assert said == [("yes", "ask"), ("no", "pass"), ("yes", "ask")]

    killed_at_each_commit(tmp_path, before, lambda phone: None, check)


def test_a_red_flag_holds_once_and_is_told_once(tmp_path: Path) -> None:
    def flow(phone: Phone) -> None:
        if is_at(phone, "after"):
            phone.touch(lambda place: place.press(after.RED_FLAG))
        phone.touch(lambda place: place.choose(red_flag.SLIP, red_flag.NAME))

    def check(phone: Phone) -> None:
        assert [(told.slip, told.session_id) for told in phone.told()] == [  # type: ignore[union-attr]
            (False, SESSION),
            (True, None),
        ]
        assert len(own_words.waiting(phone.store)) == 2

    killed_at_each_commit(
        tmp_path, lambda phone: begin(phone, "after", session_id=SESSION.hex()), flow, check
    )


def test_a_yes_taken_back_holds_the_band_once_and_is_told_once(tmp_path: Path) -> None:
    def before(phone: Phone) -> None:
        phone.store.consents.give(TREATMENT, "words", now_ms=1)
        begin(phone, "consents", section=TREATMENT)

    def flow(phone: Phone) -> None:
        if phone.store.consents.holds(TREATMENT):
            phone.touch(methodcaller("press", "ask-withdraw"))
            phone.touch(methodcaller("press", "withdraw"))

    def check(phone: Phone) -> None:
        assert phone.told() == [Consent(TREATMENT, given=False, version=VERSION)]
        assert [hold.reason for hold in held.on_its_way(cast(Context, phone))] == [
            flagging.WITHDRAWN
        ]
        assert lock_of(cast("Context", phone)).is_held

    killed_at_each_commit(tmp_path, before, flow, check)


def test_the_answers_after_a_session_are_told_once(tmp_path: Path) -> None:
    def flow(phone: Phone) -> None:
        if is_at(phone, "after"):
            phone.touch(lambda place: place.choose("no", "unusual"))
            phone.touch(lambda place: place.press("done"))

    def check(phone: Phone) -> None:
        assert [type(told) for told in phone.told()] == [SideEffects]
        assert len(own_words.waiting(phone.store)) == 1

    killed_at_each_commit(
        tmp_path, lambda phone: begin(phone, "after", session_id=SESSION.hex()), flow, check
    )


def test_a_checkin_is_kept_once_and_told_once(tmp_path: Path) -> None:
    def before(phone: Phone) -> None:
        begin(phone, "check-in", instrument="gad-7")
        form = instrument("gad-7").form
        assert isinstance(form, Questionnaire)
        for item in form.items:
            phone.touch(methodcaller("choose", "1", item.id))

    def flow(phone: Phone) -> None:
        if is_at(phone, "check-in"):
            phone.touch(lambda place: place.press("send"))

    def check(phone: Phone) -> None:
        assert [type(told) for told in phone.told()] == [CheckinAnswers]
        assert len(phone.answers.all) == 1

    killed_at_each_commit(tmp_path, before, flow, check)


def test_a_message_is_written_once(tmp_path: Path) -> None:
    def before(phone: Phone) -> None:
        begin(phone, "answer")
        phone.touch(lambda place: place.typed("text", "Please call me."))

    def flow(phone: Phone) -> None:
        if is_at(phone, "answer"):
            phone.touch(lambda place: place.press("send"))

    def check(phone: Phone) -> None:
        assert [type(told) for told in phone.told()] == [MessageOut]
        assert len(phone.store.messages.all()) == 1

    killed_at_each_commit(tmp_path, before, flow, check)


def test_an_entry_is_kept_once_and_told_once(tmp_path: Path) -> None:
    def before(phone: Phone) -> None:
        phone.store.consents.give("writing", "words", now_ms=1)
        begin(phone, "entry-form", form="note")
        phone.touch(lambda place: place.typed("note", "Slept well."))

    def flow(phone: Phone) -> None:
        if is_at(phone, "entry-form"):
            phone.touch(lambda place: place.press("next"))

    def check(phone: Phone) -> None:
        assert [type(told) for told in phone.told()] == [Homework]

    killed_at_each_commit(tmp_path, before, flow, check)
