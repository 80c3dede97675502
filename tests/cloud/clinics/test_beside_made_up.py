"""No clinic with real people comes into a database whose patients are made up."""

from pathlib import Path

import pytest

from cloud.cli import main
from cloud.clinics.service import clinic_of
from tests.cloud.worlds import World, make_identity


def test_create_clinic_refuses_a_database_of_made_up_patients(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cloud.cli.configure", lambda _: None)
    with world.database.write("demo") as session:
        clinic_of(session, "demo").made_up = True
    other = make_identity(tmp_path / "other", "other")
    places = ["--data", str(world.settings.data), "--identity", str(other.folder)]
    with pytest.raises(SystemExit, match="demo here is made up"):
        main(["create-clinic", *places, "--clinician", "A. Example"])
    assert world.database.all_clinics() == ("demo",)
