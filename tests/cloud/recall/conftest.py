"""The command as its operator gives it, over a test's world."""

from collections.abc import Callable

import pytest

from cloud.cli import main
from tests.cloud.worlds import World

Recall = Callable[..., str]
"""Gives `circlet-cloud recall` with these words and returns what it says."""


@pytest.fixture
def recall(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Recall:
    monkeypatch.setenv("CIRCLET_CLOUD_DATA", str(world.settings.data))
    monkeypatch.setenv("CIRCLET_CLOUD_DATABASE_URL", world.settings.url)
    monkeypatch.setenv("CIRCLET_CLOUD_IDENTITY", str(world.identity.folder))

    def given(*words: str) -> str:
        capsys.readouterr()
        main(["recall", *words])
        return capsys.readouterr().out

    return given
