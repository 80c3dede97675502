"""Where a file for the person goes."""

from __future__ import annotations

from pathlib import Path

from mobile.platform.downloads import downloads


def test_the_desktops_own_folder(tmp_path: Path) -> None:
    (tmp_path / ".config").mkdir()
    (tmp_path / ".config/user-dirs.dirs").write_text('XDG_DOWNLOAD_DIR="$HOME/Empfangen"\n')
    assert downloads(tmp_path, {}) == tmp_path / "Empfangen"
    (tmp_path / ".config/user-dirs.dirs").write_text('XDG_DOWNLOAD_DIR="/srv/files"\n')
    assert downloads(tmp_path, {}) == Path("/srv/files")


def test_without_one_it_is_downloads_at_home(tmp_path: Path) -> None:
    assert downloads(tmp_path, {}) == tmp_path / "Downloads"
    assert downloads(tmp_path, {"XDG_CONFIG_HOME": str(tmp_path / "none")}) == (
        tmp_path / "Downloads"
    )


def test_androids_shared_folder(tmp_path: Path) -> None:
    shared = {"EXTERNAL_STORAGE": "/storage/emulated/0", "ANDROID_ROOT": "/system"}
    assert downloads(tmp_path, shared) == Path("/storage/emulated/0/Download")
