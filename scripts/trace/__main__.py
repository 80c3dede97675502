"""`python -m scripts.trace`: write the safety case's documents, then say what doesn't hold.

With `--check` nothing is written, and a document that isn't as its rows are is a finding.
Exit status 0: every claim has its evidence; what is open is printed. 1: it hasn't. 2: the rows
can't be read.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.trace import words
from scripts.trace.case import SafetyCase
from scripts.trace.findings import claims, evidence, existence
from scripts.trace.pages import made_pages
from scripts.trace.places import Places
from scripts.trace.reading import read_case
from scripts.trace.runs import read_model, read_tests
from scripts.trace.toml_rows import CaseError, Finding

TREE = Path(__file__).resolve().parents[2]


def settle(root: Path, case: SafetyCase, *, check: bool) -> Iterator[Finding]:
    """Write the documents, or with ``check`` say which are out of date."""
    for page, text in made_pages(root, case).items():
        if (root / page).read_text("utf-8") == text:
            continue
        if check:
            yield Finding(page, "text", "is out of date: run `make trace`")
        else:
            (root / page).write_text(text, "utf-8")


def standing_findings(root: Path, case: SafetyCase) -> list[Finding]:
    """Return what doesn't hold, whatever the last test run gave."""
    return [*claims(case), *existence(case, Places(root), read_model(root))]


def trace(root: Path, *, check: bool) -> int:
    """Do everything; return the exit status."""
    try:
        case, run = read_case(root), read_tests(root)
    except CaseError as error:
        print(error, file=sys.stderr)
        return 2
    found = [*settle(root, case, check=check), *standing_findings(root, case), *evidence(case, run)]
    print(f"reports of the last run: {', '.join(run.reports) or 'none'}\n")
    print(f"{words.open_in_short(case)}\n{words.counted(case)}")
    return _verdict(found)


def _verdict(found: list[Finding]) -> int:
    for finding in found:
        print(finding, file=sys.stderr)
    print(
        f"trace: FAILED, {len(found)} findings" if found else "trace: every claim has its evidence"
    )
    return 1 if found else 0


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts.trace", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    parser.add_argument("--tree", type=Path, default=TREE, help="another tree than this one")
    arguments = parser.parse_args()
    sys.exit(trace(arguments.tree, check=arguments.check))


if __name__ == "__main__":
    main()
