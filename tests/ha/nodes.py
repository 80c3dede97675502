"""etcd and two nodes of PostgreSQL under Patroni, in a folder of their own, on loopback.

Each node is a Patroni process and the PostgreSQL that it starts. `Node.kill` ends both at once, as
a machine does that loses power. Only processes that were started here are ended, by their ids.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import psycopg

from tests.cloud.cluster import APP, OWNER, SUPERUSER
from tests.ha.errors import CannotStart

SCOPE = "circlet"
DATABASE = "circlet"
PASSWORD = "of-this-test-alone"
LOOK_EVERY_S = 0.1
TTL_S, LOOP_S, RETRY_S = 20, 2, 5
"""Patroni's times: a leader that says nothing for `TTL_S` isn't one any more (20 is the least)."""
SETTINGS: dict[str, Any] = {
    "ttl": TTL_S,
    "loop_wait": LOOP_S,
    "retry_timeout": RETRY_S,
    "maximum_lag_on_failover": 1_048_576,
    "synchronous_mode": True,
    "synchronous_mode_strict": False,
    "primary_start_timeout": 0,
    "postgresql": {
        "use_pg_rewind": True,
        "remove_data_directory_on_diverged_timelines": True,
        "parameters": {"wal_log_hints": "on", "synchronous_commit": "on"},
    },
}
"""What all nodes go by; docs/high-availability.md says why each."""


@dataclass(frozen=True)
class Ports:
    """Free ports of loopback."""

    etcd: int
    etcd_peer: int
    databases: tuple[int, int]
    rest: tuple[int, int]


def free_ports() -> Ports:
    """Return ports that nobody listened on a moment ago."""
    with contextlib.ExitStack() as held:
        found = []
        for _ in range(6):
            listening = held.enter_context(socket.socket())
            listening.bind(("127.0.0.1", 0))
            found.append(listening.getsockname()[1])
    etcd, peer, *others = found
    return Ports(etcd, peer, (others[0], others[1]), (others[2], others[3]))


class Node:
    """One machine's worth: Patroni, and PostgreSQL under it."""

    def __init__(self, folder: Path, name: str, ports: Ports, number: int) -> None:
        self.name, self.folder = name, folder / name
        self.port, self._rest = ports.databases[number], ports.rest[number]
        self.folder.mkdir()
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        access = [
            f"local all {SUPERUSER} trust",
            "host all all 127.0.0.1/32 scram-sha-256",
            "host replication replicator 127.0.0.1/32 scram-sha-256",
        ]
        said = {
            "scope": SCOPE,
            "name": name,
            "etcd3": {"host": f"127.0.0.1:{ports.etcd}"},
            "restapi": {
                "listen": f"127.0.0.1:{self._rest}",
                "connect_address": f"127.0.0.1:{self._rest}",
            },
            "bootstrap": {
                "dcs": SETTINGS,
                "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, "data-checksums"],
            },
            "postgresql": {
                "listen": f"127.0.0.1:{self.port}",
                "connect_address": f"127.0.0.1:{self.port}",
                "data_dir": str(self.folder / "data"),
                "bin_dir": str(programs),
                "pgpass": str(self.folder / "pgpass"),
                "use_unix_socket": True,
                "parameters": {"unix_socket_directories": str(self.folder)},
                "pg_hba": access,
                "authentication": {
                    "superuser": {"username": SUPERUSER, "password": PASSWORD},
                    "replication": {"username": "replicator", "password": PASSWORD},
                },
            },
        }
        self.configuration = self.folder / "patroni.yml"
        self.configuration.write_text(json.dumps(said, indent=1))  # JSON is YAML
        hand_over(self.folder)
        self._patroni: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the node; Patroni does the rest."""
        self._patroni = run_as_postgres(["patroni", str(self.configuration)], self.folder / "log")

    def kill(self) -> None:
        """Kill the whole node in one moment (SIGKILL): Patroni, the server, all its processes."""
        if self._patroni is None:
            return
        ids = [self._patroni.pid, *self._servers()]
        for process_id in ids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process_id, signal.SIGKILL)
        self._patroni.wait()
        self._patroni = None

    def _servers(self) -> list[int]:
        """The ids of PostgreSQL's processes of this node, the first one first."""
        try:
            first = int((self.folder / "data/postmaster.pid").read_text().splitlines()[0])
            under = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        except (FileNotFoundError, ProcessLookupError, IndexError, ValueError):
            return []
        return [first, *map(int, under)]

    def cluster(self) -> dict[str, Any]:
        """What this node says of all: `GET /cluster`; nothing where it doesn't answer."""
        try:
            answer = httpx2.get(f"http://127.0.0.1:{self._rest}/cluster", timeout=2)
            said: dict[str, Any] = answer.json()
        except (httpx2.HTTPError, ValueError):
            return {"members": []}
        return said

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run a statement on this node as its superuser; return the rows."""
        place = f"host={self.folder} port={self.port} user={SUPERUSER} dbname={database}"
        with psycopg.connect(place, autocommit=True, connect_timeout=5) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


class Nodes:
    """etcd and two nodes."""

    def __init__(self) -> None:
        for program in ("etcd", "patroni", "patronictl"):
            if shutil.which(program) is None:
                raise CannotStart(f"{program} is not installed: scripts/bootstrap.sh --with-ha")
        self._pause = threading.Event()
        self.folder = Path(tempfile.mkdtemp(prefix="circlet-ha-"))
        hand_over(self.folder)
        ports = free_ports()
        self._etcd = run_as_postgres(etcd_command(self.folder, ports), self.folder / "etcd.log")
        self.both = tuple(
            Node(self.folder, name, ports, n) for n, name in enumerate(("one", "two"))
        )
        self.passwords = self.folder / "passwords"
        self.passwords.write_text(
            "".join(f"127.0.0.1:{each.port}:*:*:{PASSWORD}\n" for each in self.both)
        )
        self.passwords.chmod(0o600)

    def start(self) -> None:
        """Start both, the first alone until it leads, and make roles and database."""
        first, second = self.both
        first.start()
        self.wait_for({"one": "leader"}, within_s=120)
        for role in (OWNER, APP):
            first.execute(f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '{PASSWORD}'")
        template = "TEMPLATE template0 ENCODING 'UTF8'"
        first.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER} {template}")
        second.start()
        self.wait_for({"one": "leader", "two": "sync_standby"}, within_s=180)

    def url(self, role: str) -> str:
        """The address of both, as docs/high-availability.md has it."""
        hosts = "&".join(f"host=127.0.0.1:{each.port}" for each in self.both)
        wants = "target_session_attrs=read-write&connect_timeout=3"
        return f"postgresql+psycopg://{role}@/{DATABASE}?{hosts}&{wants}&passfile={self.passwords}"

    def roles(self) -> dict[str, str]:
        """Each running node's role, as the nodes say it themselves."""
        for each in self.both:
            if members := each.cluster()["members"]:
                return {one["name"]: one["role"] for one in members if one["state"] in RUNNING}
        return {}

    def leader(self) -> Node:
        """The node that leads.

        Raises:
            StopIteration: none does.
        """
        roles = self.roles()
        return next(each for each in self.both if roles.get(each.name) == "leader")

    def wait_for(self, wanted: dict[str, str], *, within_s: float) -> float:
        """Wait until the roles are these; return how long that took, in seconds.

        Raises:
            TimeoutError: with the roles that there were instead.
        """
        began_s = time.monotonic()
        while (roles := self.roles()) != wanted:
            if time.monotonic() - began_s > within_s:
                raise TimeoutError(f"wanted {wanted}, there are {roles}: see {self.folder}")
            self._pause.wait(LOOK_EVERY_S)
        return time.monotonic() - began_s

    def switch_over(self) -> None:
        """Ask the standby to lead, as an operator does before work on the primary."""
        configuration = str(self.both[0].configuration)
        command = ["patronictl", "-c", configuration, "switchover", SCOPE, "--force"]
        subprocess.run(command, check=True, capture_output=True, timeout=60)

    def remove(self) -> None:
        """End everything that was started here; leave nothing behind."""
        for each in self.both:
            each.kill()
        self._etcd.kill()
        self._etcd.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


RUNNING = ("running", "streaming")


def etcd_command(folder: Path, ports: Ports) -> list[str]:
    """One etcd alone: here it may not fail. A clinic has three."""
    client, peer = (f"http://127.0.0.1:{port}" for port in (ports.etcd, ports.etcd_peer))
    return [
        *("etcd", "--name", "etcd", "--data-dir", str(folder / "etcd"), "--log-level", "error"),
        *("--listen-client-urls", client, "--advertise-client-urls", client),
        *("--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer),
        *("--initial-cluster", f"etcd={peer}"),
    ]


def run_as_postgres(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    """Start a process as the user that PostgreSQL insists on, its words in a file."""
    user = SUPERUSER if os.geteuid() == 0 else None
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(log.parent)}
    with log.open("ab") as said:
        return subprocess.Popen(
            command,
            user=user,
            group=user,
            extra_groups=[] if user else None,
            cwd=log.parent,
            env=environment,
            stdout=said,
            stderr=subprocess.STDOUT,
        )


def hand_over(folder: Path) -> None:
    """Let the nodes' user own a folder, and nobody else enter it."""
    folder.chmod(0o700)
    if os.geteuid() == 0:
        for each in (folder, *folder.rglob("*")):
            shutil.chown(each, SUPERUSER, SUPERUSER)
