"""`circlet-cloud demo-data`: says how far it is, what lists held and how to come in; once only."""

import re
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from starlette.testclient import TestClient

from cloud.cli import main
from cloud.dashboard.app import create_app
from cloud.migrations.run import migrate
from cloud.settings import Settings
from tests.cloud.cluster import Cluster
from tests.cloud.demo_data.worlds import TIMES, UNTIL
from tests.cloud.worlds import HandClock, World


def options(folder: Path) -> list[str]:
    places = ["--data", str(folder / "data"), "--identity", str(folder / "identity")]
    sizes = ["--patients", "2", "--years", "0.08", "--until", UNTIL.isoformat()]
    return ["demo-data", *places, *sizes]


def test_it_is_made_once_and_says_how_to_look_at_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(options(tmp_path))
    said = capsys.readouterr().out
    assert "March 2026: 2 patients" in said
    assert said.count(" on the list (") == 13
    assert re.search(r"an ordinary weekday's list, median: \d+\.\d % of the patients", said)
    link = re.search(r"invitation (\S+)", said)
    assert link is not None
    settings = Settings(data=tmp_path / "data", identity=tmp_path / "identity")
    with TestClient(create_app(settings, HandClock(TIMES.begins(UNTIL)))) as pages:
        assert "Visitor One" in pages.get("/invitations/" + link[1].rpartition("/")[2]).text
    with pytest.raises(SystemExit, match="is not empty"):
        main(options(tmp_path))


def test_it_is_made_on_postgresql_by_the_processes_own_role(
    cluster: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    urls = cluster.migrated()
    main([*options(tmp_path), "--database-url", urls.app])
    assert "invitation" in capsys.readouterr().out
    cluster.drop(urls)


def test_a_folder_that_holds_anything_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "identity").mkdir()
    (tmp_path / "identity" / "mine").write_text("kept")
    with pytest.raises(SystemExit, match="not empty"):
        main(options(tmp_path))
    assert [each.name for each in (tmp_path / "identity").iterdir()] == ["mine"]


def test_a_database_with_a_clinic_is_left_as_it_is(world: World, tmp_path: Path) -> None:
    migrate(world.settings.url, "0061")
    places = ["--data", str(world.settings.data), "--identity", str(tmp_path / "new")]
    with pytest.raises(SystemExit, match="has a clinic"):
        main(["demo-data", *places])
    with world.database.engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == "0061"
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("day", ["2026-02-30", "yesterday"])
def test_a_day_that_is_none_is_refused(day: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["demo-data", "--until", day])
    assert "is no day" in capsys.readouterr().err
