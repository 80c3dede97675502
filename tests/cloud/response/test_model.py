"""The regression finds what was planted, its interval holds as often as it says, and it refuses.

Simulated cohorts, by seed: nobody is real.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from cloud.checkins.scores import questionnaire
from cloud.response.asking import NotWorkedOut, fitted_to, k_by_pycanon
from cloud.response.card import lines
from cloud.response.fitted import LEVELS, NAMES, Learned, from_plain, to_plain
from cloud.response.forecast import CannotSay, Forecast, fitted, forecast_of, learned
from cloud.response.model import fit
from tests.cloud.response.cohorts import simulated, treated

CARD = Path(__file__).resolve().parents[3] / "docs/model-card.md"


def test_a_planted_relation_is_found_and_is_the_one_that_was_planted() -> None:
    found = fit(learned(simulated(200, seed=1, related=True)), seed=1)
    slopes = dict(zip(NAMES, found.slopes, strict=True))
    clear = {name for name, each in zip(NAMES, found.drivers, strict=True) if each.is_clear}
    assert slopes["first"] == pytest.approx(1, abs=0.15)
    assert slopes["change"] == pytest.approx(1.2, abs=0.2)
    assert clear == {"first", "change"}
    assert found.skill_low > 0.5
    assert found.error < found.error_of_mean / 2


def test_intervals_hold_nearly_as_often_as_they_say_on_patients_not_seen() -> None:
    """Over 8 cohorts of 60: the standard error of a share of 480 is 2.3 percentage points."""
    found = [fit(learned(simulated(60, seed=n, related=True)), seed=n) for n in range(8)]
    for index, level in enumerate(LEVELS):
        held = sum(each.coverage[index].covered for each in found)
        tried = sum(each.coverage[index].patients for each in found)
        assert tried == 480
        assert held / tried == pytest.approx(level, abs=0.07)


def test_the_same_cohort_and_seed_make_the_same_model_whatever_its_order() -> None:
    rows = learned(simulated(60, seed=1, related=True))
    assert fitted_to(rows) == fitted_to(rows[::-1])
    assert from_plain(to_plain(fit(rows, seed=1))) == fit(rows, seed=1)


def test_a_patient_is_forecast_with_an_interval() -> None:
    cohort = simulated(120, seed=1, related=True)
    found = forecast_of(treated({0: 20, 7: 16}, sessions=6), cohort)
    assert isinstance(found, Forecast)
    assert found.expected == pytest.approx(20 - 1.2 * 4 - 1, abs=1)
    assert found.low < found.expected < found.high
    assert found.high - found.low < 8
    assert not found.no_change


def test_what_surely_changes_nothing_is_said_so() -> None:
    found = forecast_of(treated({0: 20, 7: 22}, sessions=6), simulated(120, seed=1, related=True))
    assert isinstance(found, Forecast)
    assert found.no_change
    rule = questionnaire().change
    assert f"from {rule.points} points on" in found.change
    assert questionnaire().source in found.change


def why(said: object) -> str:
    assert isinstance(said, CannotSay)
    return said.why


def test_no_relation_is_no_forecast() -> None:
    assert "not surely better" in why(fitted(simulated(120, seed=3, related=False)))


def test_a_small_cohort_says_nothing() -> None:
    assert why(fitted(simulated(39, seed=1, related=True))) == (
        "The cohort has 39 patients; from 40 on it can say something."
    )


def test_who_is_unlike_the_cohort_gets_no_forecast() -> None:
    cohort = simulated(60, seed=1, related=True)
    lowest = min(each.found.known.first for each in cohort.members)
    outside = treated({0: lowest - 1, 7: lowest - 1}, sessions=6)
    assert f"first score is {lowest - 1}" in why(forecast_of(outside, cohort))
    rare = treated({0: 20, 7: 16}, sessions=6, protocol_id="mdd-l-dlpfc-10hz")
    assert "0 patients of the cohort have this protocol" in why(forecast_of(rare, cohort))


@pytest.mark.parametrize(
    ("scores", "sessions", "words"),
    [
        ({0: 20}, 0, "No treatment"),
        ({0: 20}, 3, "so far there were 3"),
        ({0: 20}, 5, "no second score"),
        ({7: 16}, 6, "two weeks before the second"),
        ({0: 20, 7: 16, 14: 9}, 10, "The score after it was 9."),
    ],
)
def test_each_patient_without_a_forecast_is_told_why(
    scores: dict[int, int], sessions: int, words: str
) -> None:
    cohort = simulated(5, seed=1, related=True)
    assert words in why(forecast_of(treated(scores, sessions=sessions), cohort))


def test_the_process_of_its_own_that_fails_is_said_and_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [Learned((20.0, -1.0, 4.0, 0.0), 12), Learned((21.0, -1.0, 4.0, 0.0), 12)]
    with monkeypatch.context() as broken:
        broken.setattr(sys, "executable", "/nonexistent/python")
        with pytest.raises(NotWorkedOut, match="could not be worked out"):
            fitted_to(rows)
        with pytest.raises(NotWorkedOut):
            k_by_pycanon([["a", "b"]], ["x", "y"])
    assert k_by_pycanon([["a", "b"]], ["x", "y"]) == 1


def test_pages_load_no_numpy() -> None:
    code = (
        "import sys, cloud.dashboard.app; "
        "print(sorted({'numpy', 'pandas', 'scipy', 'sklearn', 'pycanon'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_model_card_has_what_its_command_prints() -> None:
    printed = "\n".join(lines(400, 1))
    assert printed in CARD.read_text("utf-8")
