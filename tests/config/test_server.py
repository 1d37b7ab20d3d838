"""script/server as a person meets it: the first start, the second, Ctrl-C, a process that dies, a port that is taken."""

import os
import re
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from tests.config.processes import ROOT, STRONG, accepts, environment, free_port, get, run, until

pytestmark = pytest.mark.slow
PERSON = re.compile(r"^  (\S+@\S+)  .+", re.MULTILINE)


class Server:
    """script/server in a session of its own, as in a terminal; its words go to a file."""

    def __init__(self, data: Path, port: int) -> None:
        self.port = port
        self.words = data.with_suffix(".log")
        env = environment(data, PORT=str(port))
        with self.words.open("wb") as output:
            self.process = subprocess.Popen(
                ["env", "--default-signal=HUP,INT,QUIT", "script/server"],  # whatever started the tests may ignore these
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def answers(self) -> "Server":
        until(lambda: "Ctrl-C ends it." in self.words.read_text() or self.process.poll() is not None, 900)
        assert self.process.poll() is None, self.words.read_text()
        return self

    def running(self) -> dict[int, str]:
        """Command lines by process, of everything that this server started and that still lives."""
        mark = f"COMMONGROUND_RUN={self.process.pid}-".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes():
                    found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
        return {pid: line for pid, line in found.items() if line}

    def ends(self) -> int:
        code = self.process.wait(120)
        assert self.running() == {}
        assert not accepts(self.port)
        return code


@pytest.fixture
def started(tmp_path: Path):
    servers: list[Server] = []

    def start(port: int | None = None) -> Server:
        servers.append(Server(tmp_path / "data", port or free_port()))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            os.killpg(server.process.pid, signal.SIGTERM)
            server.process.wait(120)


def test_from_nothing_to_a_page_and_nothing_left_behind(started, tmp_path: Path) -> None:
    server = started().answers()
    words = server.words.read_text()
    address = f"http://127.0.0.1:{server.port}"
    assert f"Common Ground is at {address}\n" in words
    people = PERSON.findall(words)
    assert len(people) >= 5, "it says who can sign in"
    assert len(people) == len(set(people))
    status, _, page = get(server.port, "/")
    assert status == 200
    assert get(server.port, "/accounts/login/")[0] == 200
    [style] = re.findall(r'<link rel="stylesheet"\s+href="([^"]+)"', page)
    status, headers, _ = get(server.port, style)
    assert (status, headers["Content-Type"]) == (200, 'text/css; charset="utf-8"')
    assert "immutable" in headers["Cache-Control"]
    kinds = {kind for kind in ("gunicorn", "db_worker", "tick") if any(kind in line for line in server.running().values())}
    assert kinds == {"gunicorn", "db_worker", "tick"}
    os.killpg(server.process.pid, signal.SIGINT)
    assert server.ends() == 130

    again = started()
    again.answers()
    assert "Collecting static files" not in again.words.read_text()
    assert PERSON.findall(again.words.read_text()) == people, "the demo is built once"
    worker = max(pid for pid, line in again.running().items() if "db_worker" in line)
    os.kill(worker, signal.SIGKILL)
    assert again.ends() not in (0, 130), "one that died ends the others, and it is not called a success"

    closed_terminal = started().answers()
    os.killpg(closed_terminal.process.pid, signal.SIGHUP)
    closed_terminal.ends()

    watchman = started().answers()
    honcho = min(pid for pid, line in watchman.running().items() if "honcho" in line)
    os.kill(honcho, signal.SIGKILL)
    watchman.ends()


def test_a_taken_port_is_said_before_anything_is_made(started, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        server = started(port)
        assert server.process.wait(120) == 1
    words = server.words.read_text()
    comm = Path("/proc/self/comm").read_text().strip()
    assert f"Port {port} is taken by {comm} (process {os.getpid()})." in words
    assert f"PORT={port + 1} script/server" in words
    assert not (tmp_path / "data" / "db.sqlite3").exists()


def test_weak_production_is_refused_here_too(tmp_path: Path) -> None:
    done = run("script/server", data=tmp_path, PORT=str(free_port()), **STRONG | {"EMAIL_URL": ""})
    assert done.returncode != 0
    assert "core.E005" in done.stdout
