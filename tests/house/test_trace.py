"""The safety case holds together, and `make trace` sees it when it doesn't.

The tree's own case is held here to everything but the last run's results, which only a finished
run can give; a small tree is then broken in each way, one at a time.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.trace import __main__ as trace
from scripts.trace.pages import CASE_PAGE, RULES_PAGE, begin_mark, made_pages
from scripts.trace.places import Places
from scripts.trace.reading import HAZARDS_FILE, RULES_FILE, read_case
from scripts.trace.runs import GUARDS_FILE, MODEL_REPORTS, REPORTS, read_model
from tests.house.small_tree import TREE, SmallTree


@pytest.fixture
def small(tmp_path: Path) -> SmallTree:
    return SmallTree(tmp_path)


Break = Callable[[SmallTree], None]


def in_hazards(old: str, new: str) -> Break:
    return lambda tree: tree.swap(HAZARDS_FILE, old, new)


def all_of(*breaks: Break) -> Break:
    def break_each(tree: SmallTree) -> None:
        for each in breaks:
            each(tree)

    return break_each


def in_rules(old: str, new: str) -> Break:
    return lambda tree: tree.swap(RULES_FILE, old, new)


def in_report(old: str, new: str) -> Break:
    return lambda tree: tree.swap(f"{REPORTS}/unit.xml", old, new)


def model_found(guard: str, *, found: bool) -> Break:
    rows = {"guards": [{"guard": guard, "counterexample": found}]}
    return lambda tree: tree.put(f"{MODEL_REPORTS}/spacing.json", json.dumps(rows))


UNTRUE: dict[str, tuple[Break, str]] = {
    "a claimed control has no test": (
        in_hazards(
            'tests = ["tests/test_lock.py::test_it_locks", '
            '"tests/test_lock.py::TestLater.test_still"]',
            "tests = []",
        ),
        "C01 tests: a claimed control has none",
    ),
    "a named test is no test": (
        in_hazards('"tests/test_lock.py::test_it_locks"', '"shared/lock.py::Lock"'),
        "C01 tests: shared/lock.py::Lock is no test's name",
    ),
    "a named test does not exist": (
        in_hazards("::test_it_locks", "::test_it_unlocks"),
        "C01 tests: tests/test_lock.py has no test_it_unlocks",
    ),
    "a named test's file is gone": (
        lambda tree: tree.remove("tests/test_lock.py"),
        "C01 tests: tests/test_lock.py is gone",
    ),
    "a named test failed": (
        in_report('name="test_still" />', 'name="test_still"><failure /></testcase>'),
        "C01 tests: tests/test_lock.py::TestLater.test_still failed",
    ),
    "one case of a named test failed": (
        in_report(
            'name="test_it_locks[late]" />', 'name="test_it_locks[late]"><error /></testcase>'
        ),
        "C01 tests: tests/test_lock.py::test_it_locks failed",
    ),
    "a named test was skipped": (
        in_report('name="test_still" />', 'name="test_still"><skipped /></testcase>'),
        "C01 tests: tests/test_lock.py::TestLater.test_still was skipped",
    ),
    "a named test did not run": (
        in_report("tests.test_lock.TestLater", "tests.test_lock.TestOther"),
        "C01 tests: tests/test_lock.py::TestLater.test_still isn't in the last run",
    ),
    "nothing has run": (
        lambda tree: tree.remove(f"{REPORTS}/unit.xml"),
        "there is no report of a test run under build/junit: run `make test` first",
    ),
    "a rule has no control": (
        in_hazards('"R4", ', ""),
        "R4 controls: no hazard has a control by this rule",
    ),
    "a code place's symbol is gone": (
        lambda tree: tree.put("shared/lock.py", "class Lock: ...\n"),
        "C01 places: shared/lock.py has no Lock.decide",
    ),
    "a code place's file is gone": (
        lambda tree: tree.remove("shared/lock.json"),
        "C01 places: shared/lock.json is gone",
    ),
    "a claimed control stands nowhere": (
        in_hazards('places = ["shared/lock.py::Lock.decide", "shared/lock.json"]', "places = []"),
        "C01 places: a claimed control stands nowhere",
    ),
    "a guard is unknown to the model": (
        lambda tree: tree.swap(GUARDS_FILE, "[INTERVAL]", "[OTHER]"),
        "C01 guards: tests/model/guards.toml has no guard INTERVAL",
    ),
    "a guard is one of other rules": (
        all_of(
            in_hazards('guards = ["INTERVAL"]', ""),
            in_hazards('rules = ["R7"]', 'rules = ["R7"]\nguards = ["INTERVAL"]'),
        ),
        "C02 guards: INTERVAL is a guard of other rules",
    ),
    "a guard has no counterexample": (
        model_found("INTERVAL", found=False),
        "C01 guards: the last `make model` shows no counterexample without INTERVAL",
    ),
    "a control works against nothing": (
        in_hazards('controls = ["C02"]', 'controls = ["C01"]'),
        "C02 id: no hazard names this control",
    ),
    "a hazard has neither control nor anything to close it": (
        all_of(
            in_hazards('controls = ["C01"]', "controls = []"),
            in_hazards('controls = ["C02"]', 'controls = ["C01", "C02"]'),
        ),
        "H01 controls: there is none",
    ),
    "a hazard is worse with its controls": (
        in_hazards('before = "P2"\nafter = "P2"', 'before = "P1"\nafter = "P2"'),
        "H03 after: is more probable than before",
    ),
    "a high risk is left alone": (
        in_hazards('before = "P2"\nafter = "P1"', 'before = "P2"\nafter = "P2"'),
        "H01 after: the risk stays high",
    ),
    "a hazard is handed over with nothing done here": (
        in_hazards(
            'to_close = ["The page tried with clinicians."]',
            'handed_over = ["people: The page tried with clinicians."]',
        ),
        "H03 handed_over: nothing of it is controlled here",
    ),
    "a rule is called real with a planned control": (
        in_rules('standing = "partly"', 'standing = "real"'),
        "R7 standing: is real, yet C02 are planned",
    ),
    "a rule is to come though a control by it stands": (
        in_rules('standing = "partly"', 'standing = "to come"'),
        "R7 standing: is to come, yet",
    ),
    "a rule is partly there with nothing that stands": (
        in_hazards('"R7", ', ""),
        "R7 standing: all its controls are planned: it is to come",
    ),
    "a code place is no symbol of Python": (
        in_hazards('"shared/lock.json"', '"shared/lock.json::lock"'),
        "C01 places: shared/lock.json::lock names a symbol in what is no Python file",
    ),
    "a rule is partly there and says nothing of the rest": (
        in_rules('standing = "partly"\nmissing = "much"', 'standing = "partly"\nmissing = ""'),
        "R7 missing: is partly: say what is missing",
    ),
}


def test_a_tree_whose_claims_hold_is_written_and_passes(
    small: SmallTree, capsys: pytest.CaptureFixture[str]
) -> None:
    assert trace.trace(small.root, check=False) == 0
    said = capsys.readouterr().out
    assert "unit.xml 2026-01-01" in said
    assert "2 hazards: 1 controlled, 1 open; 0 handed over in part" in said
    assert "2 controls: 1 verified by 2 tests, 1 planned." in said
    assert (
        "open  H03  A page misread: The page tried with clinicians. What is planned: C02." in said
    )
    assert "**H01 Second session too early** (controlled)" in small.text(CASE_PAGE)
    assert "| R7 rule | partly | `shared/lock.py::Lock.decide`" in small.text(RULES_PAGE)
    assert "| `shared/instruments/questions.json` | the whole file |" in small.text(CASE_PAGE)
    assert trace.trace(small.root, check=True) == 0


def test_what_no_software_can_show_is_counted_and_named_with_who_can(
    small: SmallTree, capsys: pytest.CaptureFixture[str]
) -> None:
    handed = 'residual = "None known."\nhanded_over = ["a board: The pulses measured."]'
    small.swap(HAZARDS_FILE, 'residual = "None known."', handed)
    assert trace.trace(small.root, check=False) == 0
    assert "1 controlled, 1 open; 1 handed over in part" in capsys.readouterr().out
    page = small.text(CASE_PAGE)
    assert "**H01 Second session too early** (controlled here, **handed over**)" in page
    assert "| H01 | Second session too early | a board | The pulses measured. |" in page


@pytest.mark.parametrize("name", list(UNTRUE))
def test_it_fails_and_names_row_and_field_when(
    small: SmallTree, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    break_it, said = UNTRUE[name]
    break_it(small)
    assert trace.trace(small.root, check=False) == 1
    assert said in capsys.readouterr().err


MALFORMED: dict[str, tuple[Break, str]] = {
    "no file": (
        lambda tree: tree.remove(HAZARDS_FILE),
        "docs/safety/hazards.toml file: is missing",
    ),
    "no TOML": (in_hazards("[[hazard]]", "[[hazard"), "docs/safety/hazards.toml file: is no TOML"),
    "a report torn off": (in_report("</testsuites>", ""), "build/junit/unit.xml report: is no"),
    "no hazard": (
        all_of(*[in_hazards("[[hazard]]", "[[danger]]")] * 2),
        "hazard rows: the file has no [[hazard]]",
    ),
    "a field is missing": (in_hazards('harm = "A seizure."\n', ""), "H01 harm: is missing"),
    "a field is empty": (in_hazards('"A seizure."', '" "'), "H01 harm: should be words"),
    "a field too many": (in_hazards("situation", "sitaution"), "H01 sitaution: is no field"),
    "unknown severity": (in_hazards('severity = "S2"', 'severity = "S9"'), "H01 severity: 'S9'"),
    "unknown probability": (in_hazards('after = "P1"', 'after = "P7"'), "H01 after: 'P7'"),
    "handed over to nobody": (
        in_hazards('to_close = ["The', 'handed_over = ["somebody: The'),
        "H03 handed_over: should be one of a board, people, a clinic",
    ),
    "unknown control": (
        in_hazards('controls = ["C01"]', 'controls = ["C77"]'),
        "H01 controls: there is no control C77",
    ),
    "unknown kind": (in_hazards('"inherent design"', '"hope"'), "C01 kind: 'hope' is unknown"),
    "unknown rule": (in_hazards('["R7"]', '["R32"]'), "C02 rules: 'R32' is none of R1 to R31"),
    "unknown standing": (in_rules('"partly"', '"nearly"'), "R7 standing: 'nearly' is unknown"),
    "no list": (in_hazards("tests = []", 'tests = "none"'), "C02 tests: should be a list"),
    "twice in a list": (
        in_hazards('controls = ["C02"]', 'controls = ["C02", "C02"]'),
        "H03 controls: names C02 twice",
    ),
    "planned, yet with tests": (
        in_hazards("tests = []", 'tests = ["tests/test_lock.py::test_it_locks"]'),
        'C02 status: is "planned", yet',
    ),
    "an id twice": (in_hazards('id = "H03"', 'id = "H01"'), "H01 id: is used twice"),
    "an id of no form": (in_hazards('id = "H03"', 'id = "H3"'), "H3 id: should be H and a number"),
    "a row that went": (in_hazards('["H02"]', "[]"), "H02 id: is left out"),
    "a retired id again": (in_hazards('["H02"]', '["H02", "H03"]'), "H03 id: is retired"),
    "a rule left out": (in_rules('id = "R9"', 'id = "R10"'), "should be R1 to R31, each once"),
    "a scale too short": (
        in_hazards('S2 = ["medium", "high"]', 'S2 = ["medium"]'),
        "risk S2: should be 2 of low, medium, high",
    ),
}


@pytest.mark.parametrize("name", list(MALFORMED))
def test_rows_that_cannot_be_read_are_named_by_id_and_field(
    small: SmallTree, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    break_it, said = MALFORMED[name]
    break_it(small)
    assert trace.trace(small.root, check=False) == 2
    assert said in capsys.readouterr().err


def test_everything_wrong_is_said_at_once(
    small: SmallTree, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("unknown severity", "unknown kind", "unknown standing"):
        MALFORMED[name][0](small)
    trace.trace(small.root, check=False)
    assert len(capsys.readouterr().err.splitlines()) == 3


@pytest.mark.parametrize("break_it", [MALFORMED["no file"][0], in_hazards('"S2"\n', '""\n')])
def test_one_thing_wrong_is_said_once(
    small: SmallTree, capsys: pytest.CaptureFixture[str], break_it: Break
) -> None:
    break_it(small)
    trace.trace(small.root, check=False)
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_page_out_of_date_fails_the_check_and_is_left_alone(
    small: SmallTree, capsys: pytest.CaptureFixture[str]
) -> None:
    trace.trace(small.root, check=False)
    before = small.text(CASE_PAGE)
    small.swap(HAZARDS_FILE, "The person is in a hurry.", "The person is bored.")
    assert trace.trace(small.root, check=True) == 1
    assert f"{CASE_PAGE} text: is out of date: run `make trace`" in capsys.readouterr().err
    assert small.text(CASE_PAGE) == before


def test_a_page_without_its_marks_is_refused(small: SmallTree) -> None:
    small.swap(CASE_PAGE, begin_mark("open"), "")
    with pytest.raises(LookupError, match="open"):
        trace.trace(small.root, check=False)


def test_before_the_model_exists_its_guards_are_taken_on_trust(small: SmallTree) -> None:
    small.remove(GUARDS_FILE)
    assert trace.trace(small.root, check=False) == 0


def test_a_guard_with_its_counterexample_holds(small: SmallTree) -> None:
    model_found("INTERVAL", found=True)(small)
    assert trace.trace(small.root, check=False) == 0


def test_the_command_runs_on_another_tree(small: SmallTree) -> None:
    command = [sys.executable, "-m", "scripts.trace", "--tree", str(small.root)]
    assert subprocess.run(command, cwd=TREE, capture_output=True, timeout=60).returncode == 0
    small.remove(f"{REPORTS}/unit.xml")
    ended = subprocess.run([*command, "--check"], cwd=TREE, capture_output=True, timeout=60)
    assert (ended.returncode, b"run `make test` first" in ended.stderr) == (1, True)


def test_this_trees_claims_name_what_is_there() -> None:
    case = read_case(TREE)
    found = trace.standing_findings(TREE, case)
    assert [str(each) for each in found if "`make model`" not in each.words] == []


def test_this_tree_leaves_no_hazard_open() -> None:
    """What no software can show is handed over by name, and that is counted beside this."""
    case = read_case(TREE)
    assert [hazard.id for hazard in case.hazards if case.is_open(hazard)] == []


def test_this_trees_pages_are_as_their_rows_are() -> None:
    for page, text in made_pages(TREE, read_case(TREE)).items():
        assert (TREE / page).read_text("utf-8") == text, f"{page}: run `make trace`"


def test_this_tree_has_forty_hazards_and_every_rule_a_place() -> None:
    case, places = read_case(TREE), Places(TREE)
    assert len(case.hazards) >= 40
    for rule in case.rules:
        named = [place for control in case.controls_for(rule) for place in control.places]
        assert named, f"R{rule.number} has no place"
        assert [place for place in named if places.problem_of(place)] == []


def test_every_guard_of_the_model_is_named_by_a_control() -> None:
    named = {guard for control in read_case(TREE).controls.values() for guard in control.guards}
    assert set(read_model(TREE).rules or {}) - named == set()
