"""Messages as pages: who wrote, how far an answer came, when it's read, whom to call."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from mobile.presenters import messages
from mobile.presenters.messages import AnswerFacts, Letter, LettersFacts
from mobile.presenters.page import Box, Choices, Field, Group, PageView, Rows, Words
from mobile.presenters.standing import Known, Standing, standing_words
from mobile.presenters.words import Now
from shared.care.card import SENTENCE_CHARACTERS
from tests.shared.care.cards import card

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()) * 1000


MONDAY_10, FRIDAY_19 = at("2026-03-02T10:00"), at("2026-03-06T19:00")
HELLO = Letter("a1", "Dr. K.", "Hello, how are you?", at("2026-03-02T09:00"), new=True)
CALL = Letter(
    "care/1", "", "Not so well.", MONDAY_10, call_me=True, standing=Standing(Known.NOT_SENT)
)


def now(wall_ms: int = MONDAY_10) -> Now:
    return Now(wall_ms, BERLIN)


def rows(view: PageView) -> list[tuple[str, str, str | None]]:
    found = [block for block in view.blocks if isinstance(block, Rows)]
    return [(row.label, row.value, row.action) for block in found for row in block.rows]


def said(view: PageView) -> list[str]:
    found: list[str] = []
    for block in view.blocks:
        parts = block.blocks if isinstance(block, Group) else (block,)
        for part in parts:
            if isinstance(part, Words):
                found.append(part.text)
            if isinstance(part, Box):
                found += [part.notice.title, part.notice.body]
    return found


def test_the_list_says_who_wrote_when_and_what_is_new() -> None:
    view = messages.list_page(LettersFacts(now(), card(), (CALL, HELLO)))
    assert rows(view)[:2] == [
        ("You, today 10:00", "Not so well. Please call me", "message/care/1"),
        ("New from Dr. K., today 09:00", "Hello, how are you?", "message/a1"),
    ]


def test_an_empty_list_says_what_will_stand_there() -> None:
    view = messages.list_page(LettersFacts(now(), card(), ()))
    assert "When your clinic writes to you, it stands here." in said(view)
    assert [push.action for push in view.foot] == ["write", "back"]


@pytest.mark.parametrize(
    ("wall_ms", "when", "whom"),
    [
        (MONDAY_10, "Your clinic reads messages until 17:00 today.", "Your clinic answers now"),
        (FRIDAY_19, "Your clinic reads messages again Monday 08:00.", "Somebody is on call"),
    ],
)
def test_not_read_at_night_stands_there_at_every_hour(wall_ms: int, when: str, whom: str) -> None:
    view = messages.list_page(LettersFacts(now(wall_ms), card(), ()))
    assert "Not read at night" in said(view)
    assert when in said(view)
    assert whom in rows(view)[-1][0]
    assert "Not read at night" in said(
        messages.answer_page(AnswerFacts(now(wall_ms), card(), None))
    )


def test_with_nobody_on_call_the_emergency_number_stands_there() -> None:
    alone = card(on_call_number="")
    assert rows(messages.list_page(LettersFacts(now(FRIDAY_19), alone, ())))[-1] == (
        "Can't wait? The emergency number",
        "112",
        "dial:112",
    )


def test_without_a_card_no_hour_is_promised() -> None:
    view = messages.list_page(LettersFacts(now(), card(hours=()), ()))
    assert "Your clinic reads messages when it's open." in said(view)


def test_an_answer_says_how_far_it_came() -> None:
    view = messages.letter_page(LettersFacts(now(), card(), (HELLO,)), HELLO, (CALL,))
    assert said(view) == [
        "Dr. K., today 09:00",
        "Hello, how are you?",
        "You, today 10:00",
        "Not so well.\nPlease call me",
        "Not sent yet. It goes as soon as there's a network.",
    ]
    assert [push.action for push in view.foot] == ["answer", "back"]


def test_the_persons_own_word_has_nothing_to_answer() -> None:
    view = messages.letter_page(LettersFacts(now(), card(), (CALL,)), CALL, ())
    assert [push.action for push in view.foot] == ["back"]


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing(Known.NOT_SENT), "Not sent yet. It goes as soon as there's a network."),
        (
            Standing(Known.ON_SERVER, MONDAY_10),
            "With the clinic since today 10:00. Nobody has read it yet.",
        ),
        (Standing(Known.SEEN, MONDAY_10, "K."), "Read by K., today 10:00"),
        (Standing(Known.REFUSED, MONDAY_10), "The clinic's server didn't take it. Please call."),
    ],
)
def test_no_more_is_said_than_is_known(standing: Standing, words: str) -> None:
    assert standing_words(standing, now()) == words


def test_an_answer_takes_a_touch_and_few_words() -> None:
    facts = AnswerFacts(now(), card(), HELLO, sentence_id="thanks", text="abc", call_me=True)
    view = messages.answer_page(facts)
    sentences, calls = (block for block in view.blocks if isinstance(block, Choices))
    assert [(each.id, each.text) for each in sentences.choices] == [("thanks", "Thank you.")]
    assert [sentences.chosen, calls.chosen] == [frozenset({"thanks"}), frozenset({"call-me"})]
    (field,) = (block for block in view.blocks if isinstance(block, Field))
    assert (field.text, field.limit) == ("abc", SENTENCE_CHARACTERS)


def test_times_are_of_the_day_of_the_reader() -> None:
    view = messages.list_page(LettersFacts(Now(FRIDAY_19, UTC), card(), (HELLO,)))
    assert rows(view)[0][0] == "New from Dr. K., Monday 08:00"


def test_long_words_are_cut_between_words() -> None:
    long = Letter("a", "K.", "word " * 40, MONDAY_10)
    value = rows(messages.list_page(LettersFacts(now(), card(), (long,))))[0][1]
    assert value.endswith("word ...")
    assert len(value) < 70
