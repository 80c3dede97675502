"""Every form: complete, honest about its sources, and scored as its source says."""

from __future__ import annotations

import pytest

from shared.instruments import change
from shared.instruments.forms import FORMS, form, phq9
from shared.instruments.items import NOT_ASKED, NOT_SAID, AnswerError
from shared.instruments.questionnaire import Questionnaire, ScoreKind
from shared.instruments.registry import instrument, instruments, knows

OFFICIAL_CODES = {"phq-9": "44261-6", "gad-7": "70274-6", "pain-nrs": "72514-3"}


@pytest.fixture(params=FORMS)
def asked(request: pytest.FixtureRequest) -> Questionnaire:
    return form(request.param)


def lowest(asked: Questionnaire) -> list[int]:
    """Return the smallest answer to each item that is asked then."""
    answers: list[int] = []
    for item in asked.items:
        given = {i.id: answer for i, answer in zip(asked.items, answers, strict=False)}
        answers.append(min(item.values) if item.is_asked(given) else NOT_ASKED)
    return answers


def highest(asked: Questionnaire) -> list[int]:
    """Return the greatest answer to each item that is asked then."""
    answers: list[int] = []
    for item in asked.items:
        given = {i.id: answer for i, answer in zip(asked.items, answers, strict=False)}
        answers.append(max(item.values) if item.is_asked(given) else NOT_ASKED)
    return answers


def test_items_have_ids_of_their_own_and_words(asked: Questionnaire) -> None:
    assert len({item.id for item in asked.items}) == len(asked.items)
    for item in asked.items:
        assert item.prompt.endswith("?")
        assert len(item.values) == len(item.answers.responses) >= 2


def test_own_wording_says_so_and_carries_no_code_of_the_total(asked: Questionnaire) -> None:
    assert asked.wording_label == "own wording, not validated"
    assert not asked.official
    score = asked.scored(highest(asked))
    if score is not None:
        assert score.label == asked.wording_label
        assert score.code is None


def test_each_part_says_whether_its_source_was_read_or_recalled(asked: Questionnaire) -> None:
    words = dict(asked.provenance)
    assert words["wording"] == "own"
    assert set(words.values()) <= {"own", "read", "recalled"}
    assert asked.source
    assert asked.terms


def test_bands_cover_every_score_once(asked: Questionnaire) -> None:
    if asked.bands:
        covered = [s for band in asked.bands for s in range(band.lowest, band.highest + 1)]
        assert covered == list(range(asked.maximum + 1))


def test_the_range_is_what_the_answers_add_up_to(asked: Questionnaire) -> None:
    if asked.is_scored:
        least, most = asked.score(lowest(asked)), asked.score(highest(asked))
        assert (least.total, most.total, most.maximum) == (0, asked.maximum, asked.maximum)


@pytest.mark.parametrize(
    ("form_id", "items", "maximum"),
    [("phq-9", 9, 27), ("gad-7", 7, 21), ("pcl-5", 20, 80), ("ocd-own", 10, 40)],
)
def test_the_known_instruments_have_their_known_size(
    form_id: str, items: int, maximum: int
) -> None:
    assert (len(form(form_id).items), form(form_id).maximum) == (items, maximum)


def test_an_item_left_out_leaves_no_score(asked: Questionnaire) -> None:
    answers = [NOT_SAID if a != NOT_ASKED else a for a in lowest(asked)]
    if asked.scoring.kind is ScoreKind.SUM:
        assert asked.scored([*lowest(asked)[:-1], NOT_SAID]) is None
    assert asked.scored(answers) is None
    with pytest.raises(AnswerError, match="missing"):
        asked.score(answers)


def test_totals_of_the_instruments_have_their_codes_ready_for_a_text_pack() -> None:
    assert {f: form(f).total_loinc for f in FORMS if form(f).total_loinc} == OFFICIAL_CODES


def test_the_pain_score_is_the_average_of_the_day() -> None:
    assert form("pain-nrs").score([2, 9, 5]).total == 5


def test_a_day_without_headache_asks_nothing_more() -> None:
    diary = form("headache-diary")
    assert lowest(diary) == [0, *[NOT_ASKED] * 10]
    diary.check(lowest(diary))
    with pytest.raises(AnswerError, match="nothing was asked"):
        diary.check([0, 8, *[NOT_ASKED] * 9])


def test_relief_is_asked_after_a_medicine_or_after_the_band() -> None:
    relief = form("headache-diary").items[-1]
    assert relief.is_asked({"headache-medicine": 1, "headache-stimulated": 0})
    assert relief.is_asked({"headache-medicine": 0, "headache-stimulated": 1})
    assert not relief.is_asked({"headache-medicine": 0, "headache-stimulated": NOT_SAID})


@pytest.mark.parametrize(("answer", "asks"), [(0, False), (1, True), (3, True), (NOT_SAID, False)])
def test_hard_thoughts_ask_for_the_safety_plan(answer: int, asks: bool) -> None:
    assert phq9().needs_safety_plan([*[0] * 8, answer]) is asks


@pytest.mark.parametrize(
    ("form_id", "first", "last", "meaningful", "response", "remission"),
    [
        ("phq-9", 18, 14, False, False, False),
        ("phq-9", 18, 13, True, False, False),
        ("phq-9", 18, 9, True, True, False),
        ("phq-9", 18, 4, True, True, True),
        ("gad-7", 12, 8, True, False, False),
        ("pcl-5", 50, 41, False, None, None),
        ("pcl-5", 50, 40, True, None, None),
        ("pain-nrs", 8, 6, False, None, None),
        ("pain-nrs", 6, 4, True, None, None),
        ("ocd-own", 30, 10, None, None, None),
    ],
)
def test_change_is_called_what_the_source_calls_it(
    form_id: str,
    first: int,
    last: int,
    meaningful: bool | None,
    response: bool | None,
    remission: bool | None,
) -> None:
    found = change.between(form(form_id), first, last)
    assert (found.points, found.meaningful) == (last - first, meaningful)
    assert (found.response, found.remission) == (response, remission)


def test_the_registry_knows_forms_and_tasks_and_nothing_else() -> None:
    ids = [one.id for one in instruments()]
    assert ids == [*FORMS, "reaction", "digit-span"]
    assert all(knows(one) for one in ids)
    assert not knows("y-bocs")
    with pytest.raises(KeyError):
        instrument("y-bocs")
    assert instrument("hand-function").task == "tapping"
