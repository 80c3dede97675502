"""A tree as small as a safety case can be, for tests that break it: two hazards, two controls."""

from pathlib import Path

from scripts.trace.case import RULES
from scripts.trace.pages import CASE_PAGE, RULES_PAGE
from scripts.trace.reading import HAZARDS_FILE, RULES_FILE
from scripts.trace.runs import GUARDS_FILE, REPORTS

TREE = Path(__file__).resolve().parents[2]

HAZARDS = """
retired = ["H02"]
severity = [{ id = "S1", words = "small" }, { id = "S2", words = "large" }]
probability = [{ id = "P1", words = "seldom" }, { id = "P2", words = "often" }]
group = [{ id = "dose", words = "Too much" }]
risk = { S1 = ["low", "low"], S2 = ["medium", "high"] }

[[hazard]]
id = "H01"
group = "dose"
hazard = "Second session too early"
situation = "The person is in a hurry."
harm = "A seizure."
severity = "S2"
before = "P2"
after = "P1"
controls = ["C01"]
residual = "None known."

[[hazard]]
id = "H03"
group = "dose"
hazard = "A page misread"
situation = "It is late."
harm = "A wrong plan."
severity = "S1"
before = "P2"
after = "P2"
controls = ["C02"]
made_by = ["C01"]
residual = "Much."
to_close = ["The page tried with clinicians."]

[[control]]
id = "C01"
text = "The lock."
kind = "inherent design"
rules = [ALL_RULES]
status = "verified"
places = ["shared/lock.py::Lock.decide", "shared/lock.json"]
tests = ["tests/test_lock.py::test_it_locks", "tests/test_lock.py::TestLater.test_still"]
guards = ["INTERVAL"]

[[control]]
id = "C02"
text = "A page."
kind = "information for safety"
rules = ["R7"]
status = "planned"
places = []
tests = []
"""

REPORT = """<testsuites><testsuite name="pytest" timestamp="2026-01-01T00:00:00">
<testcase classname="tests.test_lock" name="test_it_locks[early]" />
<testcase classname="tests.test_lock" name="test_it_locks[late]" />
<testcase classname="tests.test_lock.TestLater" name="test_still" />
</testsuite></testsuites>"""

LOCK = "class Lock:\n    def decide(self) -> None: ...\n"
TESTS = "def test_it_locks(): ...\nclass TestLater:\n    def test_still(self): ...\n"
GUARDS = '[INTERVAL]\nmodel = "spacing"\nrules = ["R4"]\nsays = "it waits"\n'


def rules_text() -> str:
    rows = [
        f'[[rule]]\nid = "R{number}"\nname = "rule"\nsection = "Time"\n'
        f'standing = "{"partly" if number == 7 else "real"}"\nmissing = "much"\n'
        for number in range(1, RULES + 1)
    ]
    return "\n".join(rows)


def page_text(source: Path) -> str:
    """The real page's prose and marks, with nothing between them."""
    lines = source.read_text("utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if line.startswith("<!-- ") or line == "# Title\n")


class SmallTree:
    """A tree with two hazards whose every claim holds."""

    def __init__(self, root: Path) -> None:
        self.root = root
        all_rules = ", ".join(f'"R{number}"' for number in range(1, RULES + 1))
        self.put(HAZARDS_FILE, HAZARDS.replace("ALL_RULES", all_rules))
        self.put(RULES_FILE, rules_text())
        self.put(CASE_PAGE, page_text(TREE / CASE_PAGE))
        self.put(RULES_PAGE, page_text(TREE / RULES_PAGE))
        self.put("shared/lock.py", LOCK)
        self.put("shared/lock.json", "{}")
        self.put("tests/test_lock.py", TESTS)
        self.put(f"{REPORTS}/unit.xml", REPORT)
        self.put(GUARDS_FILE, GUARDS)
        self.put("shared/instruments/questions.json", '{"provenance": "recalled"}')

    def put(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def text(self, name: str) -> str:
        return (self.root / name).read_text("utf-8")

    def swap(self, name: str, old: str, new: str) -> None:
        assert old in self.text(name)
        self.put(name, self.text(name).replace(old, new, 1))

    def remove(self, name: str) -> None:
        (self.root / name).unlink()
