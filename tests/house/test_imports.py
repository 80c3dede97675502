"""Directions of imports that a plain import-linter contract can't state: "nothing but these"."""

import grimp
import pytest

OURS = ("shared", "firmware_bridge", "mobile", "cloud")


@pytest.mark.parametrize(
    ("package", "allowed"), [("cloud.desk", {"cloud.clock"}), ("cloud.root_tool", {"shared"})]
)
def test_a_small_tool_imports_nothing_else_of_ours(package: str, allowed: set[str]) -> None:
    graph = grimp.build_graph(*OURS)
    inside = {package} | graph.find_descendants(package)
    imported = set().union(*(graph.find_modules_directly_imported_by(name) for name in inside))
    strangers = {
        name
        for name in imported - inside
        if not any(name == ours or name.startswith(f"{ours}.") for ours in allowed)
    }
    assert strangers == set()
