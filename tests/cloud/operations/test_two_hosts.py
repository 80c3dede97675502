"""Where PostgreSQL has two nodes: who asks finds the one that takes writes, or is told to wait."""

import json
import subprocess
import sys
from pathlib import Path

from starlette.testclient import TestClient

from cloud.ingest.app import create_app
from cloud.ingest.problems import AGAIN_S
from cloud.operations import postgresql
from tests.cloud.cluster import Cluster
from tests.cloud.phone import Phone
from tests.cloud.worlds import make_world
from tests.ha.nodes import SETTINGS

DOCUMENT = Path(__file__).resolve().parents[3] / "docs/high-availability.md"
TWO = (
    "postgresql+psycopg://circlet_owner@/circlet?host=db1.example:5432&host=db2.example:5433"
    "&target_session_attrs=read-write&connect_timeout=3"
)


def test_programs_of_postgresql_are_told_of_both_hosts() -> None:
    asks = (
        "import json, os; print(json.dumps({k: v for k, v in os.environ.items() if 'PG' == k[:2]}))"
    )
    process = postgresql.begin([sys.executable, "-c", asks], TWO, stdout=subprocess.PIPE)
    assert process.stdout is not None
    said = json.loads(process.stdout.read())
    postgresql.end(process, "asking")
    assert said["PGHOST"] == "db1.example,db2.example"
    assert said["PGPORT"] == "5432,5433"
    assert said["PGTARGETSESSIONATTRS"] == "read-write"
    assert (said["PGUSER"], said["PGDATABASE"]) == ("circlet_owner", "circlet")


def test_a_phone_is_told_when_to_ask_again_while_no_node_takes_writes(
    cluster: Cluster, tmp_path: Path
) -> None:
    url = cluster.migrated().app
    world = make_world(tmp_path, url)
    with TestClient(create_app(world.settings, world.clock)) as client:
        phone = Phone(world, client)
        assert phone.enrol(world.enrol()[1]).status_code == 200
    away = world.settings.model_copy(update={"database_url": f"{url}&port=1&connect_timeout=2"})
    with TestClient(create_app(away, world.clock)) as client:
        answer = Phone(world, client, given=phone.given, request_key=phone.request_key).get(
            "/v1/sync"
        )
    world.database.close()
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["Retry-After"] == str(AGAIN_S)


def test_the_documents_settings_are_those_that_the_proof_runs_with() -> None:
    block = DOCUMENT.read_text("utf-8").partition("```json\n")[2].partition("```")[0]
    assert json.loads(block) == SETTINGS
