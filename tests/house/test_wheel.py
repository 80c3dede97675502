"""Two builds of one commit, in two folders, are the same wheel; a build that isn't is refused."""

import subprocess
import zipfile
from pathlib import Path

import pytest

from scripts.supply import wheel
from scripts.supply.files import tracked, vendored

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]


def small_tree(folder: Path, setup: str) -> Path:
    """A committed tree of one module, built by that setup.py."""
    (folder / "one.py").write_text("ONE = 1\n")
    (folder / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        '[project]\nname = "one"\nversion = "1"\n[tool.setuptools]\npy-modules = ["one"]\n'
    )
    (folder / "setup.py").write_text(setup)
    author = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
    for step in (["init", "-q"], ["add", "-A"], [*author, "commit", "-q", "-m", "one"]):
        subprocess.run(["git", *step], cwd=folder, check=True)
    return folder


def test_the_wheel_is_the_same_twice_and_has_every_file_that_ships() -> None:
    made = wheel.reproducible_wheel()
    names = set(zipfile.ZipFile(made).namelist())
    ours = [each for each in tracked() if each.startswith(("shared/", "cloud/"))]
    code = {each for each in ours if each.endswith(".py")}
    others = {each.path for each in vendored() if not each.path.startswith(("tests/", "scripts/"))}
    assert (code | others) - names == set()
    assert not [name for name in names if name.startswith(("tests/", "scripts/", "docs/"))]


def test_a_build_that_depends_on_where_it_is_made_is_refused(tmp_path: Path) -> None:
    leaks = (
        "import os, pathlib, setuptools\n"
        "pathlib.Path('one.py').write_text(f'MADE_IN = {os.getcwd()!r}\\n')\n"
        "setuptools.setup()\n"
    )
    with pytest.raises(wheel.NotReproducible):
        wheel.reproducible_wheel(small_tree(tmp_path, leaks))
    assert not (tmp_path / "dist").exists()


def test_the_same_tree_without_the_leak_is_accepted(tmp_path: Path) -> None:
    tree = small_tree(tmp_path, "import setuptools\nsetuptools.setup()\n")
    assert wheel.reproducible_wheel(tree).parent == tree / "dist"
