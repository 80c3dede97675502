"""The verifier can be handed to anybody: it rests on Python, `shared`, and nothing else."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parents[3] / "cloud/verifier"
ALLOWED = sys.stdlib_module_names | {"shared"}
NETWORK = {"socket", "urllib", "http", "asyncio", "ssl", "sqlite3", "subprocess"}


def imported() -> Iterator[str]:
    for path in HERE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (each.name for each in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0
                yield node.module or ""


def test_it_imports_shared_and_no_other_part_of_the_product() -> None:
    names = {name for name in imported() if not name.startswith("cloud.verifier")}
    assert len(names) > 10
    assert {name for name in names if name.partition(".")[0] not in ALLOWED} == set()


def test_it_opens_no_connection_and_starts_no_process() -> None:
    assert {name.partition(".")[0] for name in imported()} & NETWORK == set()
